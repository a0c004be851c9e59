package dev.landfall.ecs.task;

import dev.landfall.ecs.EcsEffect;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.Uuids;
import dev.landfall.ecs.balance.TaskTarget;
import dev.landfall.ecs.deployment.PinnedImages;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.placement.AddressBlock;
import dev.landfall.ecs.placement.Demand;
import dev.landfall.ecs.placement.Placement;
import dev.landfall.ecs.placement.Round;
import dev.landfall.ecs.placement.Verdict.Fits;
import dev.landfall.ecs.placement.Verdict.Refused;
import dev.landfall.ecs.placement.Wanted;
import dev.landfall.state.Context;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.HealthStatus;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.NetworkInterface;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** Places a task, writes it down and has it delivered to its agent. */
public final class NewTask {
    /** The subnet shown where the caller named none: the default one of a local VPC. */
    private static final String DEFAULT_SUBNET = "subnet-00000000000000000";

    private static final String PLATFORM_VERSION = "1.4.0";

    private NewTask() {}

    /** The task that was started, or why no instance took it. */
    public record Result(Optional<TaskRow> task, List<Refused> refused, boolean hadCandidates) {}

    public static Result start(Draft draft, TaskSpec spec, Context context) {
        return start(draft, spec, new Round(), context);
    }

    /** As the other, for one of several tasks between whose starts the decision does nothing else. */
    public static Result start(Draft draft, TaskSpec spec, Round round, Context context) {
        return start(draft, spec, spec.wanted(), round, context);
    }

    /** @param wanted of the spec, which is the same for several tasks */
    public static Result start(Draft draft, TaskSpec spec, Wanted wanted, Round round, Context context) {
        Optional<Fits> placed = Placement.place(draft.image(), wanted, round);
        if (placed.isPresent()) {
            return started(draft, spec, placed.get(), context);
        }
        List<Refused> refused = Placement.refusals(draft.image(), wanted);
        return new Result(Optional.empty(), refused, !refused.isEmpty());
    }

    /** As {@link #start}, in that Availability Zone; nothing where it has no place. */
    public static Optional<TaskRow> startIn(Draft draft, TaskSpec spec, String zone, Round round, Context context) {
        return Placement.placeIn(draft.image(), spec.wanted(), zone, round)
                .flatMap(fits -> started(draft, spec, fits, context).task());
    }

    /** As {@link #start}, on that instance. */
    public static Result startOn(Draft draft, TaskSpec spec, InstanceRow instance, Context context) {
        return switch (Placement.judge(draft.image(), spec.wanted(), instance)) {
            case Fits fits -> started(draft, spec, fits, context);
            case Refused why -> new Result(Optional.empty(), List.of(why), true);
        };
    }

    private static Result started(Draft draft, TaskSpec spec, Fits fits, Context context) {
        Scope scope = Scope.of(spec.cluster().arn());
        var row = new TaskRow(pinned(draft.image(), spec, task(spec, fits, context)), fits.instance().arn(),
                spec.serviceArn(), spec.deploymentId(),
                fits.address(), healthChecked(spec.definition().definition()),
                spec.balancers().stream().map(each -> TaskTarget.of(each, scope)).distinct().toList());
        draft.put(EcsTables.TASKS, row);
        draft.put(EcsTables.LOADS, fits.load());
        draft.emit(new EcsEffect.Deliver(row.instanceArn(), row.arn()));
        return new Result(Optional.of(row), List.of(), true);
    }

    /** Tasks of one deployment run the same images. */
    private static Task pinned(Image image, TaskSpec spec, Task task) {
        return PinnedImages.pinned(image, task, spec.serviceArn(), spec.deploymentId());
    }

    /** Whether an essential container has a health check. */
    public static boolean healthChecked(TaskDefinition definition) {
        return definition.containerDefinitions().stream().anyMatch(container ->
                container.healthCheck() != null && !Boolean.FALSE.equals(container.essential()));
    }

