package dev.landfall.ecs.cluster;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.state.Image;
import java.util.List;
import java.util.TreeMap;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;

/** What is counted in a cluster when it is asked for. */
public final class ClusterCounts {
    static final List<String> PENDING = List.of("PROVISIONING", "PENDING", "ACTIVATING");
    private static final List<String> TYPES = List.of("EC2", "Fargate", "External");
    private static final List<String> STOPPING = List.of("DEACTIVATING", "STOPPING", "DEPROVISIONING");

    private ClusterCounts() {}

    /** The cluster with its four counts; they cost the same however many tasks it has. */
    static Cluster counted(Image image, Cluster cluster) {
        String arn = cluster.clusterArn();
        return cluster.toBuilder()
                .registeredContainerInstancesCount(instances(image, arn))
                .runningTasksCount(tasks(image, arn, List.of("RUNNING")))
                .pendingTasksCount(tasks(image, arn, PENDING))
                .activeServicesCount(activeServices(image, arn))
                .build();
    }

    static int instances(Image image, String clusterArn) {
        return image.count(EcsTables.INSTANCES, EcsTables.INSTANCES_BY_CLUSTER, clusterArn);
    }

    static int activeServices(Image image, String clusterArn) {
        return (int) image.find(EcsTables.SERVICES, EcsTables.SERVICES_BY_CLUSTER, clusterArn).stream()
                .filter(row -> "ACTIVE".equals(row.service().status()))
                .count();
    }

    /** Tasks that have not stopped. */
    static int liveTasks(Image image, String clusterArn) {
        return tasks(image, clusterArn, List.of("RUNNING"))
                + tasks(image, clusterArn, PENDING)
                + tasks(image, clusterArn, STOPPING);
    }

    private static int tasks(Image image, String clusterArn, List<String> statuses) {
        return TYPES.stream().mapToInt(type -> tasks(image, clusterArn, statuses, type)).sum();
    }

    /** Counts by launch type. */
    static List<KeyValuePair> statistics(Image image, String clusterArn) {
        var counts = new TreeMap<String, Integer>();
        for (String type : TYPES) {
            for (String name : List.of("running%sTasksCount", "pending%sTasksCount",
                    "active%sServiceCount", "draining%sServiceCount")) {
                counts.put(name.formatted(type), 0);
            }
        }
        countTasks(image, clusterArn, "running", List.of("RUNNING"), counts);
        countTasks(image, clusterArn, "pending", PENDING, counts);
        for (ServiceRow row : image.find(EcsTables.SERVICES, EcsTables.SERVICES_BY_CLUSTER, clusterArn)) {
            String state = "ACTIVE".equals(row.service().status()) ? "active" : "draining";
            String provider = row.service().capacityProviderStrategy().isEmpty()
                    ? null : row.service().capacityProviderStrategy().getFirst().capacityProvider();
            counts.merge(state + type(row.service().launchTypeAsString(), provider) + "ServiceCount", 1, Integer::sum);
        }
        return counts.entrySet().stream()
                .map(count -> KeyValuePair.builder().name(count.getKey()).value(count.getValue().toString()).build())
                .toList();
    }

    private static void countTasks(
            Image image, String clusterArn, String state, List<String> statuses, TreeMap<String, Integer> counts) {
        for (String type : TYPES) {
            counts.put(state + type + "TasksCount", tasks(image, clusterArn, statuses, type));
        }
    }

    private static int tasks(Image image, String clusterArn, List<String> statuses, String type) {
        return statuses.stream().mapToInt(status -> image.count(
                EcsTables.TASKS, EcsTables.TASKS_BY_CAPACITY, clusterArn + '|' + status + '|' + type)).sum();
    }

    /** The kind of capacity, as the statistics name it. Either argument may be missing, as the API has it. */
    public static String type(String launchType, String capacityProvider) {
        String of = capacityProvider == null ? String.valueOf(launchType) : capacityProvider;
        return of.startsWith("FARGATE") ? "Fargate" : of.equals("EXTERNAL") ? "External" : "EC2";
    }
}
