package dev.landfall.ecs.taskdef;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.tag.Tags;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.time.temporal.ChronoUnit;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;

/** Registers the next revision of a family, also when it says the same as the last. */
public final class RegisterTaskDefinition {
    private RegisterTaskDefinition() {}

    public static Decision<RegisterTaskDefinitionResponse> decide(
            Image image, RegisterTaskDefinitionRequest request, Scope scope, Context context) {
        var draft = new Draft(image);
        TaskDefinitionRow row = register(draft, request, scope, context);
        return draft.reply(RegisterTaskDefinitionResponse.builder()
                .taskDefinition(row.definition()).tags(row.tags()).build());
    }

    /** The next revision of the family, written down. */
    public static TaskDefinitionRow register(
            Draft draft, RegisterTaskDefinitionRequest request, Scope scope, Context context) {
        DefinitionSize.require(request);
        TaskDefinition asked = asked(request, scope);
        TaskRules.require(asked);
        Compatibilities.require(asked);
        List<Tag> tags = Tags.validated(request.tags());
        String familyKey = EcsTables.familyKey(scope, asked.family());
        int revision = FamilyRow.next(draft.image().get(EcsTables.FAMILIES, familyKey));
        TaskDefinition completed = Defaults.applied(asked);
        var row = new TaskDefinitionRow(
                completed.toBuilder()
                        .taskDefinitionArn(Reference.arn(scope, asked.family(), revision))
                        .revision(revision)
                        .status(TaskDefinitionStatus.ACTIVE)
                        .compatibilities(Compatibilities.of(completed))
                        .requiresAttributes(RequiredAttributes.of(completed))
                        .registeredAt(context.now().truncatedTo(ChronoUnit.MILLIS))
                        .registeredBy("arn:aws:iam::" + scope.accountId() + ":root")
                        .build(),
                tags);
        draft.put(EcsTables.FAMILIES, new FamilyRow(familyKey, asked.family(), revision));
        draft.put(EcsTables.TASK_DEFINITIONS, row);
        return row;
    }

    /** A definition that is registered elsewhere, held to the same rules and completed with the same defaults. */
    public static TaskDefinition completed(TaskDefinition definition, Scope scope) {
        TaskRules.requireFamily(definition.family());
        var asked = definition.toBuilder()
                .taskRoleArn(roleArn(scope, definition.taskRoleArn()))
                .executionRoleArn(roleArn(scope, definition.executionRoleArn()))
                .cpu(TaskRules.isBlank(definition.cpu()) ? null : String.valueOf(TaskSize.cpu(definition.cpu())))
                .memory(TaskRules.isBlank(definition.memory())
                        ? null : String.valueOf(TaskSize.memory(definition.memory())))
                .build();
        TaskRules.require(asked);
        return Defaults.applied(asked);
    }

    /** What the caller said, with sizes as plain numbers. */
    private static TaskDefinition asked(RegisterTaskDefinitionRequest request, Scope scope) {
        TaskRules.requireFamily(request.family());
        var asked = TaskDefinition.builder()
                .family(request.family())
                .taskRoleArn(roleArn(scope, request.taskRoleArn()))
                .executionRoleArn(roleArn(scope, request.executionRoleArn()))
                .networkMode(request.networkModeAsString() == null
                        ? NetworkMode.BRIDGE.toString() : request.networkModeAsString())
                .containerDefinitions(request.containerDefinitions())
                .volumes(request.volumes())
                .placementConstraints(request.placementConstraints())
                .runtimePlatform(request.runtimePlatform())
                .pidMode(request.pidModeAsString())
                .ipcMode(request.ipcModeAsString())
                .proxyConfiguration(request.proxyConfiguration())
                .ephemeralStorage(request.ephemeralStorage())
                .enableFaultInjection(request.enableFaultInjection());
        if (request.hasRequiresCompatibilities()) {
            asked.requiresCompatibilitiesWithStrings(request.requiresCompatibilitiesAsStrings());
        }
        addAccelerators(request, asked);
        if (!TaskRules.isBlank(request.cpu())) {
            asked.cpu(String.valueOf(TaskSize.cpu(request.cpu())));
        }
        if (!TaskRules.isBlank(request.memory())) {
            asked.memory(String.valueOf(TaskSize.memory(request.memory())));
        }
        return asked.build();
    }

    @SuppressWarnings("deprecation") // AWS has withdrawn the devices, but the API still knows them
    private static void addAccelerators(RegisterTaskDefinitionRequest request, TaskDefinition.Builder asked) {
        if (request.hasInferenceAccelerators()) {
            asked.inferenceAccelerators(request.inferenceAccelerators());
        }
    }

    /** A role may be given by its name alone; null and the empty text stand for none. */
    private static String roleArn(Scope scope, String role) {
        if (TaskRules.isBlank(role)) {
            return null;
        }
        return role.contains(":") ? role : "arn:aws:iam::" + scope.accountId() + ":role/" + role;
    }
}
