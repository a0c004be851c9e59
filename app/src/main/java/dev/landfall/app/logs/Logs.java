package dev.landfall.app.logs;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Container;
import dev.landfall.app.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code landfall logs}: what the containers of a task on this machine print, also after they stopped. */
@Command(name = "logs", description = "Print what a task's containers print.", mixinStandardHelpOptions = true)
public final class Logs implements Runnable {
    private static final String TASK_LABEL = "com.amazonaws.ecs.task-arn";
    private static final String NAME_LABEL = "com.amazonaws.ecs.container-name";
    /** The containers that hold a task's network namespace; they print nothing of interest. */
    private static final String INTERNAL = "~internal~";

    @Parameters(index = "0", paramLabel = "TASK", description = "The task's id or ARN.")
    private String task;

    @Parameters(index = "1", arity = "0..1", paramLabel = "CONTAINER", description = "Only this container's.")
    private String container;

    @Option(names = {"-f", "--follow"}, description = "Go on until the containers stop.")
    private boolean follow;

    @Option(names = {"-n", "--tail"}, paramLabel = "N", description = "Begin with each container's last N lines.")
    private Integer tail;

    @Override
    public void run() {
        try (var docker = Docker.connect()) {
            var containers = find(docker);
            boolean several = containers.size() > 1;
            var streams = new ArrayList<LogStream>();
            for (Container found : containers) {
                String prefix = several ? name(found) + " | " : "";
                var stream = new LogStream(prefix, System.out, System.err);
                var command = docker.logContainerCmd(found.getId())
                        .withStdOut(true).withStdErr(true).withFollowStream(follow);
                (tail == null ? command.withTailAll() : command.withTail(tail)).exec(stream);
                streams.add(stream);
                if (!follow) {
                    stream.awaitCompletion();
                }
            }
            for (LogStream stream : streams) {
                stream.awaitCompletion();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Container> find(DockerClient docker) {
        String id = task.substring(task.lastIndexOf('/') + 1);
        var ofTask = docker.listContainersCmd().withShowAll(true).withLabelFilter(List.of(TASK_LABEL)).exec().stream()
                .filter(found -> found.getLabels().get(TASK_LABEL).endsWith("/" + id))
                .sorted(Comparator.comparing(Container::getCreated).thenComparing(Logs::name))
                .toList();
        if (ofTask.isEmpty()) {
            throw new Refusal("No container of task " + id + " is on this machine: 'aws ecs list-tasks' lists tasks, "
                    + "and './landfall logs' looks only at the local Docker Engine");
        }
        var wanted = ofTask.stream()
                .filter(found -> Optional.ofNullable(container)
                        .map(name(found)::equals)
                        .orElse(!name(found).startsWith(INTERNAL)))
                .toList();
        if (wanted.isEmpty()) {
            throw new Refusal("Task " + id + " has no container '" + container + "' but "
                    + String.join(", ", ofTask.stream().map(Logs::name).toList()));
        }
        return wanted;
    }

    private static String name(Container container) {
        return Optional.ofNullable(container.getLabels()).orElse(Map.of()).getOrDefault(NAME_LABEL, "?");
    }
}
