package dev.landfall.agent.task;

/** A status in the words of SubmitTaskStateChange, for tasks and containers alike. */
public enum ReportedStatus {
    PENDING,
    RUNNING,
    STOPPED
}
