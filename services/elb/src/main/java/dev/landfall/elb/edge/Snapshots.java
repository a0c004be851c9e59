package dev.landfall.elb.edge;

import dev.landfall.elb.Certificates;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Instances;
import dev.landfall.elb.Scope;
import dev.landfall.elb.classic.ClassicRow;
import dev.landfall.elb.listener.ListenerRow;
import dev.landfall.elb.loadbalancer.LoadBalancerRow;
import dev.landfall.elb.rule.Rules;
import dev.landfall.elb.target.TargetRow;
import dev.landfall.elb.targetgroup.TargetGroupRow;
import dev.landfall.protocol.edge.Balancer;
import dev.landfall.protocol.edge.EdgeSnapshot;
import dev.landfall.protocol.edge.Listener;
import dev.landfall.protocol.edge.TargetGroup;
import dev.landfall.state.Image;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;

/**
 * Makes the configuration of data planes from the tables: a function of an image, but for where certificates and
 * instances are. Gateway load balancers are only stored, and are no part of it.
 */
public final class Snapshots {
    private final Certificates certificates;
    private final Instances instances;

    public Snapshots(Certificates certificates, Instances instances) {
        this.certificates = certificates;
        this.instances = instances;
    }

    EdgeSnapshot of(Image image, long version) {
        return new EdgeSnapshot(version,
                Stream.concat(image.all(ElbTables.LOAD_BALANCERS).stream().map(LoadBalancerRow::arn),
                                image.all(ElbTables.CLASSIC).stream().map(ClassicRow::arn))
                        .flatMap(arn -> balancer(image, arn).stream()).toList(),
                Stream.concat(image.all(ElbTables.TARGET_GROUPS).stream().map(TargetGroupRow::arn),
                                image.all(ElbTables.CLASSIC).stream().flatMap(ClassicShapes::groupArns))
                        .flatMap(arn -> targetGroup(image, arn).stream()).toList());
    }

    /** The load balancer as data planes have it; none if they have it not. */
    Optional<Balancer> balancer(Image image, String arn) {
        return image.get(ElbTables.LOAD_BALANCERS, arn)
                .filter(row -> row.loadBalancer().type() != LoadBalancerTypeEnum.GATEWAY)
                .map(row -> balancer(image, row))
                .or(() -> image.get(ElbTables.CLASSIC, arn).map(row -> ClassicShapes.balancer(row, certificates)));
    }

    private Balancer balancer(Image image, LoadBalancerRow row) {
        return new Balancer(row.arn(), row.loadBalancer().loadBalancerName(), row.loadBalancer().dnsName(),
                row.loadBalancer().type() == LoadBalancerTypeEnum.APPLICATION
                        ? Balancer.Type.APPLICATION : Balancer.Type.NETWORK,
                List.of(new Balancer.BindAddress(row.address(),
                        row.loadBalancer().availabilityZones().getFirst().zoneName())),
                row.attributes(),
                image.find(ElbTables.LISTENERS, ElbTables.LISTENERS_BY_LOAD_BALANCER, row.arn()).stream()
                        .sorted(Comparator.comparing(listener -> listener.listener().port()))
                        .map(listener -> listener(image, listener)).toList());
    }

    private Listener listener(Image image, ListenerRow row) {
        var listener = row.listener();
        return new Listener(row.arn(), listener.port(), Listener.Protocol.valueOf(listener.protocolAsString()),
                certificates(row), listener.sslPolicy(),
                listener.alpnPolicy().stream().findFirst().orElse(""), row.attributes(),
                Rules.of(image, row.arn()).stream().map(rule -> Shapes.rule(rule.rule())).toList());
    }

    /** A certificate that is gone by now is left out: the others go on being served. */
    private List<Listener.Certificate> certificates(ListenerRow row) {
        Scope scope = Scope.of(row.arn());
        return row.certificateArns().stream()
                .flatMap(arn -> certificates.find(arn, scope).stream().map(found ->
                        new Listener.Certificate(arn, found.chainPem(), found.privateKeyPem())))
                .toList();
    }

    /** Whether a target of that {@link TargetRow#key} is registered, with a group or a Classic Load Balancer. */
    static boolean hasTarget(Image image, String key) {
        return image.get(ElbTables.TARGETS, key).isPresent() || ClassicShapes.isRegistered(image, key);
    }

    /** The target group as data planes have it: if a load balancer routes to it. */
    Optional<TargetGroup> targetGroup(Image image, String arn) {
        return routed(image, arn).or(() -> ClassicShapes.group(image, arn, instances));
    }

    private Optional<TargetGroup> routed(Image image, String arn) {
        return image.get(ElbTables.TARGET_GROUPS, arn)
                .filter(row -> row.group().protocol() != ProtocolEnum.GENEVE && Touched.isRouted(image, arn))
                .map(row -> Shapes.targetGroup(row, image.startingWith(
                                ElbTables.TARGETS, ElbTables.targetsPrefix(arn)).stream()
                        .flatMap(target -> target(image, row, target).stream()).toList()));
    }

    private Optional<TargetGroup.Target> target(Image image, TargetGroupRow group, TargetRow row) {
        String id = row.target().id();
        Optional<String> address = switch (group.group().targetType()) {
            case INSTANCE -> instances.address(id);
            case IP -> Optional.of(id);
            case ALB -> image.get(ElbTables.LOAD_BALANCERS, id).map(LoadBalancerRow::address);
            case LAMBDA, UNKNOWN_TO_SDK_VERSION -> throw new IllegalStateException("no group has such targets");
        };
        boolean zoned = group.group().targetType() != TargetTypeEnum.ALB;
        return address.map(at -> new TargetGroup.Target(id, at, row.target().port(),
                zoned ? row.target().availabilityZone() : null,
                row.draining() ? row.drainingSince().toEpochMilli() : null, row.registeredAt().toEpochMilli()));
    }
}
