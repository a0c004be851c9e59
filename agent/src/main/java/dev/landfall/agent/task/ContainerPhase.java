package dev.landfall.agent.task;

/** How far a container of a task has come. A restarted container goes back to {@link #CREATED}. */
public enum ContainerPhase {
    WAITING,
    PULLING,
    PULLED,
    CREATING,
    CREATED,
    STARTING,
    RUNNING,
    STOPPING,
    STOPPED;

    public boolean canBecome(ContainerPhase next) {
        return switch (this) {
            case WAITING -> next == PULLING || next == STOPPED;
            case PULLING -> next == PULLED || next == STOPPED;
            case PULLED -> next == CREATING || next == STOPPED;
            case CREATING -> next == CREATED || next == STOPPED;
            case CREATED -> next == STARTING || next == STOPPED;
            case STARTING -> next == RUNNING || next == STOPPED;
            case RUNNING -> next == CREATED || next == STOPPING || next == STOPPED;
            case STOPPING -> next == STOPPED;
            case STOPPED -> false;
        };
    }

    /** Whether an engine call for the container is under way whose outcome has to be awaited. */
    public boolean inFlight() {
        return this == CREATING || this == STARTING || this == STOPPING;
    }
}
