package dev.landfall.wire;

/**
 * A path beside the AWS APIs for what AWS has no operation for. Only callers on this machine reach it: it is not
 * signed, and nothing that is enforced elsewhere is enforced here.
 */
public interface LocalEndpoint {
    /** Such as {@code /_landfall/interrupt}. */
    String path();

    /**
     * Answers a POST with JSON; runs on a thread that it may block.
     *
     * @throws Refused for a request that cannot be met
     */
    String answer(String json);

    /** The caller's mistake, in one line. Answered with status 400. */
    final class Refused extends RuntimeException {
        public Refused(String message) {
            super(message, null, false, false);
        }
    }
}
