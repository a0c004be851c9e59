package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.cluster.Clusters;
import dev.landfall.state.Image;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.DescribeServicesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServicesResponse;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceField;

/** Shows up to ten services, with their newest hundred events. */
public final class DescribeServices {
    private static final int MAX = 10;

    private DescribeServices() {}

    public static DescribeServicesResponse read(Image image, DescribeServicesRequest request, Scope scope) {
        ClusterRow cluster = Clusters.require(image, scope, request.cluster());
        if (request.services().isEmpty()) {
            throw EcsErrors.invalidParameter("Services cannot be empty.");
        }
        if (request.services().size() > MAX) {
            throw EcsErrors.invalidParameter("service names can have at most " + MAX + " items.");
        }
        boolean tags = request.include().contains(ServiceField.TAGS);
        var found = new ArrayList<Service>();
        var failures = new ArrayList<Failure>();
        for (String name : request.services()) {
            Services.find(image, scope, cluster, name).ifPresentOrElse(
                    row -> {
                        Service service = Services.describe(image, row);
                        found.add(tags ? service : withoutTags(service));
                    },
                    () -> failures.add(Failure.builder()
                            .arn(Services.arn(scope, cluster, name)).reason("MISSING").build()));
        }
        return DescribeServicesResponse.builder().services(found).failures(failures).build();
    }

    private static Service withoutTags(Service service) {
        var plain = service.toBuilder().tags(List.of());
        if (service.hasTaskSets()) {
            plain.taskSets(service.taskSets().stream()
                    .map(each -> each.toBuilder().tags(List.of()).build()).toList());
        }
        return plain.build();
    }
}
