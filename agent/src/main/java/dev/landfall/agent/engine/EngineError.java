package dev.landfall.agent.engine;

/** Docker Engine refused a call, could not be reached (status 0), or did not answer in time. */
public final class EngineError extends RuntimeException {
    private final int status;
    private final boolean timeout;

    private EngineError(int status, boolean timeout, String message, Throwable cause) {
        super(message, cause);
        this.status = status;
        this.timeout = timeout;
    }

    public static EngineError refused(int status, String message) {
        return new EngineError(status, false, message, null);
    }

    public static EngineError unreachable(Throwable cause) {
        return new EngineError(0, false, "Cannot connect to the Docker daemon: " + cause.getMessage(), cause);
    }

    public static EngineError timedOut(String what) {
        return new EngineError(0, true, what, null);
    }

    public int status() {
        return status;
    }

    public boolean notFound() {
        return status == 404;
    }

    public boolean conflict() {
        return status == 409;
    }

    public boolean timeout() {
        return timeout;
    }

    /** The text as ECS shows it after {@code kind}, such as CannotStartContainerError. */
    public String as(String kind) {
        if (timeout) {
            return "DockerTimeoutError: " + getMessage();
        }
        return kind + ": " + (status == 0 ? getMessage() : "Error response from daemon: " + getMessage());
    }
}
