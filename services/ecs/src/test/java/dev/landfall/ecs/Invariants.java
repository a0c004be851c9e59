package dev.landfall.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.deployment.ServiceDeploymentLife;
import dev.landfall.ecs.deployment.ServiceDeploymentRow;
import dev.landfall.ecs.deployment.ServiceDeployments;
import dev.landfall.ecs.express.ExpressInvariants;
import dev.landfall.ecs.instance.InstanceLoad;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.placement.Demand;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.shift.ShiftRow;
import dev.landfall.ecs.shift.Stage;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.task.TaskStatus;
import dev.landfall.ecs.task.Tasks;
import dev.landfall.ecs.taskdef.TaskDefinitions;
import dev.landfall.state.Image;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.ServiceDeployment;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus;

/** What is true of every image, whatever was decided. */
final class Invariants {
    private static final List<String> SERVICE_STATUSES = List.of("ACTIVE", "DRAINING", "INACTIVE");

    private Invariants() {}

    static void hold(Image before, Image after) {
        loads(after);
        after.all(EcsTables.TASKS).forEach(row -> task(before, after, row));
        after.all(EcsTables.SERVICES).forEach(row -> service(before, after, row));
        TaskSetInvariants.hold(before, after);
        after.all(EcsTables.SERVICE_DEPLOYMENTS).forEach(row -> serviceDeployment(before, after, row));
        after.all(EcsTables.SHIFTS).forEach(row -> shift(after, row));
        ExpressInvariants.hold(after);
        for (TaskRow row : before.all(EcsTables.TASKS)) {
            assertThat(row.stopped() || after.get(EcsTables.TASKS, row.arn()).isPresent())
                    .as("%s was forgotten while it lived", row.arn()).isTrue();
        }
    }

    /** What is noted beside an instance is the sum of its tasks, and no instance has more than it registered. */
    private static void loads(Image image) {
        var tasks = new TreeMap<String, List<TaskRow>>();
        var addresses = new HashSet<String>();
        for (TaskRow row : image.all(EcsTables.TASKS)) {
            if (row.stopped()) {
                continue;
            }
            assertThat(image.get(EcsTables.INSTANCES, row.instanceArn()))
                    .as("%s runs on a registered instance", row.arn())
                    .hasValueSatisfying(found -> assertThat(found.instance().status()).isNotEqualTo("INACTIVE"));
            assertThat(row.address().isEmpty() || addresses.add(row.instanceArn() + row.address()))
                    .as("%s is used once", row.address()).isTrue();
            tasks.computeIfAbsent(row.instanceArn(), any -> new ArrayList<>()).add(row);
        }
        for (InstanceLoad load : image.all(EcsTables.LOADS)) {
            InstanceRow instance = image.get(EcsTables.INSTANCES, load.instanceArn()).orElseThrow();
            load(image, instance, load, tasks.getOrDefault(load.instanceArn(), List.of()));
        }
        assertThat(image.all(EcsTables.LOADS)).extracting(InstanceLoad::instanceArn).containsAll(tasks.keySet());
    }

    private static void load(Image image, InstanceRow instance, InstanceLoad load, List<TaskRow> tasks) {
        long cpu = 0;
        long memory = 0;
        var tcp = new TreeSet<Integer>();
        var udp = new TreeSet<Integer>();
        var gpus = new TreeSet<String>();
        for (TaskRow row : tasks) {
            Demand demand = Demand.of(Tasks.definition(image, row).definition(), row.overrides());
            assertThat(demand.cpu()).isNotNegative();
            assertThat(demand.memory()).isNotNegative();
            cpu += demand.cpu();
            memory += demand.memory();
            assertThat(demand.tcpPorts()).as("host ports of %s", instance.arn()).allMatch(tcp::add);
            assertThat(demand.udpPorts()).as("host ports of %s", instance.arn()).allMatch(udp::add);
            List<String> given = row.task().containers().stream().flatMap(each -> each.gpuIds().stream()).toList();
            assertThat(given).as("GPUs of %s", row.arn()).hasSize(demand.gpus()).allMatch(gpus::add);
        }
        InstanceLoad registered = InstanceLoad.none(instance);
        assertThat(load).as(load.instanceArn()).isEqualTo(new InstanceLoad(instance.arn(), registered.pool(),
                registered.capacityProvider(), registered.zone(), registered.open(), tasks.size(), Math.toIntExact(cpu),
                Math.toIntExact(registered.cpuLeft() - cpu), Math.toIntExact(memory),
                Math.toIntExact(registered.memoryLeft() - memory), tcp, udp, gpus, load.lastAddress()));
        assertThat(load.memoryLeft()).as("memory left of %s", instance.arn()).isNotNegative();
        assertThat(instance.managed() || load.cpuLeft() >= 0).as("CPU left of %s", instance.arn()).isTrue();
        assertThat(instance.gpus()).containsAll(gpus);
    }

