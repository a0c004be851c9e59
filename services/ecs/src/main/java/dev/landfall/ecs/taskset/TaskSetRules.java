package dev.landfall.ecs.taskset;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.balance.LoadBalancerRules;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.cluster.Clusters;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.service.Services;
import dev.landfall.state.Image;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.AssignPublicIp;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;
import software.amazon.awssdk.services.ecs.model.NetworkConfiguration;
import software.amazon.awssdk.services.ecs.model.Scale;
import software.amazon.awssdk.services.ecs.model.ScaleUnit;

/** What the task set operations demand alike. */
final class TaskSetRules {
    /** "Classic Load Balancers aren't supported", and multiple target groups are not (CreateService, UpdateService). */
    private static final int LOAD_BALANCERS_MAX = 1;

    private TaskSetRules() {}

    /** A cluster and an ACTIVE service in it. */
    record Place(ClusterRow cluster, ServiceRow service) {}

    /** Where the caller works; all three operations that change and the one that reads must name both. */
    static Place place(Image image, Scope scope, String cluster, String service) {
        if (cluster == null || cluster.isBlank()) {
            throw EcsErrors.invalidParameter("Cluster can not be blank.");
        }
        ClusterRow row = Clusters.require(image, scope, cluster);
        return new Place(row, Services.requireActive(image, scope, row, service));
    }

    /** As {@link #place}, of a service whose task sets are the caller's to change. */
    static Place external(Image image, Scope scope, String cluster, String service) {
        Place place = place(image, scope, cluster, service);
        if (!place.service().external()) {
            throw EcsErrors.invalidParameter("Amazon ECS only supports task set management on services configured to "
                    + "use external deployment controllers.");
        }
        return place;
    }

    /** The scale with its unit: "accepted values are numbers between 0 and 100" (ECS API Reference, Scale). */
    static Scale scale(Scale given) {
        double value = given.value() == null ? 0 : given.value();
        if (!(value >= 0 && value <= 100)) { // also refuses what is not a number
            throw EcsErrors.invalidParameter("Scale value must be between 0 and 100.");
        }
        return Scale.builder().value(value).unit(ScaleUnit.PERCENT).build();
    }

    /** A set that is being deleted does not come back. */
    static void notDraining(TaskSetRow row) {
        if (row.draining()) {
            throw EcsErrors.invalidParameter("The TaskSet is DRAINING and cannot be updated.");
        }
    }

    static void loadBalancers(List<LoadBalancer> balancers) {
        if (balancers.size() > LOAD_BALANCERS_MAX) {
            throw EcsErrors.invalidParameter("CreateTaskSet cannot have more than 1 load balancer.");
        }
        LoadBalancerRules.noClassic(balancers);
    }

    /** The network with the default that is shown. */
    static NetworkConfiguration network(NetworkConfiguration given) {
        if (given == null || given.awsvpcConfiguration() == null
                || given.awsvpcConfiguration().assignPublicIp() != null) {
            return given;
        }
        return given.toBuilder().awsvpcConfiguration(given.awsvpcConfiguration().toBuilder()
                .assignPublicIp(AssignPublicIp.DISABLED).build()).build();
    }
}
