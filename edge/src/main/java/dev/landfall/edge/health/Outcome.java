package dev.landfall.edge.health;

/** What a single health check came to, by AWS's reason codes and descriptions ("Health check reason codes"). */
public sealed interface Outcome {
    record Passed() implements Outcome {}

    record Failed(String reason, String description) implements Outcome {}

    Outcome PASSED = new Passed();
    Outcome TIMEOUT = new Failed("Target.Timeout", "Request timed out");
    Outcome FAILED = new Failed("Target.FailedHealthChecks", "Health checks failed");

    /** An answer with another code than the matcher's. */
    static Outcome mismatch(int code) {
        return new Failed("Target.ResponseCodeMismatch", "Health checks failed with these codes: [" + code + "]");
    }
}
