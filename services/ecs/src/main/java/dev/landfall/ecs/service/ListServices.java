package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Page;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.cluster.Clusters;
import dev.landfall.state.Image;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.ListServicesRequest;
import software.amazon.awssdk.services.ecs.model.ListServicesResponse;
import software.amazon.awssdk.services.ecs.model.Service;

/** Lists a cluster's services, ten a page unless the caller wants up to a hundred. */
public final class ListServices {
    private static final int PAGE_DEFAULT = 10;
    private static final int PAGE_MAX = 100;

    private ListServices() {}

    public static ListServicesResponse read(Image image, ListServicesRequest request, Scope scope) {
        ClusterRow cluster = Clusters.require(image, scope, request.cluster());
        Page page = Page.of("ListServices " + cluster.arn(),
                image.keys(EcsTables.SERVICES, EcsTables.SERVICES_BY_CLUSTER, cluster.arn()),
                arn -> passes(image.get(EcsTables.SERVICES, arn).orElseThrow().service(), request),
                request.nextToken(),
                request.maxResults() == null ? Integer.valueOf(PAGE_DEFAULT) : request.maxResults(),
                PAGE_MAX);
        return ListServicesResponse.builder().serviceArns(page.keys()).nextToken(page.nextToken().orElse(null)).build();
    }

    private static boolean passes(Service service, ListServicesRequest request) {
        LaunchType launchType = request.launchType();
        return (launchType == null || launchType == service.launchType())
                && (request.schedulingStrategy() == null
                        || request.schedulingStrategy() == service.schedulingStrategy())
                && (request.resourceManagementType() == null
                        || request.resourceManagementType() == ManagedService.type(service));
    }
}
