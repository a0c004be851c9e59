package dev.landfall.ecs.instance;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Quotas;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.cluster.Clusters;
import dev.landfall.ecs.placement.AddressBlock;
import dev.landfall.ecs.tag.Tags;
import dev.landfall.protocol.Capabilities;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.PlatformDevice;
import software.amazon.awssdk.services.ecs.model.PlatformDeviceType;
import software.amazon.awssdk.services.ecs.model.RegisterContainerInstanceRequest;
import software.amazon.awssdk.services.ecs.model.RegisterContainerInstanceResponse;
import software.amazon.awssdk.services.ecs.model.Resource;

/**
 * Called by agents when they start. An agent that knows its ARN takes its place again, with all its tasks; so does one
 * that registers under a token that it has used before, as its first answer may have been lost.
 */
public final class RegisterContainerInstance {
    /** More than any machine has; each has an id of its own. */
    private static final int GPUS_MAX = 1_000;

    private RegisterContainerInstance() {}

    public static Decision<RegisterContainerInstanceResponse> decide(
            Image image, RegisterContainerInstanceRequest request, Scope scope, Context context) {
        checkLimits(request);
        boolean managed = Capabilities.CAPACITY_MANAGED.equals(value(request, Capabilities.CAPACITY));
        Optional<String> clusterArn = managed ? Optional.of("") : cluster(image, request, scope).map(ClusterRow::arn);
        InstanceRow row = request.containerInstanceArn() != null && !request.containerInstanceArn().isEmpty()
                ? again(known(image, request.containerInstanceArn()), request)
                : clusterArn.flatMap(arn -> underToken(image, scope, arn, token(request))).map(known -> again(known, request))
                        .orElseGet(() -> create(image, request, scope, context, managed));
        InstanceLoad load = image.get(EcsTables.LOADS, row.arn())
                .map(before -> before.on(row)).orElseGet(() -> InstanceLoad.none(row));
        return Decision.of(
                RegisterContainerInstanceResponse.builder()
                        .containerInstance(Instances.describe(image, row)).build(),
                Write.put(EcsTables.INSTANCES, row),
                Write.put(EcsTables.LOADS, load));
    }

    /** What placement relies on later. */
    private static void checkLimits(RegisterContainerInstanceRequest request) {
        for (Resource resource : request.totalResources()) {
            if (resource.name() == null || resource.name().isEmpty()) {
                throw EcsErrors.invalidParameter("Resource name cannot be empty.");
            }
            boolean counted = resource.name().equals("CPU") || resource.name().equals("MEMORY");
            if (counted && (resource.integerValue() == null || resource.integerValue() < 0)) {
                throw EcsErrors.invalidParameter("Invalid value for resource " + resource.name() + ".");
            }
            Integer gpus = resource.name().equals(InstanceRow.GPU) ? resource.integerValue() : null;
            if (gpus != null && (gpus < 0 || gpus > GPUS_MAX)) {
                throw EcsErrors.invalidParameter("Invalid value for resource " + resource.name() + ".");
            }
        }
        for (PlatformDevice device : request.platformDevices()) {
            if (device.type() != PlatformDeviceType.GPU || device.id() == null || device.id().isEmpty()) {
                throw EcsErrors.invalidParameter("Invalid platform device.");
            }
        }
        if (request.platformDevices().size() > GPUS_MAX) {
            throw EcsErrors.invalidParameter("Invalid value for resource " + InstanceRow.GPU + ".");
        }
        for (Attribute attribute : request.attributes()) {
            if (attribute.name() == null || attribute.name().isEmpty()) {
                throw EcsErrors.invalidParameter("Attribute name cannot be empty.");
            }
        }
        String provider = value(request, Capabilities.CAPACITY_PROVIDER);
        if (!provider.matches("[a-zA-Z0-9_-]{0,255}")) { // it becomes part of an index's values
            throw EcsErrors.invalidParameter("Invalid value for attribute " + Capabilities.CAPACITY_PROVIDER + ".");
        }
        String block = value(request, Capabilities.AWSVPC_CIDR);
        if (!block.isEmpty() && !AddressBlock.valid(block)) {
            throw EcsErrors.invalidParameter("Invalid value for attribute " + Capabilities.AWSVPC_CIDR + ".");
        }
    }

    private static InstanceRow create(
            Image image, RegisterContainerInstanceRequest request, Scope scope, Context context, boolean managed) {
        String clusterArn = "";
        String clusterName = "landfall-managed";
        if (!managed) {
            // Amazon's agent looks for this error to create its cluster, and for no other.
            ClusterRow cluster = cluster(image, request, scope)
                    .orElseThrow(() -> EcsErrors.client("Cluster not found."));
            clusterArn = cluster.arn();
            Quotas.requireRoom(image.count(EcsTables.INSTANCES, EcsTables.INSTANCES_BY_CLUSTER, clusterArn),
                    Quotas.CONTAINER_INSTANCES_PER_CLUSTER, "container instances per cluster");
            clusterName = cluster.cluster().clusterName();
        }
        String id = context.ids().next();
        var instance = ContainerInstance.builder()
                .containerInstanceArn(scope.arn("container-instance/" + clusterName + "/" + id))
                .capacityProviderName(provider(request).orElse(null))
                .ec2InstanceId("i-" + context.ids().next().substring(0, 17))
                .version(1L)
                .versionInfo(request.versionInfo())
                .status("ACTIVE")
                .agentConnected(false)
                .registeredAt(context.now())
                .registeredResources(resources(request))
                .attributes(attributes(request, scope))
                .attachments(List.of())
                .tags(Tags.validated(request.tags()))
                .build();
        return new InstanceRow(instance, clusterArn, managed, value(request, Capabilities.AWSVPC_CIDR),
                token(request));
    }

