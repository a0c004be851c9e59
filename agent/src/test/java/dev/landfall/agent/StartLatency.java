package dev.landfall.agent;

import static dev.landfall.agent.fake.Payloads.container;
import static dev.landfall.agent.fake.Payloads.task;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.landfall.agent.fake.Payloads;
import dev.landfall.protocol.TaskPayload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * Measures how long a task takes from its payload to the report that it runs, beside the engine's own create and start
 * of the same container. A program, not a test: run {@code main}.
 */
final class StartLatency extends DockerTest {
    private static final int ROUNDS = 15;
    private static final int BURST = 40;
    private static final String WAIT = "exec sleep 600";

    private StartLatency() {}

    public static void main(String[] arguments) throws Exception {
        open();
        try {
            measure("raw engine, network none", n -> raw("none"));
            measure("agent, network none", n -> run(task(container("main", WAIT).stopTimeout(0)).payload()));
            measure("raw engine, network bridge", n -> raw("bridge"));
            measure("agent, network bridge", n -> run(task(container("main", WAIT).stopTimeout(0)).network("bridge")
                    .payload()));
            measure("raw engine, network host", n -> raw("host"));
            measure("agent, network host", n -> run(task(container("main", WAIT).stopTimeout(0)).network("host")
                    .payload()));
            measure("agent, awsvpc", n -> run(task(container("main", WAIT).stopTimeout(0))
                    .awsvpc(address(50 + n), address(1) + "/20").payload()));
            burst("bridge");
            burst("awsvpc");
        } finally {
            close();
        }
        System.exit(0);
    }

    private interface Round {
        long nanos(int n) throws Exception;
    }

    private static void measure(String what, Round round) throws Exception {
        long[] times = new long[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            times[i] = round.nanos(i);
            // Not while a warm namespace is being made.
            Thread.sleep(400);
        }
        Arrays.sort(times);
        System.out.printf("%-30s p50 %5.1f ms  max %5.1f ms%n", what, times[ROUNDS / 2] / 1e6, times[ROUNDS - 1] / 1e6);
    }

    private static long raw(String network) {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("Image", Payloads.IMAGE);
        document.putArray("Cmd").add("/bin/sh").add("-c").add(WAIT);
        document.putObject("HostConfig").put("NetworkMode", network);
        long begin = System.nanoTime();
        String id = engine.create("landfall-latency-" + UUID.randomUUID(), document);
        engine.start(id);
        long end = System.nanoTime();
        engine.remove(id);
        return end - begin;
    }

    private static long run(TaskPayload task) {
        long begin = System.nanoTime();
        control.run(task);
        control.reported(task.arn(), "RUNNING");
        long end = System.nanoTime();
        control.stop(task.arn());
        control.reported(task.arn(), "STOPPED");
        return end - begin;
    }

    private static void burst(String network) throws InterruptedException {
        List<TaskPayload> tasks = new ArrayList<>();
        for (int i = 0; i < BURST; i++) {
            var next = task(container("main", WAIT).stopTimeout(0));
            tasks.add((network.equals("awsvpc") ? next.awsvpc(address(100 + i), address(1) + "/20")
                    : next.network(network))
                    .payload());
        }
        long begin = System.nanoTime();
        control.run(tasks.toArray(TaskPayload[]::new));
        tasks.forEach(each -> control.reported(each.arn(), "RUNNING"));
        System.out.printf("burst of %d, %s: %.0f ms%n", BURST, network, (System.nanoTime() - begin) / 1e6);
        control.run(tasks.stream().map(each -> TaskPayload.stop(each.arn(), each.taskClusterArn()))
                .toArray(TaskPayload[]::new));
        tasks.forEach(each -> control.reported(each.arn(), "STOPPED"));
    }
}
