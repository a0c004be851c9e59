package dev.landfall.edge.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.edge.Ground;
import dev.landfall.edge.client.Origin.Answers;
import dev.landfall.edge.target.GroupSettings;
import dev.landfall.protocol.edge.TargetGroup;
import dev.landfall.protocol.edge.TargetGroup.Protocol;
import dev.landfall.protocol.edge.TargetGroup.TargetType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Whom a target sees, for each kind of client and target. */
class OriginTest {
    /** As Docker Engine leaves a machine, with a bridge to others and a namespace beside it; docker0 has a veth. */
    private static final Neighbourhood AROUND = Neighbourhood.read("""
            [{"ifname": "lo", "addr_info": [
                {"family": "inet", "local": "127.0.0.1", "prefixlen": 8},
                {"family": "inet", "local": "169.254.170.2", "prefixlen": 32},
                {"family": "inet6", "local": "::1", "prefixlen": 128}]},
             {"ifname": "docker0", "linkinfo": {"info_kind": "bridge"}, "addr_info": [
                {"family": "inet", "local": "172.17.0.1", "prefixlen": 16}]},
             {"ifname": "veth1", "master": "docker0", "linkinfo": {"info_kind": "veth"}, "addr_info": []},
             {"ifname": "eth0", "addr_info": [
                {"family": "inet", "local": "192.0.2.2", "prefixlen": 24},
                {"family": "inet6", "local": "2001:db8::2", "prefixlen": 64}]},
             {"ifname": "br0", "linkinfo": {"info_kind": "bridge"}, "addr_info": [
                {"family": "inet", "local": "192.168.9.1", "prefixlen": 24}]},
             {"ifname": "eth1", "master": "br0", "addr_info": []},
             {"ifname": "wg0", "linkinfo": {"info_kind": "wireguard"}, "addr_info": [
                {"family": "inet", "local": "10.8.0.1", "prefixlen": 24}]},
             {"ifname": "veth2", "linkinfo": {"info_kind": "veth"}, "addr_info": [
                {"family": "inet", "local": "10.8.0.65", "prefixlen": 30}]}]
            """);

    private record Row(String name, TargetType type, String client, String target, Origin expected) {}

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    private static Row seen(String name, TargetType type, String client, String target, String reached,
            Answers answers) {
        return new Row(name, type, client, target, new Origin.Client(at(client, 50_000), at(reached, 80), answers));
    }

    private static Row hindered(String name, TargetType type, String client, String target, Obstacle obstacle) {
        return new Row(name, type, client, target, new Origin.LoadBalancer(Optional.of(obstacle)));
    }

