package dev.landfall.ecs.taskdef;

/**
 * A family and the number of its newest revision. It outlives its revisions, so that no number is ever given twice.
 *
 * @param key as {@link dev.landfall.ecs.EcsTables#familyKey} makes it
 */
public record FamilyRow(String key, String family, int lastRevision) {}
