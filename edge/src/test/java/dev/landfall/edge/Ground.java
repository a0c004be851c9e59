package dev.landfall.edge;

import dev.landfall.protocol.edge.Action;
import dev.landfall.protocol.edge.Balancer;
import dev.landfall.protocol.edge.EdgeReport;
import dev.landfall.protocol.edge.EdgeSnapshot;
import dev.landfall.protocol.edge.Listener;
import dev.landfall.protocol.edge.Rule;
import dev.landfall.protocol.edge.TargetGroup;
import dev.landfall.protocol.edge.TargetGroup.HealthCheck;
import dev.landfall.protocol.edge.TargetGroup.Target;
import dev.landfall.testkit.FreePorts;
import dev.landfall.testkit.TemporaryDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** An edge on loopback with one load balancer, whose parts a test changes before it calls {@link #apply()}. */
public final class Ground implements AutoCloseable {
    public static final String ARN =
            "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/app/lb/50dc6c495c0c9188";
    public static final HealthCheck UNCHECKED =
            new HealthCheck(false, TargetGroup.Protocol.HTTP, null, "/", 30, 5, 5, 2, "200");

    public final TemporaryDirectory directory = TemporaryDirectory.create("edge");
    public final List<EdgeReport> reports = new CopyOnWriteArrayList<>();
    public final Edge edge;
    public final int port = FreePorts.one();
    public String address = "127.0.0.1";
    public String dnsName = "";
    public Balancer.Type type = Balancer.Type.APPLICATION;
    public Listener.Protocol protocol = Listener.Protocol.HTTP;
    public Map<String, String> attributes = Map.of();
    public Map<String, String> listenerAttributes = Map.of();
    public List<Listener.Certificate> certificates = List.of();
    public String sslPolicy = "";
    public String alpnPolicy = "";
    public List<Rule> rules = List.of();
    public Action standard = forward("tg");
    public List<TargetGroup> groups = new ArrayList<>();
    private long version;

    public Ground() {
        this(2);
    }

    public Ground(int threads) {
        edge = new Edge(threads, directory.path().resolve("logs"), reports::add);
    }

    /** @param shared addresses at which the load balancer is reached besides its own */
    public Ground(List<String> shared) {
        edge = new Edge(1, directory.path().resolve("logs"), shared, reports::add);
    }

    /** @param bufferLimitBytes what the buffers of all connections may take before they are made to take less */
    public Ground(int threads, long bufferLimitBytes) {
        edge = new Edge(threads, directory.path().resolve("logs"), List.of(), reports::add, bufferLimitBytes);
    }

    public static Action forward(String arn) {
        return new Action.Forward(List.of(new Action.WeightedGroup(arn, 1)), 0);
    }

    /** A group named {@code arn} that is not checked. */
    public Ground group(String arn, Map<String, String> attributes, Backend... targets) {
        return group(new TargetGroup(arn, arn, TargetGroup.Protocol.HTTP, TargetGroup.ProtocolVersion.HTTP1,
                TargetGroup.TargetType.IP, UNCHECKED, attributes, Stream.of(targets).map(Backend::target).toList()));
    }

    public Ground group(TargetGroup group) {
        groups.removeIf(old -> old.arn().equals(group.arn()));
        groups.add(group);
        return this;
    }

    public Ground targets(String arn, List<Target> targets) {
        TargetGroup old = groups.stream().filter(group -> group.arn().equals(arn)).findFirst().orElseThrow();
        return group(old.withTargets(targets));
    }

    public Ground apply() {
        edge.accept(snapshot());
        return this;
    }

    /** A snapshot without any listener. */
    public Ground applyNothing() {
        edge.accept(new EdgeSnapshot(++version, List.of(), List.copyOf(groups)));
        return this;
    }

    public EdgeSnapshot snapshot() {
        var all = new ArrayList<>(rules);
        all.add(new Rule("default", List.of(), List.of(), standard));
        var listener = new Listener("listener", port, protocol, certificates, sslPolicy, alpnPolicy,
                listenerAttributes, all);
        return new EdgeSnapshot(++version,
                List.of(new Balancer(ARN, "lb", dnsName, type, List.of(new Balancer.BindAddress(address, "us-east-1a")),
                        attributes, List.of(listener))),
                List.copyOf(groups));
    }

    /** A new connection to the listener. */
    public Wire connect() {
        return Wire.to(port);
    }

    @Override
    public void close() {
        edge.close();
        directory.close();
    }
}
