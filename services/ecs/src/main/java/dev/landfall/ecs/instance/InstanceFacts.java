package dev.landfall.ecs.instance;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.query.Facts;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Image;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.VersionInfo;

/** What a cluster query may ask of an instance, looked up when it asks. */
public record InstanceFacts(Image image, InstanceRow row) implements Facts {
    @Override
    public Optional<String> attribute(String name) {
        return row.attribute(name);
    }

    @Override
    public boolean agentConnected() {
        return Boolean.TRUE.equals(row.instance().agentConnected());
    }

    @Override
    public Optional<String> agentVersion() {
        return Optional.ofNullable(row.instance().versionInfo()).map(VersionInfo::agentVersion);
    }

    @Override
    public String ec2InstanceId() {
        return row.instance().ec2InstanceId();
    }

    @Override
    public Instant registeredAt() {
        return row.instance().registeredAt();
    }

    @Override
    public int runningTasksCount() {
        return (int) tasks().stream().filter(TaskRow::running).count();
    }

    @Override
    public Collection<String> taskGroups() {
        return tasks().stream().map(task -> task.task().group()).toList();
    }

    private List<TaskRow> tasks() {
        return image.find(EcsTables.TASKS, EcsTables.TASKS_BY_INSTANCE, row.arn());
    }
}
