package dev.landfall.sim.agent;

import java.time.Duration;

/**
 * How bad the network between the agents and the control plane is, as a client with retries over TCP can see it: what
 * is lost is a request, an answer or a connection with all that is on its way; what comes twice is a request that was
 * believed lost; order is lost between requests and connections, never within a connection.
 *
 * @param requestLost the chance that an HTTP request does not arrive
 * @param replyLost that it arrives and its answer does not
 * @param late that it arrives once more, long after its sender gave it up
 * @param cut that a connection breaks with a message
 * @param slow that a message takes up to {@code delay} instead of some milliseconds
 */
public record Faults(
        double requestLost, double replyLost, double late, double cut, double slow, Duration delay) {
    public static final Faults NONE = new Faults(0, 0, 0, 0, 0, Duration.ZERO);

    public static final Faults SOME = new Faults(0.03, 0.03, 0.02, 0.01, 0.05, Duration.ofSeconds(3));

    public static final Faults MANY = new Faults(0.15, 0.15, 0.1, 0.06, 0.2, Duration.ofSeconds(20));
}
