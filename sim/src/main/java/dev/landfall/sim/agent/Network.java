package dev.landfall.sim.agent;

import dev.landfall.sim.Dice;
import dev.landfall.sim.Timeline;
import dev.landfall.sim.plane.ControlPlane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.EcsException;

/** The way between one machine and the control plane. */
final class Network {
    private static final Duration FASTEST = Duration.ofNanos(200_000);
    private static final Duration USUAL = Duration.ofMillis(5);

    /** When a client gives up a request that is not answered. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

    /** How long after that a request may still arrive. */
    private static final Duration LATE = Duration.ofSeconds(40);

    private static final Duration REFUSED_AFTER = Duration.ofMillis(2);

    private final Timeline timeline;
    private final Dice dice;
    private final ControlPlane plane;
    private final String name;
    private final List<Link> links = new ArrayList<>();
    private Faults faults = Faults.NONE;
    private boolean partitioned;

    Network(Timeline timeline, Dice dice, ControlPlane plane, String name) {
        this.timeline = timeline;
        this.dice = dice;
        this.plane = plane;
        this.name = name;
    }

    void faults(Faults next) {
        faults = next;
    }

    /** Nothing passes any more: requests run into their timeouts, and connections stand still. */
    void part() {
        partitioned = true;
    }

    void heal() {
        partitioned = false;
        links.removeIf(Link::closed);
        List.copyOf(links).forEach(Link::resume);
    }

    boolean partitioned() {
        return partitioned;
    }

    Duration latency() {
        return dice.chance(faults.slow()) ? dice.between(USUAL, faults.delay()) : dice.between(FASTEST, USUAL);
    }

    boolean cuts() {
        return dice.chance(faults.cut());
    }

    /** How an HTTP request ended for its caller. */
    interface Outcome<A> {
        void answered(A reply);

        void refused(EcsException why);

        void failed();
    }

    /** Sends a request of the agent. It may be carried out though the caller hears that it failed, and even twice. */
    <A> void request(String what, Function<EcsClient, A> operation, Outcome<A> outcome) {
        boolean lost = partitioned || dice.chance(faults.requestLost());
        boolean late = dice.chance(faults.late());
        if (late) {
            timeline.after(REQUEST_TIMEOUT.plus(dice.between(Duration.ZERO, LATE)), "late request", name + " " + what,
                    () -> plane.call(operation, answer -> { }));
        }
        if (lost) {
            timeline.after(REQUEST_TIMEOUT, "request lost", name + " " + what, outcome::failed);
            return;
        }
        timeline.after(latency(), "request", name + " " + what, () -> plane.call(operation,
                answer -> answered(what, answer, outcome)));
    }

    private <A> void answered(String what, ControlPlane.Answer<A> answer, Outcome<A> outcome) {
        switch (answer) {
            case ControlPlane.Answer.Unreachable<A>() ->
                    timeline.after(REFUSED_AFTER, "unreachable", name + " " + what, outcome::failed);
            case ControlPlane.Answer.Refused<A>(var why) ->
                    reply("refused", what, () -> outcome.refused(why), outcome::failed);
            case ControlPlane.Answer.Reply<A>(var reply) ->
                    reply("answered", what, () -> outcome.answered(reply), outcome::failed);
        }
    }

    private void reply(String how, String what, Runnable arrives, Runnable lost) {
        if (partitioned || dice.chance(faults.replyLost())) {
            timeline.after(REQUEST_TIMEOUT, "answer lost", name + " " + what, lost);
        } else {
            timeline.after(latency(), how, name + " " + what, arrives);
        }
    }

    /** A message that nobody waits for an answer to, such as telemetry. */
    void tell(String what, Consumer<ControlPlane> message) {
        if (!partitioned && !dice.chance(faults.requestLost())) {
            timeline.after(latency(), what, name, () -> message.accept(plane));
        }
    }

    /** Opens the control connection; the agent's end hears of it in time. */
    void connect(String instanceArn, Link.AgentEnd agent) {
        if (partitioned || dice.chance(faults.requestLost())) {
            timeline.after(REQUEST_TIMEOUT, "connecting failed", name, agent::failed);
            return;
        }
        timeline.after(latency(), "connecting", name, () -> {
            var link = new Link(timeline, this, name, agent);
            switch (plane.accept(instanceArn, link)) {
                case OPEN -> {
                    links.add(link);
                    timeline.after(latency(), "connected", name, link::opened);
                }
                case INACTIVE -> timeline.after(latency(), "connection refused", name, agent::inactive);
                case UNREACHABLE -> timeline.after(REFUSED_AFTER, "connection refused", name, agent::failed);
            }
        });
    }

    Optional<Link> open() {
        return links.stream().filter(link -> !link.closed()).findFirst();
    }
}
