package dev.landfall.ecs.capacity;

import dev.landfall.ecs.EcsErrors;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.AutoScalingGroupProvider;
import software.amazon.awssdk.services.ecs.model.ManagedDraining;
import software.amazon.awssdk.services.ecs.model.ManagedScaling;
import software.amazon.awssdk.services.ecs.model.ManagedScalingStatus;
import software.amazon.awssdk.services.ecs.model.ManagedTerminationProtection;

/** What CreateCapacityProvider and UpdateCapacityProvider demand of a provider, and what they fill in. */
final class ProviderRules {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,255}");
    private static final Pattern GROUP_ARN = Pattern.compile(
            "arn:[a-z0-9-]+:autoscaling:[a-z0-9-]+:\\d{12}:autoScalingGroup:[^:]{1,64}:autoScalingGroupName/.{1,255}");
    private static final int GROUP_NAME_MAX = 255;

    // Bounds and defaults: ECS API Reference, ManagedScaling.
    private static final int TARGET_MAX = 100;
    private static final int STEP_MAX = 10_000;
    private static final int WARMUP_SECONDS_MAX = 10_000;
    private static final int WARMUP_SECONDS_DEFAULT = 300;

    private ProviderRules() {}

    static void name(String name) {
        String lower = name == null ? "" : name.toLowerCase(Locale.ROOT);
        if (!NAME.matcher(lower).matches() || Stream.of("aws", "ecs", "fargate").anyMatch(lower::startsWith)) {
            throw EcsErrors.client("The specified capacity provider name is invalid. Up to 255 characters are allowed, "
                    + "including letters (upper and lowercase), numbers, underscores, and hyphens. The name cannot be "
                    + "prefixed with \"aws\", \"ecs\", or \"fargate\". Specify a valid name and try again.");
        }
    }

    /** An Auto Scaling group's ARN, or its name. */
    static void group(String arnOrName) {
        String group = arnOrName == null ? "" : arnOrName;
        boolean valid = group.startsWith("arn:") ? GROUP_ARN.matcher(group).matches()
                : !group.isBlank() && group.length() <= GROUP_NAME_MAX && group.indexOf(':') < 0;
        if (!valid) {
            throw EcsErrors.client(
                    "The specified Auto Scaling group ARN is invalid. Specify a valid ARN and try again.");
        }
    }

    /** A new provider's settings with ECS's defaults. Without managed scaling its users scale the group. */
    static AutoScalingGroupProvider completed(AutoScalingGroupProvider given) {
        ManagedScaling none = ManagedScaling.builder().status(ManagedScalingStatus.DISABLED).build();
        return validated(given.toBuilder()
                .managedScaling(scaling(given.managedScaling() == null ? none : given.managedScaling()))
                .managedTerminationProtection(given.managedTerminationProtection() == null
                        ? ManagedTerminationProtection.DISABLED : given.managedTerminationProtection())
                .managedDraining(given.managedDraining() == null ? ManagedDraining.ENABLED : given.managedDraining())
                .build());
    }

    private static ManagedScaling scaling(ManagedScaling given) {
        return ManagedScaling.builder()
                .status(given.status() == null ? ManagedScalingStatus.ENABLED : given.status())
                .targetCapacity(or(given.targetCapacity(), TARGET_MAX))
                .minimumScalingStepSize(or(given.minimumScalingStepSize(), 1))
                .maximumScalingStepSize(or(given.maximumScalingStepSize(), STEP_MAX))
                .instanceWarmupPeriod(or(given.instanceWarmupPeriod(), WARMUP_SECONDS_DEFAULT))
                .build();
    }

    /** The scaling settings with those that a change names. */
    static ManagedScaling changed(ManagedScaling before, ManagedScaling change) {
        return ManagedScaling.builder()
                .status(change.status() == null ? before.status() : change.status())
                .targetCapacity(or(change.targetCapacity(), before.targetCapacity()))
                .minimumScalingStepSize(or(change.minimumScalingStepSize(), before.minimumScalingStepSize()))
                .maximumScalingStepSize(or(change.maximumScalingStepSize(), before.maximumScalingStepSize()))
                .instanceWarmupPeriod(or(change.instanceWarmupPeriod(), before.instanceWarmupPeriod()))
                .build();
    }

    private static Integer or(Integer given, Integer otherwise) {
        return given == null ? otherwise : given;
    }

    static AutoScalingGroupProvider validated(AutoScalingGroupProvider provider) {
        ManagedScaling scaling = provider.managedScaling();
        between("targetCapacity", 1, TARGET_MAX, scaling.targetCapacity());
        between("minimumScalingStepSize", 1, STEP_MAX, scaling.minimumScalingStepSize());
        between("maximumScalingStepSize", 1, STEP_MAX, scaling.maximumScalingStepSize());
        between("instanceWarmupPeriod", 0, WARMUP_SECONDS_MAX, scaling.instanceWarmupPeriod());
        if (scaling.minimumScalingStepSize() > scaling.maximumScalingStepSize()) {
            throw EcsErrors.client("The managed scaling settings for the capacity provider are invalid. "
                    + "minimumScalingStepSize cannot be greater than maximumScalingStepSize.");
        }
        if (provider.managedTerminationProtection() == ManagedTerminationProtection.ENABLED
                && scaling.status() != ManagedScalingStatus.ENABLED) {
            throw EcsErrors.client("The managed termination protection setting for the capacity provider is invalid. "
                    + "To enable managed termination protection for a capacity provider, managed scaling must be "
                    + "enabled.");
        }
        return provider;
    }

    private static void between(String what, int min, int max, int value) {
        if (value < min || value > max) {
            throw EcsErrors.client("The managed scaling settings for the capacity provider are invalid. " + what
                    + " must be between " + min + " and " + max + ".");
        }
    }
}
