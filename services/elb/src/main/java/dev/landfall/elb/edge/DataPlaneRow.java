package dev.landfall.elb.edge;

import java.time.Instant;

/**
 * A data plane of another process, which may be serving what it was told last though it is not connected.
 *
 * @param id it names itself by
 * @param since when it was first here
 */
public record DataPlaneRow(String id, Instant since) {}
