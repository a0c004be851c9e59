package dev.landfall.state;

import java.util.List;

/** What became durable together: the images before and after, and the writes between. */
public record Commit(Image before, Image after, List<Write<?>> writes) {}
