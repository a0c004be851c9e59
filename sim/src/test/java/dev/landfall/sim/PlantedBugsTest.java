package dev.landfall.sim;

import static dev.landfall.sim.Sabotage.changed;
import static dev.landfall.sim.Sabotage.rows;
import static dev.landfall.sim.Sabotage.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.event.UnsentRow;
import dev.landfall.ecs.instance.InstanceLoad;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.sim.agent.Machine;
import dev.landfall.sim.agent.Restarting;
import dev.landfall.state.Write;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/** Bugs put into decisions, the store and the agents on purpose: each has to be seen by the invariant it breaks. */
class PlantedBugsTest {
    private Town town = Town.of(7);

    /** A service of four tasks that runs, and then is updated with the bug in place. */
    private Violation update(UnaryOperator<List<Write<?>>> sabotage) {
        return after(() -> town.simulation().plane().sabotage(sabotage));
    }

    private Violation after(Runnable bug) {
        town.machines(2);
        town.create("web", town.definition("ok"), 4, Scenario.percentages(50, 150));
        town.simulation().settle();
        bug.run();
        return catchThrowableOfType(Violation.class, () -> {
            String next = town.definition("ok");
            town.update("web", request -> request.taskDefinition(next));
            town.simulation().settle();
        });
    }

    @Test
    void stopsTooManyHealthyTasks() {
        var violation = update(writes -> {
            boolean stops = writes.stream().anyMatch(write -> write instanceof Write.Put<?>(var table, TaskRow row)
                    && row.task().stopCode() == TaskStopCode.SERVICE_SCHEDULER_INITIATED && !row.stopped());
            var more = new ArrayList<>(writes);
            if (stops) {
                town.live("web").stream().filter(row -> writes.stream().noneMatch(write ->
                        write.key().equals(row.arn()))).forEach(row -> task(row, task -> task
                        .desiredStatus("STOPPED").stopCode(TaskStopCode.SERVICE_SCHEDULER_INITIATED)
                        .stoppedReason("too eager").stoppingAt(town.simulation().timeline().now()))
                        .forEach(more::add));
            }
            return more;
        });
        assertThat(violation.invariant()).isEqualTo("bounds");
        assertThat(violation).hasMessageContaining("must stay");
    }

    @Test
    void startsTooManyTasks() {
        var violation = update(writes -> {
            var more = new ArrayList<>(writes);
            for (Write<?> write : writes) {
                if (write instanceof Write.Put<?>(var table, TaskRow row)
                        && town.image().get(EcsTables.TASKS, row.arn()).isEmpty()) {
                    for (int i = 0; i < 2; i++) {
                        String arn = row.arn() + i;
                        task(row, task -> task.taskArn(arn)).forEach(more::add);
                    }
                    InstanceLoad load = writes.stream().filter(each -> each.key().equals(row.instanceArn()))
                            .map(each -> (InstanceLoad) ((Write.Put<?>) each).row()).reduce((a, b) -> b).orElseThrow();
                    more.add(plus(load));
                }
            }
            return more;
        });
        assertThat(violation.invariant()).isEqualTo("bounds");
        assertThat(violation).hasMessageContaining("are allowed");
    }

    /** The load with two tasks more of 32 CPU units and 64 MiB, for each that is new. */
    private Write<InstanceLoad> plus(InstanceLoad load) {
        int missing = 2 * (load.tasks() - town.image().get(EcsTables.LOADS, load.instanceArn())
                .map(InstanceLoad::tasks).orElse(0));
        return changed(EcsTables.LOADS, load, Map.of("tasks", load.tasks() + missing,
                "cpu", load.cpu() + 32 * missing, "memory", load.memory() + 64 * missing,
                "memoryLeft", load.memoryLeft() - 64 * missing));
    }

    @Test
    void sendsATaskBackInItsLife() {
        var violation = update(rows(TaskRow.class, put -> put.row().task().lastStatus().equals("STOPPING")
                ? task(put.row(), task -> task.lastStatus("PENDING")) : Stream.of(put)));
        assertThat(violation.invariant()).isEqualTo("lifecycles");
    }

