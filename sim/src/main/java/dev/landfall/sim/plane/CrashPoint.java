package dev.landfall.sim.plane;

/** Where the control plane may die around a durable write. */
public enum CrashPoint {
    /** The decision is lost, and its caller hears nothing. */
    BEFORE_APPEND,

    /** Durable, but nobody has learned of it: the image was not published. */
    AFTER_APPEND,

    /** Published, its effects lost, its caller without an answer. */
    AFTER_PUBLICATION,

    /** All is done but the answer. */
    BEFORE_REPLY
}
