package dev.landfall.ecs.task;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.cluster.Clusters;
import dev.landfall.state.Image;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ExecuteCommandRequest;
import software.amazon.awssdk.services.ecs.model.ExecuteCommandResponse;

/**
 * Would begin a session in a container of a running task. The session's data channel is not there yet: a request that
 * is right in everything is answered as ECS answers while the container's exec agent is not connected.
 */
public final class ExecuteCommand {
    private ExecuteCommand() {}

    public static ExecuteCommandResponse read(Image image, ExecuteCommandRequest request, Scope scope) {
        ClusterRow cluster = Clusters.require(image, scope, request.cluster());
        if (request.task() == null || request.task().isBlank()) {
            throw EcsErrors.invalidParameter("taskId cannot be empty.");
        }
        if (request.command() == null || request.command().isBlank()) {
            throw EcsErrors.invalidParameter("Command cannot be empty.");
        }
        if (!Boolean.TRUE.equals(request.interactive())) {
            throw EcsErrors.invalidParameter("Interactive is the only mode supported currently.");
        }
        TaskRow row = Tasks.find(image, scope, cluster, request.task())
                .orElseThrow(() -> EcsErrors.invalidParameter("The referenced task was not found."));
        Container container = container(row.task().containers(), request.container());
        if (!row.running() || !row.wanted() || !TaskStatus.RUNNING.name().equals(container.lastStatus())) {
            throw EcsErrors.invalidParameter(
                    "The execute command failed because the task or the container is not running.");
        }
        if (!Boolean.TRUE.equals(row.task().enableExecuteCommand())) {
            throw EcsErrors.invalidParameter("The execute command failed because execute command was not enabled when "
                    + "the task was run or the execute command agent isn’t running. Wait and try again or run a new "
                    + "task with execute command enabled and try again.");
        }
        throw EcsErrors.targetNotConnected();
    }

    /** "A container name only needs to be specified for tasks containing multiple containers" (ECS API Reference). */
    private static Container container(List<Container> containers, String name) {
        if (name == null || name.isEmpty()) {
            if (containers.size() > 1) {
                throw EcsErrors.invalidParameter(
                        "A container name must be specified for a task with multiple containers.");
            }
            return containers.getFirst();
        }
        return containers.stream().filter(each -> each.name().equals(name)).findFirst()
                .orElseThrow(() -> EcsErrors.invalidParameter(
                        "The container " + name + " was not found in the task."));
    }
}
