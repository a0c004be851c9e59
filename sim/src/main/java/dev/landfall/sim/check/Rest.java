package dev.landfall.sim.check;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.deployment.ServiceDeploymentRow;
import dev.landfall.ecs.instance.Instances;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.task.Tasks;
import dev.landfall.ecs.taskset.TaskSetRow;
import dev.landfall.ecs.taskset.TaskSets;
import dev.landfall.sim.agent.Docker;
import dev.landfall.sim.agent.Machine;
import dev.landfall.state.Image;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.services.ecs.model.AvailabilityZoneRebalancing;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.StabilityStatus;

/**
 * What a control plane that is left alone has to come to: every service has its tasks, rows and containers agree, and
 * nobody waits for anything.
 */
public final class Rest {
    private Rest() {}

    /** What is not at rest yet, the tasks only once all else is; empty when nothing is missing. */
    public static List<String> missing(
            Image image, Collection<Machine> machines, SortedMap<Docker.Id, String> running) {
        var missing = new ArrayList<String>();
        for (Machine machine : machines) {
            if (!machine.atRest()) {
                missing.add(machine.name() + " has something to do");
            }
            machine.instanceArn().filter(arn -> !machine.gone())
                    .flatMap(arn -> image.get(EcsTables.INSTANCES, arn))
                    .filter(row -> !row.instance().agentConnected())
                    .ifPresent(row -> missing.add(machine.name() + " is not known to be connected"));
        }
        image.all(EcsTables.SERVICES).forEach(row -> service(image, row, missing));
        image.all(EcsTables.SERVICE_DEPLOYMENTS).forEach(row -> deployment(row, missing));
        if (image.size(EcsTables.UNSENT) > 0) {
            missing.add(image.size(EcsTables.UNSENT) + " resources have changes that were not told");
        }
        if (!missing.isEmpty()) {
            return missing; // what tasks do follows from it, and there may be many
        }
        image.all(EcsTables.TASKS).forEach(row -> task(row, missing));
        containers(image, running, missing);
        return missing;
    }

    private static void service(Image image, ServiceRow row, List<String> missing) {
        String name = row.service().serviceName();
        if (row.service().status().equals("INACTIVE")) {
            return;
        }
        if (!row.service().status().equals("ACTIVE")) {
            missing.add(name + " is " + row.service().status());
            return;
        }
        if (row.usesTaskSets()) {
            taskSets(image, row, missing);
            return;
        }
        Deployment primary = row.service().deployments().getFirst();
        if (row.service().deployments().size() != 1
                || primary.rolloutState() != DeploymentRolloutState.COMPLETED) {
            missing.add(name + " has " + row.service().deployments().size() + " deployments, the first "
                    + primary.rolloutState());
        } else {
            tasks(image, row, primary, missing);
        }
        if (!row.steady()) {
            missing.add(name + " has not announced its steady state");
        }
    }

    private static void shares(ServiceRow row, List<TaskRow> tasks, List<String> missing) {
        var strategy = row.service().capacityProviderStrategy();
        int bases = strategy.stream().mapToInt(CapacityProviderStrategyItem::base).sum();
        int weights = strategy.stream().mapToInt(CapacityProviderStrategyItem::weight).sum();
        int weighed = Math.max(0, tasks.size() - bases);
        for (CapacityProviderStrategyItem item : strategy) {
            double share = Math.min(item.base(), tasks.size())
                    + (weights == 0 ? 0 : (double) weighed * item.weight() / weights);
            long own = tasks.stream().filter(task ->
                    item.capacityProvider().equals(task.task().capacityProviderName())).count();
            if (Math.abs(own - share) >= 1) {
                missing.add(row.service().serviceName() + " has " + own + " of " + tasks.size() + " tasks on "
                        + item.capacityProvider() + " instead of " + share);
            }
        }
    }

