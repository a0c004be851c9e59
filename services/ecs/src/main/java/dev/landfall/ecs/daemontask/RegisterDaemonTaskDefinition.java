package dev.landfall.ecs.daemontask;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.tag.Tags;
import dev.landfall.ecs.taskdef.DefinitionSize;
import dev.landfall.ecs.taskdef.FamilyRow;
import dev.landfall.ecs.taskdef.RegisterTaskDefinition;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import dev.landfall.wire.SdkJson;
import java.time.temporal.ChronoUnit;
import java.util.List;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.DaemonContainerDefinition;
import software.amazon.awssdk.services.ecs.model.DaemonTaskDefinition;
import software.amazon.awssdk.services.ecs.model.DaemonTaskDefinitionStatus;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.RegisterDaemonTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.RegisterDaemonTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.Volume;

/**
 * Registers the next revision of a daemon task definition. What it may say is a part of what a task definition may, in
 * the same words, so that it is held to the same rules: those for a task in the host's network.
 */
public final class RegisterDaemonTaskDefinition {
    private RegisterDaemonTaskDefinition() {}

    public static Decision<RegisterDaemonTaskDefinitionResponse> decide(
            Image image, RegisterDaemonTaskDefinitionRequest request, Scope scope, Context context) {
        DefinitionSize.require(request);
        TaskDefinition checked = RegisterTaskDefinition.completed(TaskDefinition.builder()
                .family(request.family())
                .taskRoleArn(request.taskRoleArn())
                .executionRoleArn(request.executionRoleArn())
                .networkMode(NetworkMode.HOST)
                .cpu(request.cpu())
                .memory(request.memory())
                .containerDefinitions(request.containerDefinitions().stream()
                        .map(container -> as(container, ContainerDefinition.class)).toList())
                .volumes(request.volumes().stream().map(volume -> as(volume, Volume.class)).toList())
                .build(), scope);
        List<Tag> tags = Tags.validated(request.tags());
        String familyKey = EcsTables.familyKey(scope, checked.family());
        int revision = FamilyRow.next(image.get(EcsTables.DAEMON_FAMILIES, familyKey));
        var row = new DaemonTaskDefinitionRow(
                DaemonTaskDefinition.builder()
                        .daemonTaskDefinitionArn(DaemonTaskDefinitions.arn(scope, checked.family(), revision))
                        .family(checked.family())
                        .revision(revision)
                        .taskRoleArn(checked.taskRoleArn())
                        .executionRoleArn(checked.executionRoleArn())
                        .cpu(checked.cpu())
                        .memory(checked.memory())
                        .containerDefinitions(checked.containerDefinitions().stream()
                                .map(container -> as(container, DaemonContainerDefinition.class)).toList())
                        .volumes(request.volumes())
                        .status(DaemonTaskDefinitionStatus.ACTIVE)
                        .registeredAt(context.now().truncatedTo(ChronoUnit.MILLIS))
                        .registeredBy("arn:aws:iam::" + scope.accountId() + ":root")
                        .build(),
                tags);
        return Decision.of(
                RegisterDaemonTaskDefinitionResponse.builder().daemonTaskDefinitionArn(row.arn()).build(),
                Write.put(EcsTables.DAEMON_FAMILIES, new FamilyRow(familyKey, checked.family(), revision)),
                Write.put(EcsTables.DAEMON_TASK_DEFINITIONS, row));
    }

    /** The same members in a shape that knows them under the same names; those it does not know are left out. */
    private static <T> T as(SdkPojo shape, Class<T> other) {
        try {
            return SdkJson.read(SdkJson.write(shape), other);
        } catch (IllegalArgumentException e) { // a key beyond what a parser takes, of an option for one
            throw EcsErrors.client("The daemon task definition contains a name that is too long.");
        }
    }
}
