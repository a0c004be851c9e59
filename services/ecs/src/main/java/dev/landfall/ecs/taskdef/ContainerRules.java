package dev.landfall.ecs.taskdef;

import static dev.landfall.ecs.taskdef.TaskRules.isBlank;
import static dev.landfall.ecs.taskdef.TaskRules.refuseWhen;

import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.ContainerRestartPolicy;
import software.amazon.awssdk.services.ecs.model.EnvironmentFile;
import software.amazon.awssdk.services.ecs.model.EnvironmentFileType;
import software.amazon.awssdk.services.ecs.model.HealthCheck;
import software.amazon.awssdk.services.ecs.model.HostEntry;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.ResourceRequirement;
import software.amazon.awssdk.services.ecs.model.ResourceType;
import software.amazon.awssdk.services.ecs.model.Secret;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.VersionConsistency;

/** The rules for one container of a task definition. Its name has been checked. */
final class ContainerRules {
    private static final Pattern IMAGE = Pattern.compile("[a-zA-Z0-9_\\-:./#@]{1,255}");
    private static final int MEMORY_MIB_MIN = 4;
    private static final int RESTART_PERIOD_MIN = 60;
    private static final int RESTART_PERIOD_MAX = 1800;
    private static final int IGNORED_EXIT_CODES_MAX = 50;
    private static final int ENVIRONMENT_FILES_MAX = 10;

    private ContainerRules() {}

    static void require(TaskDefinition task, ContainerDefinition container) {
        refuseWhen(isBlank(container.image()), "Container.image should not be null or empty.");
        refuseWhen(!IMAGE.matcher(container.image()).matches(), "Container.image contains invalid characters.");
        requireSize(task, container);
        PortRules.require(task, container);
        requireNetwork(task, container);
        requireEnvironment(container);
        LinuxRules.require(task, container);
        LogRules.require(container);
        requireResources(task, container);
        if (container.healthCheck() != null) {
            requireHealthCheck(container, container.healthCheck());
        }
        if (container.restartPolicy() != null) {
            requireRestartPolicy(container, container.restartPolicy());
        }
        refuseWhen(isNegative(container.startTimeout()), invalid(container, "'startTimeout' cannot be negative."));
        refuseWhen(isNegative(container.stopTimeout()), invalid(container, "'stopTimeout' cannot be negative."));
        refuseWhen(container.versionConsistency() == VersionConsistency.UNKNOWN_TO_SDK_VERSION,
                invalid(container, "The valid values for 'versionConsistency' are: enabled, disabled"));
        refuseWhen(container.repositoryCredentials() != null
                        && isBlank(container.repositoryCredentials().credentialsParameter()),
                invalid(container, "'credentialsParameter' must be specified."));
    }

    private static void requireSize(TaskDefinition task, ContainerDefinition container) {
        refuseWhen(isNegative(container.cpu()), invalid(container, "'cpu' cannot be negative."));
        Integer memory = container.memory();
        Integer reservation = container.memoryReservation();
        refuseWhen(memory == null && reservation == null && task.memory() == null,
                invalid(container, "At least one of 'memory' or 'memoryReservation' must be specified."));
        refuseWhen(memory != null && memory < MEMORY_MIB_MIN, invalid(container, "'memory' must be at least 4."));
        refuseWhen(reservation != null && reservation < MEMORY_MIB_MIN,
                invalid(container, "'memoryReservation' must be at least 4."));
        refuseWhen(memory != null && reservation != null && reservation > memory,
                invalid(container, "'memory' must be greater than or equal to 'memoryReservation'."));
    }

    private static void requireNetwork(TaskDefinition task, ContainerDefinition container) {
        boolean awsvpc = task.networkMode() == NetworkMode.AWSVPC;
        boolean host = task.networkMode() == NetworkMode.HOST;
        refuseWhen(awsvpc && !container.links().isEmpty(), "Links are not supported when networkMode=awsvpc.");
        refuseWhen(host && !container.links().isEmpty(), "Links are not supported when networkMode=host.");
        refuseWhen(awsvpc && container.hostname() != null,
                "hostname is not supported on container when networkMode=awsvpc.");
        refuseWhen(awsvpc && !container.extraHosts().isEmpty(),
                "Extra hosts are not supported when networkMode=awsvpc.");
        refuseWhen(awsvpc && Boolean.TRUE.equals(container.disableNetworking()),
                "Disable Networking is not supported on container when networkMode=awsvpc.");
        for (HostEntry entry : container.extraHosts()) {
            refuseWhen(isBlank(entry.hostname()) || isBlank(entry.ipAddress()),
                    invalid(container, "An extra host must have a hostname and an ipAddress."));
        }
    }