    /** As many in each zone, give or take one; only where every zone has room for all. */
    private static void zones(Image image, ServiceRow row, List<TaskRow> tasks, List<String> missing) {
        if (image.get(EcsTables.REBALANCINGS, row.arn()).isPresent()) {
            missing.add(row.service().serviceName() + " is being rebalanced");
        }
        var counts = new TreeMap<String, Integer>();
        image.all(EcsTables.INSTANCES).stream().filter(instance -> instance.instance().agentConnected())
                .forEach(instance -> counts.put(instance.zone(), 0));
        tasks.forEach(task -> counts.merge(task.task().availabilityZone(), 1, Integer::sum));
        boolean even = counts.isEmpty() || Collections.max(counts.values()) - Collections.min(counts.values()) <= 1;
        if (!even && row.service().availabilityZoneRebalancing() == AvailabilityZoneRebalancing.ENABLED
                && row.service().placementConstraints().isEmpty()
                && image.all(EcsTables.INSTANCES).stream().noneMatch(each ->
                        "DRAINING".equals(each.instance().status()))) {
            missing.add(row.service().serviceName() + " is not balanced with " + counts);
        }
    }

    private static void tasks(Image image, ServiceRow row, Deployment primary, List<String> missing) {
        List<TaskRow> wanted = image.find(EcsTables.TASKS, EcsTables.TASKS_BY_SERVICE, row.arn() + "|RUNNING");
        long good = wanted.stream().filter(task -> task.healthy() && task.deploymentId().equals(primary.id())
                && !Instances.draining(image, task.instanceArn())).count();
        if (good != row.service().desiredCount() || wanted.size() != good) {
            missing.add(row.service().serviceName() + " has " + good + " of " + row.service().desiredCount()
                    + " tasks, and " + (wanted.size() - good) + " others");
        } else {
            shares(row, wanted, missing);
            zones(image, row, wanted, missing);
        }
    }

    private static void taskSets(Image image, ServiceRow row, List<String> missing) {
        for (TaskSetRow set : TaskSets.of(image, row.arn())) {
            List<TaskRow> wanted = image.find(EcsTables.TASKS, EcsTables.TASKS_BY_SERVICE, row.arn() + "|RUNNING")
                    .stream().filter(task -> task.deploymentId().equals(set.taskSet().id())).toList();
            if (set.taskSet().stabilityStatus() != StabilityStatus.STEADY_STATE || set.draining()
                    || wanted.size() != set.taskSet().computedDesiredCount()
                    || !wanted.stream().allMatch(TaskRow::healthy)) {
                missing.add(set.arn() + " is " + set.taskSet().stabilityStatus() + " and " + set.taskSet().status()
                        + " with " + wanted.size() + " of " + set.taskSet().computedDesiredCount() + " tasks");
            }
        }
    }

    private static void deployment(ServiceDeploymentRow row, List<String> missing) {
        if (row.ongoing()) {
            missing.add(row.arn() + " is " + row.deployment().status());
        }
    }

    private static void task(TaskRow row, List<String> missing) {
        if (!row.stopped() && !(row.wanted() && row.running())) {
            missing.add(row.arn() + " is " + row.task().lastStatus() + " and shall be " + row.task().desiredStatus());
        }
    }

    private static void containers(Image image, SortedMap<Docker.Id, String> running, List<String> missing) {
        var essential = new TreeSet<Docker.Id>();
        for (TaskRow row : image.all(EcsTables.TASKS)) {
            if (!row.stopped()) {
                Tasks.definition(image, row).definition().containerDefinitions().stream()
                        .filter(each -> !Boolean.FALSE.equals(each.essential()))
                        .forEach(each -> essential.add(new Docker.Id(row.arn(), each.name())));
            }
        }
        running.forEach((id, machine) -> {
            essential.remove(id);
            if (image.get(EcsTables.TASKS, id.taskArn()).filter(row -> !row.stopped()).isEmpty()) {
                missing.add("the container " + id + " runs on " + machine + " and no task is known to");
            }
        });
        essential.forEach(id -> missing.add("the essential container " + id + " does not run"));
    }
}
