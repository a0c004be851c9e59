package dev.landfall.app.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;

/** What tests ask of one cluster's services and tasks. */
record Services(EcsClient ecs, String cluster) {
    Service service(String name) {
        return ecs.describeServices(r -> r.cluster(cluster).services(name)).services().getFirst();
    }

    /** Tasks that are to run, or were. */
    List<Task> tasks(DesiredStatus desired) {
        List<String> arns = ecs.listTasks(r -> r.cluster(cluster).desiredStatus(desired)).taskArns();
        return arns.isEmpty() ? List.of() : ecs.describeTasks(r -> r.cluster(cluster).tasks(arns)).tasks();
    }

    List<Task> running() {
        return tasks(DesiredStatus.RUNNING).stream().filter(task -> task.lastStatus().equals("RUNNING")).toList();
    }

    Task task(String arn) {
        return ecs.describeTasks(r -> r.cluster(cluster).tasks(arn)).tasks().getFirst();
    }

    /** One deployment, completed, with as many tasks running as are desired and none besides. */
    void assertSteady(String name) {
        Service service = service(name);
        assertThat(service.deployments()).hasSize(1);
        assertThat(service.deployments().getFirst().rolloutState()).isEqualTo(DeploymentRolloutState.COMPLETED);
        assertThat(service.runningCount()).isEqualTo(service.desiredCount());
        assertThat(service.pendingCount()).isZero();
        assertThat(tasks(DesiredStatus.RUNNING).stream()
                .filter(task -> task.group().equals("service:" + name))
                .map(task -> task.lastStatus() + " " + task.taskDefinitionArn()))
                .hasSize(service.desiredCount())
                .containsOnly("RUNNING " + service.taskDefinition());
    }

    /** Steady, and got there without a task that failed. */
    void assertSteadyAtOnce(String name) {
        assertSteady(name);
        assertThat(service(name).deployments().getFirst().failedTasks()).as(() -> service(name).events().toString())
                .isZero();
    }

    /** The containers the API says to run, by their ids, each with its task's ARN. */
    Map<String, String> runtimeIds() {
        var ids = new TreeMap<String, String>();
        for (Task task : running()) {
            for (Container container : task.containers()) {
                ids.put(container.runtimeId(), task.taskArn());
            }
        }
        return ids;
    }

    /** That the engine runs exactly what the API says. */
    void assertSameAs(Footprint... footprints) {
        var real = new TreeMap<String, String>();
        for (Footprint footprint : footprints) {
            real.putAll(footprint.running());
        }
        assertThat(real).isEqualTo(runtimeIds());
    }

    Set<String> arns() {
        return running().stream().map(Task::taskArn).collect(Collectors.toCollection(TreeSet::new));
    }

    static String address(Task task) {
        return task.attachments().getFirst().details().stream()
                .filter(detail -> detail.name().equals("privateIPv4Address"))
                .map(KeyValuePair::value)
                .findFirst().orElseThrow();
    }

    /** What an HTTP server answers to a GET. That it does not is a failed assertion, since it may be awaited. */
    static String get(String address, int port) {
        try {
            var connection = URI.create("http://" + address + ":" + port + "/").toURL().openConnection();
            connection.setConnectTimeout(5_000);
            connection.setReadTimeout(5_000);
            try (var in = connection.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new AssertionError("no answer from " + address + ":" + port, e);
        }
    }
}