    private static Optional<ClusterRow> cluster(Image image, RegisterContainerInstanceRequest request, Scope scope) {
        return Clusters.find(image, scope, request.cluster())
                .filter(found -> "ACTIVE".equals(found.cluster().status()));
    }

    /** The request with the {@code clientToken} that came beside it, if one did. */
    public static RegisterContainerInstanceRequest withToken(
            RegisterContainerInstanceRequest request, Optional<String> clientToken) {
        return clientToken.filter(token -> !token.isEmpty()).map(token -> {
            var attributes = new ArrayList<>(request.attributes());
            attributes.add(Attribute.builder().name(Capabilities.REGISTRATION_TOKEN).value(token).build());
            return request.toBuilder().attributes(attributes).build();
        }).orElse(request);
    }

    private static String token(RegisterContainerInstanceRequest request) {
        return value(request, Capabilities.REGISTRATION_TOKEN);
    }

    private static Optional<InstanceRow> underToken(Image image, Scope scope, String clusterArn, String token) {
        return token.isEmpty() ? Optional.empty() : image.find(EcsTables.INSTANCES, EcsTables.INSTANCES_BY_TOKEN,
                EcsTables.tokenKey(scope, clusterArn, token)).stream().findFirst();
    }

    private static InstanceRow known(Image image, String arn) {
        return image.get(EcsTables.INSTANCES, arn)
                .filter(row -> !"INACTIVE".equals(row.instance().status()))
                .orElseThrow(() -> EcsErrors.invalidParameter("The container instance " + arn
                        + " is not registered."));
    }

    private static InstanceRow again(InstanceRow known, RegisterContainerInstanceRequest request) {
        var instance = known.instance().toBuilder()
                .version(known.instance().version() + 1)
                .versionInfo(request.versionInfo())
                .capacityProviderName(provider(request).orElse(null))
                .registeredResources(resources(request))
                .attributes(kept(known, attributes(request, Scope.of(known.arn()))))
                .build();
        return new InstanceRow(instance, known.clusterArn(), known.managed(), value(request, Capabilities.AWSVPC_CIDR),
                token(request).isEmpty() ? known.token() : token(request));
    }

    /** The resources sent, and beside them the GPUs, which agents name as devices. */
    private static List<Resource> resources(RegisterContainerInstanceRequest request) {
        if (request.platformDevices().isEmpty()) {
            return request.totalResources();
        }
        var resources = new ArrayList<Resource>();
        request.totalResources().stream().filter(each -> !each.name().equals(InstanceRow.GPU)).forEach(resources::add);
        resources.add(Resource.builder().name(InstanceRow.GPU).type("STRINGSET")
                .stringSetValue(request.platformDevices().stream().map(PlatformDevice::id).distinct().toList()).build());
        return resources;
    }

    /** With the custom attributes that the agent did not send: PutAttributes may have set them. */
    private static List<Attribute> kept(InstanceRow known, List<Attribute> sent) {
        var attributes = new ArrayList<>(sent);
        known.instance().attributes().stream().filter(Attributes::custom)
                .filter(before -> sent.stream().noneMatch(now -> now.name().equals(before.name())))
                .forEach(attributes::add);
        return attributes;
    }

    /** All that the agent sent, which it wants echoed, but its token; and an availability zone where it did not name its own. */
    private static List<Attribute> attributes(RegisterContainerInstanceRequest request, Scope scope) {
        var attributes = new ArrayList<Attribute>();
        request.attributes().stream().filter(each -> !each.name().equals(Capabilities.REGISTRATION_TOKEN))
                .forEach(attributes::add);
        if (value(request, InstanceRow.ZONE).isEmpty()) {
            attributes.add(Attribute.builder().name(InstanceRow.ZONE).value(scope.region() + "a").build());
        }
        return attributes;
    }

    /** The provider whose capacity the instance is; on AWS that follows from its Auto Scaling group. */
    private static Optional<String> provider(RegisterContainerInstanceRequest request) {
        return Optional.of(value(request, Capabilities.CAPACITY_PROVIDER)).filter(name -> !name.isEmpty());
    }

    private static String value(RegisterContainerInstanceRequest request, String name) {
        return request.attributes().stream()
                .filter(attribute -> attribute.name().equals(name) && attribute.value() != null)
                .map(Attribute::value)
                .findFirst()
                .orElse("");
    }
}
