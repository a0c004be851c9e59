package dev.landfall.ecs.capacity;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.tag.Tags;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.AutoScalingGroupProvider;
import software.amazon.awssdk.services.ecs.model.CapacityProvider;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStatus;
import software.amazon.awssdk.services.ecs.model.CapacityProviderType;
import software.amazon.awssdk.services.ecs.model.CreateCapacityProviderRequest;
import software.amazon.awssdk.services.ecs.model.CreateCapacityProviderResponse;

/** Makes a capacity provider of an Auto Scaling group. Clusters get it by PutClusterCapacityProviders. */
public final class CreateCapacityProvider {
    private CreateCapacityProvider() {}

    public static Decision<CreateCapacityProviderResponse> decide(
            Image image, CreateCapacityProviderRequest request, Scope scope) {
        ProviderRules.name(request.name());
        CapacityProviders.requireNotManagedInstances(request.managedInstancesProvider());
        if (request.autoScalingGroupProvider() == null) {
            throw EcsErrors.client("The specified capacity provider has no provider. Specify an Auto Scaling group "
                    + "provider and try again.");
        }
        CapacityProviders.requireCluster(image, scope, request.cluster());
        if (request.cluster() != null) {
            throw EcsErrors.invalidParameter(
                    "A cluster can only be specified for a capacity provider of Amazon ECS Managed Instances.");
        }
        ProviderRules.group(request.autoScalingGroupProvider().autoScalingGroupArn());
        String arn = CapacityProviders.arn(scope, request.name());
        if (CapacityProviders.active(image, arn).isPresent()) {
            throw EcsErrors.client("The specified capacity provider already exists. To change the configuration of an "
                    + "existing capacity provider, update the capacity provider.");
        }
        AutoScalingGroupProvider group = ProviderRules.completed(request.autoScalingGroupProvider());
        requireUnused(image, scope, group.autoScalingGroupArn());
        var provider = CapacityProvider.builder()
                .capacityProviderArn(arn)
                .name(request.name())
                .status(CapacityProviderStatus.ACTIVE)
                .type(CapacityProviderType.EC2_AUTOSCALING)
                .autoScalingGroupProvider(group)
                .tags(Tags.validated(request.tags()))
                .build();
        return Decision.of(
                CreateCapacityProviderResponse.builder().capacityProvider(provider).build(),
                Write.put(EcsTables.CAPACITY_PROVIDERS, new CapacityProviderRow(provider, group)));
    }

    /** A group belongs to one provider, whether it is called by its ARN or by its name. */
    private static void requireUnused(Image image, Scope scope, String group) {
        List<CapacityProviderRow> others = image.find(EcsTables.CAPACITY_PROVIDERS,
                EcsTables.CAPACITY_PROVIDERS_BY_SCOPE, EcsTables.scopeKey(scope));
        for (CapacityProviderRow other : others) {
            String used = other.provider().autoScalingGroupProvider().autoScalingGroupArn();
            if (used.equals(group) || !(used.startsWith("arn:") && group.startsWith("arn:"))
                    && name(used).equals(name(group))) {
                throw EcsErrors.client("The specified Auto Scaling group ARN is already being used by another capacity "
                        + "provider. Specify a unique Auto Scaling group ARN and try again.");
            }
        }
    }

    private static String name(String group) {
        String mark = "autoScalingGroupName/";
        return group.startsWith("arn:") ? group.substring(group.indexOf(mark) + mark.length()) : group;
    }
}