    @TestFactory
    List<DynamicTest> aTargetSees() {
        return List.of(
                seen("a client elsewhere, from a container", TargetType.IP, "198.51.100.7", "172.17.0.2",
                        "172.17.0.2", Answers.ARE_LED_BACK),
                seen("a client elsewhere, from the other end of a veth", TargetType.IP, "198.51.100.7", "10.8.0.66",
                        "10.8.0.66", Answers.ARE_LED_BACK),
                seen("a client elsewhere, on this machine", TargetType.IP, "198.51.100.7", "192.0.2.2",
                        "192.0.2.2", Answers.ARE_LED_BACK),
                seen("a client elsewhere, as an instance, at an address of this machine", TargetType.INSTANCE,
                        "198.51.100.7", "127.0.0.1", "192.0.2.2", Answers.ARE_LED_BACK),
                seen("a neighbour of this machine, on it", TargetType.IP, "192.0.2.9", "192.0.2.2", "192.0.2.2",
                        Answers.ARE_LED_BACK),
                seen("this machine, from a container", TargetType.IP, "192.0.2.2", "172.17.0.2", "172.17.0.2",
                        Answers.ARRIVE),
                seen("this machine, as an instance", TargetType.INSTANCE, "172.17.0.1", "127.0.0.1", "192.0.2.2",
                        Answers.ARRIVE),
                seen("this machine, on loopback", TargetType.IP, "192.0.2.2", "127.0.0.1", "127.0.0.1",
                        Answers.ARRIVE),
                seen("a client on loopback, on loopback", TargetType.INSTANCE, "127.0.0.5", "127.0.0.1", "127.0.0.1",
                        Answers.ARRIVE),
                seen("a client on the wider of two networks", TargetType.IP, "10.8.0.2", "10.8.0.66", "10.8.0.66",
                        Answers.ARE_LED_BACK),
                hindered("no client on loopback, from a container", TargetType.IP, "127.0.0.1", "172.17.0.2",
                        Obstacle.LOOPBACK_CLIENT),
                hindered("no client elsewhere, on loopback", TargetType.IP, "198.51.100.7", "127.0.0.1",
                        Obstacle.LOOPBACK_TARGET),
                hindered("not itself", TargetType.IP, "172.17.0.2", "172.17.0.2", Obstacle.SAME_ADDRESS),
                hindered("no neighbour on its bridge", TargetType.IP, "172.17.0.3", "172.17.0.2",
                        Obstacle.SAME_NETWORK),
                hindered("no container, as an instance", TargetType.INSTANCE, "172.17.0.3", "127.0.0.1",
                        Obstacle.SAME_NETWORK),
                hindered("nobody, from another machine", TargetType.IP, "198.51.100.7", "192.0.2.77",
                        Obstacle.ELSEWHERE),
                hindered("nobody, from a bridge with other machines", TargetType.IP, "198.51.100.7", "192.168.9.7",
                        Obstacle.ELSEWHERE),
                hindered("nobody, from behind a tunnel", TargetType.IP, "198.51.100.7", "10.8.0.7",
                        Obstacle.ELSEWHERE),
                hindered("nobody, from behind a gateway", TargetType.IP, "198.51.100.7", "203.0.113.9",
                        Obstacle.ELSEWHERE),
                hindered("no client of IPv6", TargetType.IP, "2001:db8::9", "172.17.0.2", Obstacle.IPV6),
                new Row("the same address in any case", TargetType.INSTANCE, "127.0.0.1", "127.0.0.1",
                        Origin.LOAD_BALANCER)).stream()
                .map(row -> DynamicTest.dynamicTest(row.name(), () -> assertThat(Origin.of(at(row.client(), 50_000),
                        at(row.target(), 80), settings(Protocol.TCP, row.type(), Map.of(CLIENT_IP, "true")), AROUND))
                        .isEqualTo(row.expected()))).toList();
    }

    private static final String CLIENT_IP = "preserve_client_ip.enabled";

    private static GroupSettings settings(Protocol protocol, TargetType type, Map<String, String> attributes) {
        return GroupSettings.of(
                new TargetGroup("tg", "tg", protocol, null, type, Ground.UNCHECKED, attributes, List.of()));
    }

    @Test
    void whatIsNotSetIsAsAwsHasIt() {
        for (Protocol protocol : List.of(Protocol.TCP, Protocol.TLS)) {
            assertThat(settings(protocol, TargetType.INSTANCE, Map.of()).preservesClientAddress()).isTrue();
            assertThat(settings(protocol, TargetType.IP, Map.of()).preservesClientAddress()).isFalse();
            assertThat(settings(protocol, TargetType.INSTANCE, Map.of(CLIENT_IP, "false")).preservesClientAddress())
                    .isFalse();
        }
        for (Protocol protocol : List.of(Protocol.UDP, Protocol.TCP_UDP)) {
            assertThat(settings(protocol, TargetType.IP, Map.of()).preservesClientAddress()).isTrue();
        }
        assertThat(settings(Protocol.HTTP, TargetType.INSTANCE, Map.of()).preservesClientAddress()).isFalse();
    }

    @Test
    void whereNothingIsKnownTheLoadBalancerIsSeen() {
        GroupSettings settings = settings(Protocol.TCP, TargetType.INSTANCE, Map.of());
        assertThat(Origin.of(at("198.51.100.7", 1), at("172.17.0.2", 80), settings, Neighbourhood.UNKNOWN))
                .isEqualTo(new Origin.LoadBalancer(Optional.of(Obstacle.ELSEWHERE)));
        assertThat(Origin.of(at("198.51.100.7", 1), at("127.0.0.1", 80), settings, Neighbourhood.UNKNOWN))
                .isEqualTo(new Origin.LoadBalancer(Optional.of(Obstacle.LOOPBACK_TARGET)));
    }

    @Test
    void addressesThatLeadFurthestComeFirst() {
        assertThat(AROUND.own()).first().isEqualTo(InetAddress.ofLiteral("192.0.2.2"));
        assertThat(AROUND.own()).last().isEqualTo(InetAddress.ofLiteral("169.254.170.2"));
    }
}
