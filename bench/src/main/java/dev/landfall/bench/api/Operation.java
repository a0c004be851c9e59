package dev.landfall.bench.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.landfall.bench.fleet.Population;
import dev.landfall.bench.wire.Api;
import dev.landfall.bench.wire.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The calls that are measured, and what each caller sends. */
enum Operation {
    REGISTER_TASK_DEFINITION("RegisterTaskDefinition", true),
    UPDATE_SERVICE("UpdateService", true),
    DESCRIBE_TASK("DescribeTasks, 1 task", false),
    DESCRIBE_TASKS("DescribeTasks, 100 tasks", false),
    LIST_TASKS("ListTasks, page of 100", false),
    DESCRIBE_SERVICE("DescribeServices, 1 service", false);

    /** Every caller goes through as many requests, so that the same row is not asked for again and again. */
    private static final int VARIANTS = 32;

    private final String title;
    private final boolean writes;

    Operation(String title, boolean writes) {
        this.title = title;
        this.writes = writes;
    }

    String title() {
        return title;
    }

    boolean writes() {
        return writes;
    }

    static String service(int caller) {
        return "bench-" + caller;
    }

    List<byte[]> requests(int caller, List<String> taskArns) {
        var random = new Random(caller);
        var requests = new ArrayList<byte[]>();
        for (int i = 0; i < VARIANTS; i++) {
            requests.add(switch (this) {
                case REGISTER_TASK_DEFINITION -> Connection.request("RegisterTaskDefinition",
                        Population.definition("bench-" + caller).toString());
                case UPDATE_SERVICE -> Connection.request("UpdateService", update(caller, i).toString());
                case DESCRIBE_TASK -> describe(taskArns, 1, random);
                case DESCRIBE_TASKS -> describe(taskArns, 100, random);
                case LIST_TASKS -> Connection.request("ListTasks", cluster().toString());
                case DESCRIBE_SERVICE -> describeService(caller);
            });
        }
        return requests;
    }

    private static ObjectNode cluster() {
        return Api.object().put("cluster", Population.CLUSTER);
    }

    /** Something changes each time; the desired count stays 0, so that no task is started. */
    private static ObjectNode update(int caller, int variant) {
        ObjectNode input = cluster().put("service", service(caller)).put("desiredCount", 0);
        input.putObject("deploymentConfiguration")
                .put("maximumPercent", 150 + variant).put("minimumHealthyPercent", 100);
        return input;
    }

    private static byte[] describe(List<String> taskArns, int count, Random random) {
        ObjectNode input = cluster();
        var tasks = input.putArray("tasks");
        int first = random.nextInt(Math.max(1, taskArns.size() - count));
        taskArns.subList(first, Math.min(taskArns.size(), first + count)).forEach(tasks::add);
        return Connection.request("DescribeTasks", input.toString());
    }

    private static byte[] describeService(int caller) {
        ObjectNode input = cluster();
        input.putArray("services").add(service(caller));
        return Connection.request("DescribeServices", input.toString());
    }
}
