package dev.landfall.elb.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.edge.Edge;
import dev.landfall.elb.Stage;
import dev.landfall.testkit.Await;
import dev.landfall.testkit.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupTuple;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

/** New connections and flows of a Network Load Balancer go to target groups as their weights say, and old ones stay. */
class WeightsTest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    @TempDir
    private Path logs;

    /** Answers with one byte, its name, over TCP at once and again for each byte, and over UDP to every datagram. */
    private static final class Target implements AutoCloseable {
        private final char name;
        private final ServerSocket server;
        private final DatagramSocket datagrams;

        Target(char name) throws IOException {
            this.name = name;
            server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
            datagrams = new DatagramSocket(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()));
            Thread.ofVirtual().start(this::accept);
            Thread.ofVirtual().start(this::receive);
        }

        int port() {
            return server.getLocalPort();
        }

        private void accept() {
            try {
                while (true) {
                    Socket socket = server.accept();
                    Thread.ofVirtual().start(() -> serve(socket));
                }
            } catch (IOException e) {
                // the end
            }
        }

        private void serve(Socket socket) {
            try (socket) {
                do {
                    socket.getOutputStream().write(name);
                } while (socket.getInputStream().read() >= 0);
            } catch (IOException e) {
                // a health check, say
            }
        }

        private void receive() {
            try {
                while (true) {
                    var packet = new DatagramPacket(new byte[1], 1);
                    datagrams.receive(packet);
                    datagrams.send(new DatagramPacket(new byte[] {(byte) name}, 1, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                // the end
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
            datagrams.close();
        }
    }

    private static char overTcp(InetSocketAddress at) {
        try (var socket = new Socket(at.getAddress(), at.getPort())) {
            return (char) socket.getInputStream().read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static char overUdp(InetSocketAddress at) {
        try (var socket = new DatagramSocket()) {
            return overUdp(socket, at);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static char overUdp(DatagramSocket socket, InetSocketAddress at) throws IOException {
        socket.setSoTimeout((int) DEADLINE.toMillis());
        socket.send(new DatagramPacket("?".getBytes(StandardCharsets.US_ASCII), 1, at));
        var answer = new DatagramPacket(new byte[1], 1);
        socket.receive(answer);
        return (char) answer.getData()[0];
    }

    private static long count(char name, int times, Supplier<Character> ask) {
        return IntStream.range(0, times).filter(i -> ask.get() == name).count();
    }

    private static String group(Stage on, String name, Target target) {
        String arn = on.group(request -> request.name(name).protocol("TCP_UDP").healthCheckIntervalSeconds(5)
                .healthCheckTimeoutSeconds(2).healthyThresholdCount(2));
        on.elb().registerTargets(request -> request.targetGroupArn(arn)
                .targets(Stage.target("127.0.0.1", target.port())));
        return arn;
    }

    private static Action weighted(String one, int first, String two, int second) {
        return Action.builder().type("forward").forwardConfig(forward -> forward.targetGroups(
                TargetGroupTuple.builder().targetGroupArn(one).weight(first).build(),
                TargetGroupTuple.builder().targetGroupArn(two).weight(second).build())).build();
    }

    /** Returns when it is in effect. */
    private static void modify(Stage on, String listener, Action action) {
        on.elb().modifyListener(request -> request.listenerArn(listener).defaultActions(action));
        Await.until("the weights are in effect", DEADLINE, () -> on.service().edges().inEffect(listener));
    }

    private static void awaitHealthy(Stage on, String group) {
        Await.until("the target is healthy", DEADLINE, () -> on.elb().describeTargetHealth(request ->
                request.targetGroupArn(group)).targetHealthDescriptions().getFirst().targetHealth().state()
                == TargetHealthStateEnum.HEALTHY);
    }

    @Test
    void ofTcpAndUdp() throws Exception {
        var connection = new CompletableFuture<EdgeConnection>();
        Stage.play(Stage.Way.IN_PROCESS, on -> {
            try (var edge = new Edge(1, logs, report -> connection.thenAccept(it -> it.report(report)));
                    var one = new Target('1'); var two = new Target('2')) {
                int port = FreePorts.one();
                String first = group(on, "first", one);
                String second = group(on, "second", two);
                String balancer = on.nlb();
                String listener = on.elb().createListener(request -> request.loadBalancerArn(balancer).port(port)
                        .protocol("TCP_UDP").defaultActions(weighted(first, 1, second, 0)))
                        .listeners().getFirst().listenerArn();
                var at = new InetSocketAddress(SnapshotCheck.of(on.image()).balancers().getFirst().addresses()
                        .getFirst().address(), port);
                connection.complete(on.service().edges().connect(DataPlane.ofSnapshots(edge::accept)));
                awaitHealthy(on, first);
                awaitHealthy(on, second);       // as one without weight is checked as well
                play(on, listener, at, List.of(first, second));
            }
            return on;
        });
    }

    private static void play(Stage on, String listener, InetSocketAddress at, List<String> groups)
            throws IOException {
        var kept = new ArrayList<Socket>();
        try (var flow = new DatagramSocket()) {
            assertThat(count('1', 50, () -> overTcp(at))).isEqualTo(50);
            assertThat(count('1', 50, () -> overUdp(at))).isEqualTo(50);
            assertThat(overUdp(flow, at)).isEqualTo('1');
            kept.add(new Socket(at.getAddress(), at.getPort()));
            assertThat(kept.getFirst().getInputStream().read()).isEqualTo('1');

            modify(on, listener, weighted(groups.getFirst(), 0, groups.getLast(), 7));
            assertThat(count('2', 50, () -> overTcp(at))).as("no connection goes back").isEqualTo(50);
            assertThat(count('2', 50, () -> overUdp(at))).isEqualTo(50);
            kept.getFirst().getOutputStream().write('?');
            assertThat(kept.getFirst().getInputStream().read()).as("a connection stays where it is").isEqualTo('1');
            assertThat(overUdp(flow, at)).as("so does a flow").isEqualTo('1');

            // Three quarters stray so far less often than once in a thousand million times.
            modify(on, listener, weighted(groups.getFirst(), 200, groups.getLast(), 600));
            assertThat(count('2', 400, () -> overTcp(at))).isBetween(240L, 360L);
            assertThat(count('2', 200, () -> overUdp(at))).isBetween(110L, 190L);
        } finally {
            for (Socket socket : kept) {
                socket.close();
            }
        }
    }
}
