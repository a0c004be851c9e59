package dev.landfall.ecs.daemontask;

import java.util.List;
import software.amazon.awssdk.services.ecs.model.DaemonTaskDefinition;
import software.amazon.awssdk.services.ecs.model.Tag;

/** One revision of a daemon task definition, which never changes but for its status and tags. */
public record DaemonTaskDefinitionRow(DaemonTaskDefinition definition, List<Tag> tags) {
    public String arn() {
        return definition.daemonTaskDefinitionArn();
    }
}
