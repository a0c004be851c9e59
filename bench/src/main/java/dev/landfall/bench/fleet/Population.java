package dev.landfall.bench.fleet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.landfall.bench.Progress;
import dev.landfall.bench.Refusal;
import dev.landfall.bench.wire.Api;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** A cluster full of running tasks, on simulated container instances. */
public final class Population {
    public static final String CLUSTER = "bench";
    public static final String FAMILY = "bench";

    private static final int TASKS_PER_CALL = 10;
    private static final int REPORTERS = 8;

    /** So many tasks on one instance are beyond any real one, but make lookups by instance no cheaper. */
    private static final int TASKS_PER_INSTANCE = 1_000;

    private static final int TELL_EVERY = 10_000;

    private Population() {}

    /** Starts the tasks and answers their ARNs when all run. The agents are closed again: they would only add noise. */
    public static List<String> start(URI server, int tasks) {
        var agents = new ArrayList<SimulatedAgent>();
        try (var api = new Api(server)) {
            api.call("CreateCluster", Api.object().put("clusterName", CLUSTER));
            api.call("RegisterTaskDefinition", definition(FAMILY));
            for (int i = 0; i < Math.max(1, tasks / TASKS_PER_INSTANCE); i++) {
                agents.add(SimulatedAgent.connect(server, CLUSTER, SimulatedAgent.Size.HUGE,
                        Math.max(1, REPORTERS * TASKS_PER_INSTANCE / Math.max(tasks, TASKS_PER_INSTANCE))));
            }
            agents.forEach(SimulatedAgent::awaitConnected);
            List<String> arns = run(api, tasks);
            int running = 0;
            for (SimulatedAgent agent : agents) {
                agent.awaitRunning(placed(api, agent));
                running += agent.running();
            }
            if (running != tasks) {
                throw new Refusal(running + " tasks run instead of " + tasks);
            }
            return arns;
        } finally {
            agents.forEach(SimulatedAgent::close);
        }
    }

    private static int placed(Api api, SimulatedAgent agent) {
        ObjectNode input = Api.object().put("cluster", CLUSTER);
        input.putArray("containerInstances").add(agent.instanceArn());
        var instance = api.call("DescribeContainerInstances", input).path("containerInstances").path(0);
        return instance.path("runningTasksCount").asInt() + instance.path("pendingTasksCount").asInt();
    }

    private static List<String> run(Api api, int tasks) {
        var arns = new ArrayList<String>();
        ObjectNode input = Api.object().put("cluster", CLUSTER).put("taskDefinition", FAMILY).put("launchType", "EC2");
        while (arns.size() < tasks) {
            input.put("count", Math.min(TASKS_PER_CALL, tasks - arns.size()));
            var answer = api.call("RunTask", input);
            if (!answer.path("failures").isEmpty()) {
                throw new Refusal("RunTask could not place a task: " + answer.path("failures"));
            }
            answer.path("tasks").forEach(task -> arns.add(task.path("taskArn").asText()));
            if (arns.size() % TELL_EVERY == 0) {
                Progress.say(arns.size() + " of " + tasks + " tasks placed");
            }
        }
        return arns;
    }

    /** A definition of the usual size: two containers with some environment. */
    public static ObjectNode definition(String family) {
        ObjectNode definition = Api.object().put("family", family).put("networkMode", "bridge");
        var containers = definition.putArray("containerDefinitions");
        for (String name : List.of("app", "sidecar")) {
            ObjectNode container = containers.addObject().put("name", name)
                    .put("image", "registry.example/" + name + ":1")
                    .put("memory", 64).put("cpu", 10).put("essential", name.equals("app"));
            var environment = container.putArray("environment");
            for (int i = 0; i < 4; i++) {
                environment.addObject().put("name", "SETTING_" + i).put("value", "value of setting " + i);
            }
        }
        return definition;
    }
}
