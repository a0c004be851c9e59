package dev.landfall.agent;

/** When an image is pulled although the engine has it. The names are those of Amazon's agent. */
public enum PullBehavior {
    /** Pull; where that fails, use the cached image. */
    DEFAULT,
    /** Pull; where that fails, the task fails. */
    ALWAYS,
    /** Pull only what this agent has not pulled before. */
    ONCE,
    /** Pull only what is not cached. */
    PREFER_CACHED
}
