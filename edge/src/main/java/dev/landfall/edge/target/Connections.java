package dev.landfall.edge.target;

/** The connections of one event loop to one target. Called on that loop. */
public interface Connections {
    /** The target takes no more new work: what is idle is closed. */
    void drain();

    /** The target is gone, or must be treated so: everything ends. */
    void abort();
}