    private static void requireEnvironment(ContainerDefinition container) {
        var names = new TreeSet<String>();
        for (KeyValuePair variable : container.environment()) {
            refuseWhen(isBlank(variable.name()), invalid(container, "Environment variable names cannot be blank."));
            names.add(variable.name());
        }
        for (Secret secret : container.secrets()) {
            refuseWhen(isBlank(secret.name()), invalid(container, "Secret names cannot be blank."));
            refuseWhen(isBlank(secret.valueFrom()), invalid(container, "'valueFrom' of a secret cannot be blank."));
            refuseWhen(!names.add(secret.name()), "The secret name must be unique and not shared with any new or "
                    + "existing environment variables set on the container, such as '" + secret.name() + "'.");
        }
        refuseWhen(container.environmentFiles().size() > ENVIRONMENT_FILES_MAX,
                invalid(container, "At most 10 environment files can be specified."));
        for (EnvironmentFile file : container.environmentFiles()) {
            refuseWhen(file.type() != EnvironmentFileType.S3,
                    invalid(container, "The valid value for the type of an environment file is: s3"));
            refuseWhen(isBlank(file.value()) || !file.value().endsWith(".env"),
                    invalid(container, "An environment file must be the ARN of an object that ends in .env."));
        }
    }

    private static void requireHealthCheck(ContainerDefinition container, HealthCheck check) {
        List<String> command = check.command();
        refuseWhen(command.isEmpty() || command.stream().allMatch(String::isBlank),
                invalid(container, "The 'command' of the health check cannot be empty."));
        refuseWhen(command.size() == 1 && List.of("CMD", "CMD-SHELL").contains(command.getFirst()),
                invalid(container, "The 'command' of the health check must name what to run."));
        requireBetween(container, "interval", check.interval(), 5, 300);
        requireBetween(container, "timeout", check.timeout(), 2, 60);
        requireBetween(container, "retries", check.retries(), 1, 10);
        requireBetween(container, "startPeriod", check.startPeriod(), 0, 300);
    }

    private static void requireBetween(
            ContainerDefinition container, String setting, Integer value, int least, int most) {
        refuseWhen(value != null && (value < least || value > most), invalid(container, "The '" + setting
                + "' of the health check must be between " + least + " and " + most + "."));
    }

    private static void requireRestartPolicy(ContainerDefinition container, ContainerRestartPolicy policy) {
        refuseWhen(policy.enabled() == null, invalid(container, "'enabled' of the restart policy must be specified."));
        Integer period = policy.restartAttemptPeriod();
        refuseWhen(period != null && (period < RESTART_PERIOD_MIN || period > RESTART_PERIOD_MAX),
                invalid(container, "'restartAttemptPeriod' must be between 60 and 1800."));
        refuseWhen(policy.ignoredExitCodes().size() > IGNORED_EXIT_CODES_MAX,
                invalid(container, "At most 50 'ignoredExitCodes' can be specified."));
    }

    private static void requireResources(TaskDefinition task, ContainerDefinition container) {
        for (ResourceRequirement resource : container.resourceRequirements()) {
            refuseWhen(resource.typeAsString() == null || resource.type() == ResourceType.UNKNOWN_TO_SDK_VERSION,
                    invalid(container, "The valid values for the type of a resource are: GPU, InferenceAccelerator"));
            refuseWhen(resource.type() == ResourceType.GPU
                            && (resource.value() == null || !resource.value().matches("[1-9][0-9]{0,3}")),
                    invalid(container, "The value of a GPU resource must be a positive number."));
            refuseWhen(resource.type() == ResourceType.INFERENCE_ACCELERATOR
                            && task.inferenceAccelerators().stream()
                                    .noneMatch(known -> known.deviceName().equals(resource.value())),
                    invalid(container, "Unknown inference accelerator '" + resource.value() + "'."));
        }
    }

    static String invalid(ContainerDefinition container, String why) {
        return "Invalid setting for container '" + container.name() + "'. " + why;
    }

    static boolean isNegative(Integer value) {
        return value != null && value < 0;
    }
}
