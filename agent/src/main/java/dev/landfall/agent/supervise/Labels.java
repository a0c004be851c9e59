package dev.landfall.agent.supervise;

import dev.landfall.protocol.TaskPayload;
import java.util.Map;
import java.util.TreeMap;

/** The labels by which containers and volumes are known to be a task's, and whose. */
public final class Labels {
    public static final String AGENT = "dev.landfall.agent";
    public static final String CONTAINER_NAME = "com.amazonaws.ecs.container-name";
    public static final String TASK_ARN = "com.amazonaws.ecs.task-arn";
    static final String CLUSTER = "com.amazonaws.ecs.cluster";
    static final String FAMILY = "com.amazonaws.ecs.task-definition-family";
    static final String VERSION = "com.amazonaws.ecs.task-definition-version";

    private Labels() {}

    static Map<String, String> task(String agentId, TaskPayload task) {
        var labels = new TreeMap<String, String>();
        labels.put(AGENT, agentId);
        labels.put(TASK_ARN, task.arn());
        put(labels, CLUSTER, task.taskClusterArn());
        put(labels, FAMILY, task.family());
        put(labels, VERSION, task.version());
        return labels;
    }

    static Map<String, String> container(String agentId, TaskPayload task, String container) {
        var labels = task(agentId, task);
        labels.put(CONTAINER_NAME, container);
        return labels;
    }

    private static void put(Map<String, String> labels, String name, String value) {
        if (value != null) {
            labels.put(name, value);
        }
    }
}
