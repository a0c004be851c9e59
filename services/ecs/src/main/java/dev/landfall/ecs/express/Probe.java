package dev.landfall.ecs.express;

/** How targets are asked for their health: a path, with its query, and a port of the container. */
public record Probe(String path, int port) {}
