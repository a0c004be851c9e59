package dev.landfall.elb.classic;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancing.model.Instance;
import software.amazon.awssdk.services.elasticloadbalancing.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancing.model.ListenerDescription;
import software.amazon.awssdk.services.elasticloadbalancing.model.LoadBalancerAttributes;
import software.amazon.awssdk.services.elasticloadbalancing.model.LoadBalancerDescription;
import software.amazon.awssdk.services.elasticloadbalancing.model.Tag;

/**
 * A Classic Load Balancer as it is stored.
 *
 * @param arn which only other services tell; {@code …:loadbalancer/NAME}
 * @param attributes all of them
 * @param address of its own, given once
 * @param leaving instances that were deregistered and whose connections are left to end
 */
public record ClassicRow(String arn, LoadBalancerDescription description, LoadBalancerAttributes attributes,
        String address, List<Leaving> leaving, List<Tag> tags) {
    /**
     * An instance whose connections are left to end.
     *
     * @param since when it was deregistered
     * @param until when its time will be over; {@link Instant#EPOCH} as long as not all data planes know of it
     */
    public record Leaving(String instanceId, Instant since, Instant until) {
        Leaving(String instanceId, Instant since) {
            this(instanceId, since, Instant.EPOCH);
        }

        boolean timeHasBegun() {
            return !until.equals(Instant.EPOCH);
        }
    }

    public ClassicRow {
        leaving = List.copyOf(leaving);
        tags = List.copyOf(tags);
    }

    public String name() {
        return description.loadBalancerName();
    }

    public List<Listener> listeners() {
        return description.listenerDescriptions().stream().map(ListenerDescription::listener).toList();
    }

    Optional<ListenerDescription> listener(int port) {
        return description.listenerDescriptions().stream()
                .filter(each -> each.listener().loadBalancerPort() == port).findFirst();
    }

    public List<String> instanceIds() {
        return description.instances().stream().map(Instance::instanceId).toList();
    }

    /** Of its listeners, each once. */
    public List<String> certificateArns() {
        return listeners().stream().flatMap(each -> Stream.ofNullable(each.sslCertificateId())).distinct().toList();
    }

    /** What data planes call the instances behind the listener of a port, in place of a target group. */
    public String groupArn(int listenerPort) {
        return arn + '/' + listenerPort;
    }

    ClassicRow with(LoadBalancerDescription next) {
        return new ClassicRow(arn, next, attributes, address, leaving, tags);
    }

    ClassicRow with(LoadBalancerAttributes next) {
        return new ClassicRow(arn, description, next, address, leaving, tags);
    }

    ClassicRow withListeners(List<ListenerDescription> next) {
        return with(description.toBuilder().listenerDescriptions(next).build());
    }

    ClassicRow withInstances(List<String> ids, List<Leaving> nextLeaving) {
        return new ClassicRow(arn, description.toBuilder()
                .instances(ids.stream().map(id -> Instance.builder().instanceId(id).build()).toList()).build(),
                attributes, address, nextLeaving, tags);
    }

    ClassicRow tagged(List<Tag> next) {
        return new ClassicRow(arn, description, attributes, address, leaving, next);
    }
}
