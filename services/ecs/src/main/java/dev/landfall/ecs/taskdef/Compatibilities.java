package dev.landfall.ecs.taskdef;

import dev.landfall.ecs.EcsErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** Which capacity a task definition can run on. */
public final class Compatibilities {
    private Compatibilities() {}

    /** All that a valid definition is compatible with, whether it asked for it or not. */
    static List<Compatibility> of(TaskDefinition definition) {
        var compatibilities = new ArrayList<Compatibility>();
        if (externalRefusal(definition).isEmpty()) {
            compatibilities.add(Compatibility.EXTERNAL);
        }
        compatibilities.add(Compatibility.EC2);
        if (definition.requiresCompatibilities().contains(Compatibility.MANAGED_INSTANCES)) {
            compatibilities.add(Compatibility.MANAGED_INSTANCES);
        }
        if (FargateRules.refusal(definition).isEmpty()) {
            compatibilities.add(Compatibility.FARGATE);
        }
        return List.copyOf(compatibilities);
    }

    /** Refuses a definition that is not compatible with all it asks for. */
    static void require(TaskDefinition definition) {
        for (Compatibility required : definition.requiresCompatibilities()) {
            Optional<String> refusal = switch (required) {
                case EC2, MANAGED_INSTANCES -> Optional.empty();
                case FARGATE -> FargateRules.refusal(definition);
                case EXTERNAL -> externalRefusal(definition);
                case UNKNOWN_TO_SDK_VERSION -> Optional.of("Invalid value for requiresCompatibilities. "
                        + "The valid values are: EC2, FARGATE, EXTERNAL, MANAGED_INSTANCES");
            };
            refusal.ifPresent(message -> {
                throw EcsErrors.client(message);
            });
        }
    }

    /** Whether tasks of this definition may be launched so. */
    public static boolean supports(TaskDefinition definition, LaunchType launchType) {
        return definition.compatibilitiesAsStrings().contains(launchType.toString());
    }

    private static Optional<String> externalRefusal(TaskDefinition definition) {
        if (definition.networkMode() == NetworkMode.AWSVPC) {
            return Optional.of("External launch type does not support network mode ‘awsvpc’.");
        }
        return definition.inferenceAccelerators().isEmpty()
                ? Optional.empty()
                : Optional.of("External launch type does not support inference accelerators.");
    }
}
