package dev.landfall.sim.check;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.task.Tasks;
import dev.landfall.sim.agent.Docker;
import dev.landfall.state.Commit;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/**
 * An agent starts a container again only where its restart policy says so, and then no task ends for it: only an
 * essential container that neither runs nor has to be started again may end its task.
 */
final class Restarts implements Invariant {
    /** Seconds that a container must have run, where its policy does not say it (API reference). */
    private static final int PERIOD = 300;

    private final Supplier<Image> durable;
    private final Predicate<Docker.Id> runs;
    private final TreeMap<Docker.Id, Docker.Run> ended = new TreeMap<>();
    private final TreeSet<Docker.Id> ending = new TreeSet<>();

    /** @param runs whether a container runs now */
    Restarts(Supplier<Image> durable, Predicate<Docker.Id> runs) {
        this.durable = durable;
        this.runs = runs;
    }

    @Override
    public String name() {
        return "restarts";
    }

    void started(Docker.Id container) {
        ended.remove(container);
    }

    void ending(Docker.Id container) {
        ending.add(container);
    }

    /** What was told to end is not missed. */
    void ended(Docker.Id container, Docker.Run run) {
        if (!ending.contains(container)) {
            ended.put(container, run);
        }
    }

    void restarted(Docker.Id container, Docker.Run last) {
        require(definition(durable.get(), container).filter(each -> due(each, last)).isPresent(),
                "%s is started again after %s", container, last);
    }

    private static Optional<ContainerDefinition> definition(Image image, Docker.Id container) {
        return image.get(EcsTables.TASKS, container.taskArn()).flatMap(row ->
                Tasks.definition(image, row).definition().containerDefinitions().stream()
                        .filter(each -> each.name().equals(container.name())).findFirst());
    }

    private static boolean due(ContainerDefinition container, Docker.Run run) {
        var policy = container.restartPolicy();
        return policy != null && policy.enabled() && !policy.ignoredExitCodes().contains(run.exitCode())
                && run.sinceStart().compareTo(Duration.ofSeconds(
                        Objects.requireNonNullElse(policy.restartAttemptPeriod(), PERIOD))) >= 0;
    }

    @Override
    public void check(Commit commit) {
        for (Write<?> write : commit.writes()) {
            if (write instanceof Write.Put<?>(var table, TaskRow row)
                    && row.task().stopCode() == TaskStopCode.ESSENTIAL_CONTAINER_EXITED
                    && commit.before().get(EcsTables.TASKS, row.arn()).filter(TaskRow::wanted).isPresent()) {
                require(Tasks.definition(commit.after(), row).definition().containerDefinitions().stream()
                                .filter(each -> !Boolean.FALSE.equals(each.essential()))
                                .anyMatch(each -> over(new Docker.Id(row.arn(), each.name()), each)),
                        "%s ends for a container that was started again, or has to be", row.arn());
            }
        }
    }

    private boolean over(Docker.Id id, ContainerDefinition container) {
        return !runs.test(id) && Optional.ofNullable(ended.get(id)).filter(run -> due(container, run)).isEmpty();
    }
}
