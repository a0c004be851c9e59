package dev.landfall.ecs.event;

import java.time.Instant;

/**
 * Marks a task, service, service deployment or container instance that changed since EventBridge was last told of it.
 *
 * @param arn the resource
 * @param since when the first change happened that may not have been told
 * @param changedAt when the newest one did
 * @param change tells this mark from the one a later change puts in its place, also over a restart: counted from 1
 */
public record UnsentRow(String arn, Instant since, Instant changedAt, long change) {}
