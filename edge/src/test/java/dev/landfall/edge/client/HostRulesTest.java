package dev.landfall.edge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.landfall.edge.Ground;
import dev.landfall.edge.SnapshotFile;
import dev.landfall.edge.Wire;
import dev.landfall.protocol.edge.Action;
import dev.landfall.protocol.edge.Balancer;
import dev.landfall.protocol.edge.EdgeSnapshot;
import dev.landfall.protocol.edge.Listener;
import dev.landfall.protocol.edge.Rule;
import dev.landfall.protocol.edge.TargetGroup;
import dev.landfall.testkit.Await;
import dev.landfall.testkit.NetworkNamespace;
import dev.landfall.testkit.TemporaryDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a data plane of its own process leaves on the machine when it ends, is killed, or may not do what it needs. */
class HostRulesTest {
    private static final int PORT = 8_080;
    private final TemporaryDirectory directory = TemporaryDirectory.create("rules");
    private final List<Process> processes = new ArrayList<>();
    private final List<String> later = new CopyOnWriteArrayList<>();
    private Machines machines;

    @BeforeEach
    void prepare() {
        String missing = NetworkNamespace.missing();
        assumeThat(missing).as(missing).isEmpty();
        machines = new Machines();
    }

    @AfterEach
    void end() throws IOException {
        processes.forEach(Process::destroyForcibly);
        processes.forEach(process -> process.onExit().join());
        if (machines != null) {
            machines.close();
        }
        directory.close();
    }

    /** Returns when it serves. */
    private Process start(String... with) {
        Path file = directory.path().resolve("snapshot.json");
        new SnapshotFile(file).write(snapshot());
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        var command = new ArrayList<>(machines.hub.command(with));
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow", "-cp", classPath,
                EdgeProcess.class.getName(), file.toString()));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            processes.add(process);
            var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            var said = new ArrayList<String>();
            while (!said.contains("ready")) {
                String line = out.readLine();
                assertThat(line).as("it ended: %s", said).isNotNull();
                said.add(line);
            }
            Thread.ofVirtual().start(() -> out.lines().forEach(later::add));
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static EdgeSnapshot snapshot() {
        var group = new TargetGroup("tg", "tg", TargetGroup.Protocol.TCP, null, TargetGroup.TargetType.IP,
                Ground.UNCHECKED, Map.of("preserve_client_ip.enabled", "true"),
                List.of(new TargetGroup.Target(Machines.TARGET, Machines.TARGET, Machines.PORT, "")));
        var rule = new Rule("default", List.of(), List.of(),
                new Action.Forward(List.of(new Action.WeightedGroup("tg", 1)), 0));
        var listener = new Listener("listener", PORT, Listener.Protocol.TCP, List.of(), "", "", Map.of(),
                List.of(rule));
        return new EdgeSnapshot(1, List.of(new Balancer(Ground.ARN, "lb", "", Balancer.Type.NETWORK,
                List.of(new Balancer.BindAddress("0.0.0.0", "us-east-1a")), Map.of(), List.of(listener))),
                List.of(group));
    }

    private String seen() {
        try (Wire client = Machines.connect(machines.client, 0, Machines.HUB, PORT)) {
            return client.line().equals(client.local()) ? "client" : "load balancer";
        }
    }

    private List<String> rules() {
        var all = new ArrayList<String>();
        machines.hub.run("nft", "list", "tables").lines().forEach(all::add);
        machines.hub.run("ip", "rule").lines().filter(line -> line.contains("fwmark")).forEach(all::add);
        machines.hub.run("ip", "route", "show", "table", "all").lines()
                .filter(line -> line.contains("table " + HostRules.ROUTING_TABLE)).forEach(all::add);
        return all.stream().map(String::strip).toList();
    }

    @Test
    void whatAKilledOneLeavesIsTakenOverAndAnOrderlyEndLeavesNothing() {
        assertThat(rules()).isEmpty();
        Process killed = start();
        assertThat(seen()).isEqualTo("client");
        List<String> made = rules();
        assertThat(made).hasSize(3);
        killed.destroyForcibly().onExit().join();
        assertThat(rules()).isEqualTo(made);

        Process next = start();
        assertThat(rules()).isEqualTo(made);
        assertThat(seen()).isEqualTo("client");
        next.destroy();
        next.onExit().join();
        assertThat(rules()).isEmpty();
    }

    @Test
    void theLastOfTwoRemovesTheRulesAlsoIfTheOtherWasKilled() {
        Process first = start();
        List<String> made = rules();
        var other = new HeldElsewhere(machines.hub);
        first.destroy();
        first.onExit().join();
        assertThat(rules()).as("somebody else needs them").isEqualTo(made);
        Process second = start();
        other.end();
        assertThat(rules()).isEqualTo(made);
        assertThat(seen()).isEqualTo("client");
        second.destroy();
        second.onExit().join();
        assertThat(rules()).isEmpty();
    }

    /** This process's use of the rules. */
    private record HeldElsewhere(NetworkNamespace machine, HostRules rules) {
        HeldElsewhere(NetworkNamespace machine) {
            this(machine, machine.in(HostRules::make));
        }

        void end() {
            machine.in(() -> {
                rules.close();
                return null;
            });
        }
    }

    @Test
    void rulesThatSomebodyRemovedComeBack() {
        HostRules rules = machines.hub.in(HostRules::make);
        List<String> made = rules();
        machines.hub.run("nft", "flush", "ruleset");
        machines.hub.run("ip", "rule", "delete", "priority", String.valueOf(HostRules.PRIORITY));
        machines.hub.in(() -> {
            rules.renew();
            return null;
        });
        assertThat(rules()).isEqualTo(made);
        machines.hub.in(() -> {
            rules.close();
            return null;
        });
        assertThat(rules()).isEmpty();
    }

    @Test
    void withoutTheRightToItTheLoadBalancerIsSeen() {
        Process process = start("setpriv", "--inh-caps=-net_admin,-net_raw", "--bounding-set=-net_admin,-net_raw");
        assertThat(seen()).isEqualTo("load balancer");
        assertThat(seen()).isEqualTo("load balancer");
        assertThat(rules()).isEmpty();
        Await.until("it is told", Duration.ofSeconds(10), () -> !later.isEmpty());
        assertThat(later).filteredOn(line -> line.contains("instead of")).singleElement().asString()
                .contains("target " + Machines.TARGET, Machines.CLIENT, "take root, or CAP_NET_ADMIN");
        process.destroy();
        process.onExit().join();
    }
}