    private static Task task(TaskSpec spec, Fits fits, Context context) {
        TaskDefinition definition = spec.definition().definition();
        Scope scope = Scope.of(spec.cluster().arn());
        String id = context.ids().next();
        String arn = scope.arn("task/" + spec.cluster().cluster().clusterName() + "/" + id);
        boolean ownAddress = !fits.address().isEmpty();
        var attachments = ownAddress
                ? List.of(attachment(spec, fits, scope, context)) : List.<Attachment>of();
        var task = Task.builder()
                .taskArn(arn)
                .clusterArn(spec.cluster().arn())
                .taskDefinitionArn(definition.taskDefinitionArn())
                .lastStatus(ownAddress ? TaskStatus.PROVISIONING.name() : TaskStatus.PENDING.name())
                .desiredStatus(TaskStatus.RUNNING.name())
                .launchType(spec.launch().type())
                .availabilityZone(zone(fits.instance()))
                .attributes(Attribute.builder().name("ecs.cpu-architecture").value(architecture(fits.instance()))
                        .build())
                .containers(containers(spec, arn, fits, attachments, scope, context))
                .cpu(spec.overrides().cpu() != null ? spec.overrides().cpu() : definition.cpu())
                .memory(spec.overrides().memory() != null ? spec.overrides().memory() : definition.memory())
                .createdAt(context.now())
                .enableExecuteCommand(spec.enableExecuteCommand())
                .group(spec.group())
                .healthStatus(HealthStatus.UNKNOWN)
                .startedBy(spec.startedBy().isEmpty() ? null : spec.startedBy())
                .version(1L);
        if (!attachments.isEmpty()) {
            task.attachments(attachments);
        }
        if (!spec.tags().isEmpty()) {
            task.tags(spec.tags());
        }
        if (!spec.overrides().equals(TaskRow.NOTHING_OVERRIDDEN)) {
            task.overrides(spec.overrides());
        }
        if (!spec.launch().capacityProvider().isEmpty()) {
            task.capacityProviderName(spec.launch().capacityProvider());
        }
        if (spec.launch().managed()) {
            task.platformVersion(PLATFORM_VERSION).platformFamily("Linux");
            EphemeralDisk.show(task, spec);
        } else {
            task.containerInstanceArn(fits.instance().arn());
        }
        return task.build();
    }

    private static Attachment attachment(TaskSpec spec, Fits fits, Scope scope, Context context) {
        String subnet = spec.network().subnets().isEmpty() ? DEFAULT_SUBNET
                : spec.network().subnets()
                        .get(Math.floorMod(fits.load().lastAddress(), spec.network().subnets().size()));
        String hex = context.ids().next();
        return Attachment.builder()
                .id(Uuids.of(context))
                .type("ElasticNetworkInterface")
                .status("PRECREATED")
                .details(detail("subnetId", subnet),
                        detail("networkInterfaceId", "eni-" + hex.substring(0, 17)),
                        detail("macAddress", AddressBlock.mac(fits.address())),
                        detail("privateDnsName",
                                "ip-" + fits.address().replace('.', '-') + "." + domain(scope.region())),
                        detail("privateIPv4Address", fits.address()))
                .build();
    }

    /** The private DNS suffix of EC2's instances (Amazon VPC User Guide, DNS attributes). */
    private static String domain(String region) {
        return region.equals("us-east-1") ? "ec2.internal" : region + ".compute.internal";
    }

    private static KeyValuePair detail(String name, String value) {
        return KeyValuePair.builder().name(name).value(value).build();
    }

    private static List<Container> containers(
            TaskSpec spec, String taskArn, Fits fits, List<Attachment> attachments, Scope scope, Context context) {
        var containers = new ArrayList<Container>();
        Iterator<String> gpus = fits.gpus().iterator();
        String taskPath = taskArn.substring(taskArn.indexOf("task/") + "task/".length());
        for (ContainerDefinition definition : spec.definition().definition().containerDefinitions()) {
            ContainerOverride override = Demand.override(spec.overrides(), definition.name());
            Integer memory = override.memory() != null ? override.memory() : definition.memory();
            Integer reservation = override.memoryReservation() != null
                    ? override.memoryReservation() : definition.memoryReservation();
            int cpu = override.cpu() != null ? override.cpu() : definition.cpu() == null ? 0 : definition.cpu();
            var container = Container.builder()
                    .containerArn(scope.arn("container/" + taskPath + "/" + Uuids.of(context)))
                    .taskArn(taskArn)
                    .name(definition.name())
                    .image(definition.image())
                    .lastStatus(TaskStatus.PENDING.name())
                    .healthStatus(HealthStatus.UNKNOWN)
                    .cpu(String.valueOf(cpu))
                    .memory(memory == null ? null : memory.toString())
                    .memoryReservation(reservation == null ? null : reservation.toString());
            if (!attachments.isEmpty()) {
                container.networkInterfaces(attachments.stream().map(attachment -> NetworkInterface.builder()
                        .attachmentId(attachment.id()).privateIpv4Address(fits.address()).build()).toList());
            }
            int gpuCount = Demand.gpus(definition, override);
            if (gpuCount > 0) {
                container.gpuIds(taken(gpus, gpuCount));
            }
            containers.add(container.build());
        }
        return containers;
    }

    private static List<String> taken(Iterator<String> gpus, int count) {
        var taken = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            taken.add(gpus.next());
        }
        return taken;
    }

    private static String zone(InstanceRow instance) {
        return instance.attribute(InstanceRow.ZONE).orElse("");
    }

    private static String architecture(InstanceRow instance) {
        return instance.attribute("ecs.cpu-architecture").orElse("x86_64");
    }
}