    @Test
    void wantsATaskAgain() {
        var violation = update(rows(TaskRow.class, put -> put.row().task().lastStatus().equals("STOPPING")
                ? task(put.row(), task -> task.desiredStatus("RUNNING")) : Stream.of(put)));
        assertThat(violation.invariant()).isEqualTo("lifecycles");
    }

    @Test
    void forgetsWhatATaskTakes() {
        var violation = update(rows(InstanceLoad.class, put -> Stream.of()));
        assertThat(violation.invariant()).isEqualTo("resources");
    }

    @Test
    void givesOneAddressTwice() {
        var violation = update(rows(TaskRow.class, put -> Stream.of(
                changed(EcsTables.TASKS, put.row(), Map.of("address", "10.9.0.2")))));
        assertThat(violation.invariant()).isEqualTo("resources");
    }

    @Test
    void startsTwoDaemonsOnOneInstance() {
        town.machines(1);
        town.create("daemon", town.definition("ok"), 0, request ->
                request.schedulingStrategy(SchedulingStrategy.DAEMON).desiredCount(null));
        town.simulation().settle();
        town.simulation().plane().sabotage(rows(TaskRow.class, put ->
                "STOPPED".equals(put.row().task().desiredStatus()) && !put.row().stopped()
                        ? Stream.of(put, Write.put(EcsTables.TASKS, put.row().with(put.row().task().toBuilder()
                                .taskArn(put.row().arn().replace("task/default/", "task/default/0"))
                                .desiredStatus("RUNNING").lastStatus("RUNNING").build())))
                        : Stream.of(put)));
        var violation = catchThrowableOfType(Violation.class, () -> {
            town.update("daemon", request -> request.forceNewDeployment(true));
            town.simulation().settle();
        });
        assertThat(violation.invariant()).isEqualTo("daemons");
    }

    @Test
    void dropsADeploymentThatHasTasks() {
        var violation = update(rows(ServiceRow.class, put -> Stream.of(
                changed(EcsTables.SERVICES, put.row(), Map.of("service", put.row().service().toBuilder()
                        .deployments(put.row().service().deployments().stream().limit(1).toList()).build())))));
        assertThat(violation.invariant()).isEqualTo("counters");
    }

    @Test
    void announcesTheSteadyStateAgainAndAgain() {
        var violation = after(() -> town.simulation().plane().sabotage(rows(ServiceRow.class, put ->
                Stream.of(changed(EcsTables.SERVICES, put.row(), Map.of("steady", false))))));
        assertThat(violation.invariant()).isEqualTo("steady state");
    }

    @Test
    void acknowledgesWhatIsNotDurable() {
        var violation = after(() -> {
            town.simulation().plane().store().lose(1);
            town.definition("ok");
            town.simulation().plane().crash();
        });
        assertThat(violation.invariant()).isEqualTo("durable");
    }

    @Test
    void storesWhatCannotBeReadBack() {
        var violation = after(() -> {
            town.simulation().plane().store().garble();
            town.simulation().plane().crash();
        });
        assertThat(violation.invariant()).isEqualTo("durable");
    }

    @Test
    void startsATaskTwice() {
        var violation = after(() -> town.simulation().machines().forEach(Machine::forgetTasks));
        assertThat(violation.invariant()).isEqualTo("one container");
    }

    @Test
    void leavesContainersBehind() {
        var violation = after(() -> town.simulation().machines().forEach(Machine::deaf));
        assertThat(violation.invariant()).isEqualTo("rest");
    }

    /** Whoever does not get on must not go on for ever either. */
    @Test
    void neverGetsAnywhere() {
        var violation = update(rows(TaskRow.class, put -> put.row().running() ? Stream.of() : Stream.of(put)));
        assertThat(violation.invariant()).isEqualTo("rest");
        assertThat(violation).hasMessageContaining("writes");
    }

    @Test
    void failsInside() {
        var violation = update(writes -> {
            throw new IllegalStateException("planted");
        });
        assertThat(violation.invariant()).isEqualTo("no faults");
    }

    @Test
    void doesNotMarkAChangeOfATask() {
        town = Town.telling(7);
        var violation = update(rows(UnsentRow.class, put -> put.key().contains(":task/") ? Stream.of()
                : Stream.of(put)));
        assertThat(violation.invariant()).isEqualTo("events");
        assertThat(violation).hasMessageContaining("the newest word on");
    }

