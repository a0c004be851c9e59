package dev.landfall.ecs.task;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.wire.SdkJson;
import java.util.TreeSet;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.EnvironmentFile;
import software.amazon.awssdk.services.ecs.model.EnvironmentFileType;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.ResourceRequirement;
import software.amazon.awssdk.services.ecs.model.ResourceType;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/** What one run of a task may override, beside sizes (ECS API Reference, TaskOverride and ContainerOverride). */
final class OverrideRules {
    private static final int EPHEMERAL_MIN_GIB = 21;
    private static final int EPHEMERAL_MAX_GIB = 200;

    /** "Up to 10 files per task definition" (ECS Developer Guide, Pass environment variables). */
    private static final int FILES_MAX = 10;

    private static final Pattern S3_FILE = Pattern.compile("arn:aws[a-z-]*:s3:::[^/]+/.+[.]env");
    private static final Pattern POSITIVE = Pattern.compile("[1-9][0-9]{0,5}");

    /**
     * "A total of 8192 characters are allowed for overrides. This limit includes the JSON formatting characters of the
     * override structure" (ECS API Reference, RunTask).
     */
    private static final int CHARACTERS_MAX = 8_192;

    private OverrideRules() {}

    static void check(TaskOverride overrides) {
        if (overrides.ephemeralStorage() != null) {
            Integer size = overrides.ephemeralStorage().sizeInGiB();
            if (size == null || size < EPHEMERAL_MIN_GIB || size > EPHEMERAL_MAX_GIB) {
                throw EcsErrors.invalidParameter("Invalid 'ephemeralStorage' setting for task. sizeInGiB must be "
                        + "between " + EPHEMERAL_MIN_GIB + " and " + EPHEMERAL_MAX_GIB + ".");
            }
        }
        var named = new TreeSet<String>();
        for (ContainerOverride override : overrides.containerOverrides()) {
            if (!named.add(override.name())) {
                throw EcsErrors.invalidParameter(
                        "Container overrides contain more than one override for container named " + override.name()
                        + ".");
            }
        }
        if (SdkJson.write(overrides).length > CHARACTERS_MAX) {
            throw EcsErrors.invalidParameter("Container Overrides length must be at most " + CHARACTERS_MAX);
        }
    }

    static void check(ContainerOverride override) {
        for (KeyValuePair pair : override.environment()) {
            if (pair.name() == null || pair.name().isEmpty()) {
                throw EcsErrors.invalidParameter("Environment variable name must not be empty in the override for "
                        + "container " + override.name() + ".");
            }
        }
        if (override.environmentFiles().size() > FILES_MAX) {
            throw EcsErrors.invalidParameter("environmentFiles can have at most " + FILES_MAX + " items.");
        }
        for (EnvironmentFile file : override.environmentFiles()) {
            if (file.type() != EnvironmentFileType.S3) {
                throw EcsErrors.invalidParameter("The only supported environment file type is s3.");
            }
            if (file.value() == null || !S3_FILE.matcher(file.value()).matches()) {
                throw EcsErrors.invalidParameter("An environment file must be the ARN of an Amazon S3 object with an "
                        + ".env file extension.");
            }
        }
        for (ResourceRequirement requirement : override.resourceRequirements()) {
            if (requirement.type() != ResourceType.GPU) {
                throw EcsErrors.invalidParameter("The only supported resource is a GPU.");
            }
            if (requirement.value() == null || !POSITIVE.matcher(requirement.value()).matches()) {
                throw EcsErrors.invalidParameter("Invalid 'resourceRequirements' setting for container '"
                        + override.name() + "'.");
            }
        }
    }

    /** What only some capacity can do. */
    static void launched(TaskOverride overrides, Launch launch) {
        if (overrides.ephemeralStorage() != null && !launch.managed()) {
            throw EcsErrors.invalidParameter(
                    "The ephemeralStorage override is only supported for tasks hosted on Fargate.");
        }
        boolean resources = overrides.containerOverrides().stream()
                .anyMatch(override -> !override.resourceRequirements().isEmpty());
        if (resources && launch.managed()) {
            throw EcsErrors.invalidParameter("Tasks using the Fargate launch type do not support "
                    + "resourceRequirements overrides.");
        }
    }
}