    private static void task(Image before, Image after, TaskRow row) {
        assertThat(after.get(EcsTables.CLUSTERS, row.task().clusterArn())).as("cluster of %s", row.arn()).isPresent();
        if (!row.stopped()) {
            assertThat(TaskDefinitions.byArn(after, row.task().taskDefinitionArn())).as(row.arn()).isPresent();
        }
        TaskStatus now = TaskStatus.valueOf(row.task().lastStatus());
        before.get(EcsTables.TASKS, row.arn()).filter(was -> !was.equals(row)).ifPresent(was -> {
            TaskStatus then = TaskStatus.valueOf(was.task().lastStatus());
            assertThat(then == now || then.canBecome(now)).as("%s: %s to %s", row.arn(), then, now).isTrue();
            assertThat(was.wanted() || !row.wanted()).as("%s is wanted again", row.arn()).isTrue();
            assertThat(row.task().version()).as("version of %s", row.arn())
                    .isGreaterThanOrEqualTo(was.task().version());
            assertThat(row.task().createdAt()).isEqualTo(was.task().createdAt());
        });
        assertThat(row.task().desiredStatus()).isIn("RUNNING", "STOPPED");
        assertThat(row.task().stoppedAt() != null).as("%s has stoppedAt when it stopped", row.arn())
                .isEqualTo(row.stopped());
        if (!row.wanted()) {
            assertThat(row.task().stopCode()).as("stop code of %s", row.arn()).isNotNull();
            assertThat(row.task().stoppedReason()).as("stopped reason of %s", row.arn()).isNotBlank();
            assertThat(row.task().stoppingAt()).as("stopping time of %s", row.arn()).isNotNull();
        }
    }

    /** A service has one deployment going on at most, its current one; none goes back. */
    private static void serviceDeployment(Image before, Image after, ServiceDeploymentRow row) {
        ServiceDeployment now = row.deployment();
        assertThat(after.get(EcsTables.SERVICE_REVISIONS, now.targetServiceRevision().arn()))
                .as("the revision of %s", row.arn()).isPresent();
        ServiceRow service = after.get(EcsTables.SERVICES, now.serviceArn()).orElseThrow();
        if (row.ongoing()) {
            assertThat(service.service().currentServiceDeployment()).isEqualTo(row.arn());
        } else {
            assertThat(now.finishedAt()).as("the end of %s", row.arn()).isNotNull();
        }
        before.get(EcsTables.SERVICE_DEPLOYMENTS, row.key()).map(ServiceDeploymentRow::deployment)
                .filter(then -> then.status() != now.status())
                .ifPresent(then -> assertThat(leadsTo(then.status(), now.status()))
                        .as("%s goes from %s to %s", row.arn(), then.status(), now.status()).isTrue());
    }

    /** A shift is its service's current deployment, which goes on as long as it is not halted. */
    private static void shift(Image image, ShiftRow row) {
        ServiceRow service = image.get(EcsTables.SERVICES, row.serviceArn()).orElseThrow();
        assertThat(service.inactive()).as("%s shifts no traffic", row.serviceArn()).isFalse();
        assertThat(row.deploymentArn()).isEqualTo(service.service().currentServiceDeployment());
        assertThat(ServiceDeployments.current(image, service)).hasValueSatisfying(deployment ->
                assertThat(deployment.ongoing()).as("%s goes on", row).isEqualTo(row.stage() != Stage.HALTED));
        List<String> ids = service.service().deployments().stream().map(Deployment::id).toList();
        assertThat(ids).contains(row.sides().green());
        assertThat(!row.sides().hasBlue() || ids.contains(row.sides().blue())).as("blue of %s", row).isTrue();
        assertThat(ids.getFirst()).as("the newest deployment").isEqualTo(row.stage().back()
                ? row.sides().blue() : row.sides().green());
        assertThat(row.routes().size()).isIn(0, row.sides().balancers());
    }

    /** In one decision a service deployment may go through several statuses. */
    private static boolean leadsTo(ServiceDeploymentStatus from, ServiceDeploymentStatus to) {
        return ServiceDeploymentLife.next(from).stream().anyMatch(next -> next == to || leadsTo(next, to));
    }

    private static void service(Image before, Image after, ServiceRow row) {
        assertThat(after.get(EcsTables.CLUSTERS, row.service().clusterArn())).as(row.arn()).isPresent();
        assertThat(row.service().status()).isIn(SERVICE_STATUSES);
        assertThat(row.events()).hasSizeLessThanOrEqualTo(100);
        List<Deployment> deployments = row.service().deployments();
        before.get(EcsTables.SERVICES, row.arn()).ifPresent(was -> {
            int then = SERVICE_STATUSES.indexOf(was.service().status());
            int now = SERVICE_STATUSES.indexOf(row.service().status());
            assertThat(now >= then || then == 2 && now == 0).as("%s goes back", row.arn()).isTrue();
        });
        if (row.usesTaskSets()) {
            TaskSetInvariants.hold(after, row);
            return;
        }
        if ("INACTIVE".equals(row.service().status())) {
            assertThat(deployments).as("deployments of %s", row.arn()).isEmpty();
            assertThat(after.find(EcsTables.TASKS, EcsTables.TASKS_BY_SERVICE, row.arn() + "|RUNNING")).isEmpty();
            return;
        }
        assertThat(deployments).as("deployments of %s", row.arn()).isNotEmpty();
        assertThat(deployments.getFirst().status()).isEqualTo("PRIMARY");
        assertThat(deployments.stream().skip(1)).allMatch(each -> "ACTIVE".equals(each.status()));
        assertThat(deployments).extracting(Deployment::id).doesNotHaveDuplicates();
        assertThat(deployments.getFirst().desiredCount()).isEqualTo(row.service().desiredCount());
    }
}