    @Test
    void doesNotMarkAServiceEvent() {
        town = Town.telling(7);
        var violation = update(rows(UnsentRow.class, put -> put.key().contains(":service/") ? Stream.of()
                : Stream.of(put)));
        assertThat(violation.invariant()).isEqualTo("events");
        assertThat(violation).hasMessageContaining("was not told");
    }

    @Test
    void tellsAnOldStateAfterANewOne() {
        town = Town.telling(7);
        var violation = update(rows(TaskRow.class, put -> task(put.row(), task ->
                task.version(1_000 - put.row().task().version()))));
        assertThat(violation.invariant()).isEqualTo("events");
        assertThat(violation).hasMessageContaining("is told");
    }

    @Test
    void believesThatAnEventWasTakenWhichWasNot() {
        town = Town.telling(7);
        var violation = after(() -> town.simulation().outside().events().orElseThrow().lose(1));
        assertThat(violation.invariant()).isEqualTo("events");
    }

    /** As long as a mark stays, its change is told again with every start. */
    @Test
    void leavesMarksBehind() {
        town = Town.telling(7);
        var violation = update(writes -> writes.stream().filter(write -> !(write instanceof Write.Delete<?>
                && write.table() == EcsTables.UNSENT)).toList());
        assertThat(violation.invariant()).isEqualTo("rest");
        assertThat(violation).hasMessageContaining("were not told");
    }

    @Test
    void goesOnWithoutAnEssentialContainer() {
        town.machines(1);
        town.simulation().plane().sabotage(rows(TaskRow.class, put -> put.row().running() && !put.row().wanted()
                ? Stream.of() : Stream.of(put)));
        var violation = catchThrowableOfType(Violation.class, () -> {
            town.create("web", town.several("exit:1:1000"), 1, Scenario.percentages(50, 150));
            town.simulation().run(Duration.ofSeconds(60));
        });
        assertThat(violation.invariant()).isEqualTo("containers");
        assertThat(violation).hasMessageContaining("is wanted though");
    }

    private Violation restarting(Restarting bug, String program) {
        town.machines(1);
        town.simulation().machines().forEach(machine -> machine.restarting(bug));
        return catchThrowableOfType(Violation.class, () -> {
            town.create("web", town.restarted(program), 1, Scenario.percentages(50, 150));
            town.simulation().run(Duration.ofSeconds(90));
        });
    }

    @Test
    void startsAContainerAgainThatShouldStayAsItIs() {
        for (String program : List.of("exit:3:70000", "exit:1:59000")) {
            town = Town.of(7);
            var violation = restarting(Restarting.ALWAYS, program);
            assertThat(violation.invariant()).isEqualTo("restarts");
            assertThat(violation).hasMessageContaining("is started again after");
        }
    }

    @Test
    void doesNotStartAContainerAgain() {
        var violation = restarting(Restarting.NEVER, "exit:1:61000");
        assertThat(violation.invariant()).isEqualTo("restarts");
        assertThat(violation).hasMessageContaining("ends for a container");
    }

    @Test
    void replacesATaskWhoseContainerIsRestarted() {
        var violation = restarting(Restarting.TELLING, "exit:1:61000");
        assertThat(violation.invariant()).isEqualTo("restarts");
        assertThat(violation).hasMessageContaining("ends for a container");
    }

    @Test
    void endsATaskForAContainerThatItCanDoWithout() {
        town.machines(1);
        town.simulation().plane().sabotage(rows(TaskRow.class, put -> put.row().running() && put.row().wanted()
                && put.row().task().containers().stream().anyMatch(each -> "STOPPED".equals(each.lastStatus()))
                ? task(put.row(), task -> task.desiredStatus("STOPPED")
                        .stopCode(TaskStopCode.ESSENTIAL_CONTAINER_EXITED)
                        .stoppedReason("Essential container in task exited")
                        .stoppingAt(town.simulation().timeline().now())) : Stream.of(put)));
        var violation = catchThrowableOfType(Violation.class, () -> {
            town.create("web", town.several("ok"), 1, Scenario.percentages(50, 150));
            town.simulation().settle();
        });
        assertThat(violation.invariant()).isEqualTo("containers");
        assertThat(violation).hasMessageContaining("all of them run");
    }
}
