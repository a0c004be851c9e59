package dev.landfall.ecs.service;

/**
 * That a service's tasks are being moved between zones. It ends when the zones are even, or when the service is not
 * what it was at the beginning.
 */
public record RebalancingRow(String serviceArn, String deploymentId, int desired) {}
