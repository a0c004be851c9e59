package dev.landfall.sim.plane;

import dev.landfall.ecs.agents.AgentSessions;
import dev.landfall.ecs.agents.HealthReport;
import dev.landfall.ecs.capacity.Interrupt;
import dev.landfall.protocol.Message.TaskHealth;
import dev.landfall.sim.Dice;
import dev.landfall.sim.Timeline;
import dev.landfall.sim.Violation;
import dev.landfall.sim.outside.Outside;
import dev.landfall.state.Commit;
import dev.landfall.state.Image;
import dev.landfall.state.Journal.JournalException;
import dev.landfall.state.Write;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ElasticLoadBalancingV2Exception;

/** The control plane's machine: one process after the other on the same durable rows. */
public final class ControlPlane {
    private static final Duration QUICKEST_RESTART = Duration.ofMillis(200);
    private static final Duration SLOWEST_RESTART = Duration.ofSeconds(8);

    /** What a caller gets. */
    public sealed interface Answer<A> {
        record Reply<A>(A reply) implements Answer<A> {}

        /** One of AWS's errors. */
        record Refused<A>(EcsException why) implements Answer<A> {}

        /** The process is not there, died over the request, or could not write: the caller knows nothing. */
        record Unreachable<A>() implements Answer<A> {}
    }

    /** How an agent's connection is taken. */
    public enum Door {
        OPEN,
        INACTIVE,
        UNREACHABLE
    }

    /** Sees what becomes durable and what is found again after a crash. */
    public interface Witness extends InlineDecisions.Witness {
        /** @param expected the rows that must be there: all that was published, and what was durable before that */
        void restarted(Image expected, Image found);
    }

    private final Timeline timeline;
    private final Dice dice;
    private final Outside outside;
    private final Witness witness;
    private final Store store;
    private final Crashes crashes = new Crashes();
    private UnaryOperator<List<Write<?>>> sabotage = UnaryOperator.identity();
    private Optional<Process> process = Optional.empty();
    private Optional<Image> before = Optional.empty();
    private Deciding deciding;
    private int deaths;

    public ControlPlane(Timeline timeline, Dice dice, Outside outside, Witness witness) {
        this(timeline, dice, outside, witness, Deciding.ANEW, new ReadBack());
    }

    private ControlPlane(Timeline timeline, Dice dice, Outside outside, Witness witness, Deciding deciding,
            ReadBack readBack) {
        this.timeline = timeline;
        this.dice = dice;
        this.outside = outside;
        this.witness = witness;
        this.deciding = deciding;
        this.store = new Store(readBack);
    }

    /** One whose decisions are remembered; it must not be disturbed. */
    public static ControlPlane recorded(
            Timeline timeline, Dice dice, Outside outside, Witness witness, Recording into) {
        return new ControlPlane(timeline, dice, outside, witness, into.recorder(), into.readBack());
    }

    /** One whose first process decides as it is recorded, until it dies. */
    public static ControlPlane repeated(
            Timeline timeline, Dice dice, Outside outside, Witness witness, Recording from) {
        return new ControlPlane(timeline, dice, outside, witness, from.repeater(), from.readBack());
    }

    public Crashes crashes() {
        return crashes;
    }

    public Store store() {
        return store;
    }

    /** How often the process died. */
    public int deaths() {
        return deaths;
    }

    /** Changes what decisions write, so that tests see what that breaks. */
    public void sabotage(UnaryOperator<List<Write<?>>> change) {
        sabotage = change;
    }

    public boolean up() {
        return process.isPresent();
    }

    /** The newest published image; while no process runs, that of the last. */
    public Image image() {
        return process.map(each -> each.decisions().image()).or(() -> before).orElseThrow();
    }

    public void start() {
        var decisions = new InlineDecisions(timeline, store, crashes, dice::id, witness, deciding,
                writes -> sabotage.apply(writes));
        before.ifPresent(expected -> witness.restarted(expected, decisions.image()));
        var next = new Process(timeline, dice.split(), decisions, outside, this::died);
        process = Optional.of(next);
        next.start();
    }

    /** The process ends without a warning. */
    public void crash() {
        process.ifPresent(each -> died());
    }

    private void died() {
        Process dead = process.orElseThrow();
        deaths++;
        deciding = Deciding.ANEW; // from here on nothing is as it was recorded
        timeline.note("control plane", "died");
        before = Optional.of(dead.durable());
        process = Optional.empty();
        dead.die();
        timeline.after(dice.between(QUICKEST_RESTART, SLOWEST_RESTART), "control plane", "starts", this::start);
    }

    /** Carries out a request, as far as the process lives. */
    public <A> void call(Function<EcsClient, A> operation, Consumer<Answer<A>> answered) {
        answered.accept(call(operation));
    }

    public <A> Answer<A> call(Function<EcsClient, A> operation) {
        if (process.isEmpty()) {
            return new Answer.Unreachable<>();
        }
        try {
            return new Answer.Reply<>(operation.apply(process.get().ecs()));
        } catch (Crash e) {
            died();
            return new Answer.Unreachable<>();
        } catch (JournalException e) {
            return new Answer.Unreachable<>();
        } catch (EcsException e) {
            return new Answer.Refused<>(e);
        } catch (ElasticLoadBalancingV2Exception e) { // the API answers that it failed itself
            return new Answer.Unreachable<>();
        } catch (RuntimeException e) {
            throw new Violation("no faults", "a request failed inside: " + e, e);
        }
    }

    /** Takes Spot capacity back; nothing happens while no process runs, or if there is none. */
    public void interrupt(Interrupt.Request request) {
        process.ifPresent(each -> each.guarded(() -> {
            try {
                each.decisions().submit((image, context) ->
                        Interrupt.decide(image, request, outside.capacity(), context));
            } catch (EcsException e) {
                timeline.note("refused", e.awsErrorDetails().errorMessage());
            }
        }));
    }

    /** What an agent says of its tasks' health over telemetry. */
    public void health(List<TaskHealth> tasks) {
        process.ifPresent(each -> each.guarded(() ->
                each.decisions().submit((image, context) -> HealthReport.decide(image, tasks))));
    }

    /** An agent at the door. */
    public Door accept(String instanceArn, ServerLink link) {
        if (process.isEmpty()) {
            return Door.UNREACHABLE;
        }
        if (AgentSessions.instance(image(), instanceArn).isEmpty()) {
            return Door.INACTIVE;
        }
        process.get().connect(instanceArn, link);
        return Door.OPEN;
    }
}
