package dev.landfall.ecs.capacity;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.instance.Instances;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.task.Tasks;
import dev.landfall.protocol.Capabilities;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/**
 * Takes Spot capacity back, as AWS does whenever it needs it. A FARGATE_SPOT task is stopped: SIGTERM now, SIGKILL
 * after its stop timeout, which is at most the two minutes of the warning. A Spot container instance is drained, and
 * {@link ReclaimInstance} ends it when its warning is over.
 *
 * <p>That is no operation of AWS's, and so has a request of its own.
 */
public final class Interrupt {
    /** The text is AWS's (ECS Developer Guide, Amazon Fargate Spot termination notices). */
    private static final String REASON = "Your Spot Task was interrupted.";

    private Interrupt() {}

    /**
     * What is to be interrupted: all that is named, and of the Spot capacity there is as many as {@code count} says.
     *
     * @param tasks ARNs of FARGATE_SPOT tasks
     * @param containerInstances ARNs of container instances, which count as Spot by being named here
     * @param cluster a name or an ARN that limits the choice, or empty
     */
    public record Request(List<String> tasks, List<String> containerInstances, String cluster, int count) {
        public Request {
            tasks = List.copyOf(tasks);
            containerInstances = List.copyOf(containerInstances);
        }

        /** One, wherever it is. */
        static Request anyOne() {
            return new Request(List.of(), List.of(), "", 1);
        }
    }

    /** The ARNs of what was interrupted. */
    public record Reply(List<String> tasks, List<String> containerInstances) {}

    public static Decision<Reply> decide(Image image, Request request, CapacityPolicy policy, Context context) {
        var tasks = new ArrayList<TaskRow>();
        var instances = new ArrayList<InstanceRow>();
        request.tasks().forEach(arn -> tasks.add(spotTask(image, arn)));
        request.containerInstances().forEach(arn -> instances.add(instance(image, arn)));
        choose(image, request, context, tasks, instances);
        var draft = new Draft(image);
        tasks.forEach(task -> Tasks.stop(draft, task, TaskStopCode.SPOT_INTERRUPTION, REASON, context));
        instances.forEach(instance -> warn(draft, instance, policy, context));
        return draft.reply(new Reply(
                tasks.stream().map(TaskRow::arn).toList(), instances.stream().map(InstanceRow::arn).toList()));
    }

    private static TaskRow spotTask(Image image, String arn) {
        TaskRow task = image.get(EcsTables.TASKS, arn)
                .filter(TaskRow::wanted)
                .orElseThrow(() -> EcsErrors.invalidParameter("The task " + arn + " is not running."));
        if (!CapacityProviders.FARGATE_SPOT.equals(task.task().capacityProviderName())) {
            throw EcsErrors.invalidParameter("The task " + arn + " does not run on FARGATE_SPOT.");
        }
        return task;
    }

    private static InstanceRow instance(Image image, String arn) {
        return image.get(EcsTables.INSTANCES, arn)
                .filter(row -> !row.managed() && !"INACTIVE".equals(row.instance().status()))
                .orElseThrow(() -> EcsErrors.invalidParameter("The container instance " + arn + " was not found."));
    }

    /** Of what was not named, any of equal chance; the decision's own ids are the dice, so that it can be replayed. */
    private static void choose(Image image, Request request, Context context, List<TaskRow> tasks,
            List<InstanceRow> instances) {
        var spotTasks = new ArrayList<String>();
        image.all(EcsTables.CLUSTERS).stream()
                .filter(cluster -> in(request.cluster(), cluster.arn()))
                .forEach(cluster -> spotTasks.addAll(
                        image.keys(EcsTables.TASKS, EcsTables.TASKS_ON_SPOT, cluster.arn())));
        spotTasks.removeAll(request.tasks());
        var spotInstances = new ArrayList<>(image.all(EcsTables.INSTANCES).stream()
                .filter(row -> spot(row) && in(request.cluster(), row.clusterArn())
                        && !request.containerInstances().contains(row.arn()))
                .toList());
        for (int left = request.count(); left > 0 && spotTasks.size() + spotInstances.size() > 0; left--) {
            int size = spotTasks.size() + spotInstances.size();
            int at = new BigInteger(context.ids().next(), 16).mod(BigInteger.valueOf(size)).intValue();
            if (at < spotTasks.size()) {
                tasks.add(image.get(EcsTables.TASKS, spotTasks.remove(at)).orElseThrow());
            } else {
                instances.add(spotInstances.remove(at - spotTasks.size()));
            }
        }
    }

    private static boolean in(String cluster, String clusterArn) {
        return cluster.isEmpty() || clusterArn.equals(cluster) || clusterArn.endsWith(":cluster/" + cluster);
    }

    private static boolean spot(InstanceRow row) {
        return !row.managed() && "ACTIVE".equals(row.instance().status())
                && row.instance().attributes().stream().anyMatch(attribute ->
                        attribute.name().equals(Capabilities.CAPACITY_OPTION)
                                && Capabilities.CAPACITY_OPTION_SPOT.equals(attribute.value()));
    }

    /** A second notice does not prolong the first. */
    private static void warn(Draft draft, InstanceRow row, CapacityPolicy policy, Context context) {
        if (draft.image().get(EcsTables.INTERRUPTION_NOTICES, row.arn()).isPresent()) {
            return;
        }
        Instances.put(draft, row.with(row.instance().toBuilder()
                .status("DRAINING").version(row.instance().version() + 1).build()));
        draft.put(EcsTables.INTERRUPTION_NOTICES,
                new InterruptionNotice(row.arn(), context.now().plus(policy.spotWarning())));
    }
}
