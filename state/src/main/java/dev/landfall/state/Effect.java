package dev.landfall.state;

/**
 * Work for the outside world, released only after the writes beside it are durable. It may be lost in a crash: a
 * reconciler must be able to find out again that it is needed. Each service seals its own kinds under this one.
 */
public interface Effect {}
