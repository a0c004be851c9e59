package dev.landfall.ecs.balance;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.taskdef.TaskDefinitions;
import dev.landfall.state.Image;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.NetworkBinding;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;

/**
 * Where a target group finds a target.
 *
 * @param id an IPv4 address, or the EC2 id of an instance
 * @param port 0 behind a Classic Load Balancer, whose listeners say which
 */
public record TargetAddress(String id, int port) implements Comparable<TargetAddress> {
    private static final Comparator<TargetAddress> ORDER =
            Comparator.comparing(TargetAddress::id).thenComparing(TargetAddress::port);

    /** The task's own address in awsvpc mode, else the port of its instance that leads to it; none if none does. */
    public static Optional<TargetAddress> of(Image image, TaskRow task, TaskTarget target) {
        if (!task.address().isEmpty()) {
            return Optional.of(new TargetAddress(task.address(), target.containerPort()));
        }
        Optional<Integer> found = target.classic() ? Optional.of(0) : hostPort(image, task, target);
        return found.flatMap(port -> image.get(EcsTables.INSTANCES, task.instanceArn())
                .map(row -> new TargetAddress(row.instance().ec2InstanceId(), port)));
    }

    private static Optional<Integer> hostPort(Image image, TaskRow task, TaskTarget target) {
        Optional<Integer> bound = task.task().containers().stream()
                .filter(container -> container.name().equals(target.containerName()))
                .flatMap(container -> container.networkBindings().stream())
                .filter(binding -> Integer.valueOf(target.containerPort()).equals(binding.containerPort()))
                .map(NetworkBinding::hostPort).flatMap(Stream::ofNullable).findFirst();
        return bound.or(() -> hostMode(image, task) ? Optional.of(target.containerPort()) : Optional.empty());
    }

    /** Tasks in host mode have the ports of their containers, and need no bindings. */
    private static boolean hostMode(Image image, TaskRow task) {
        return TaskDefinitions.byArn(image, task.task().taskDefinitionArn())
                .filter(row -> row.definition().networkMode() == NetworkMode.HOST).isPresent();
    }

    static TargetAddress of(TargetDescription described) {
        return new TargetAddress(described.id(), described.port());
    }

    TargetDescription description() {
        return TargetDescription.builder().id(id).port(port).build();
    }

    @Override
    public int compareTo(TargetAddress other) {
        return ORDER.compare(this, other);
    }
}
