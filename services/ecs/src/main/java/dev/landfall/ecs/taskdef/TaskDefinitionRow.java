package dev.landfall.ecs.taskdef;

import java.util.List;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** One revision of a task definition. Its {@code definition} never changes but for the status and its times. */
public record TaskDefinitionRow(TaskDefinition definition, List<Tag> tags) {
    public String arn() {
        return definition.taskDefinitionArn();
    }
}
