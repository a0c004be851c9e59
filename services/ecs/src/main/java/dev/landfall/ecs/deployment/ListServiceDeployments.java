package dev.landfall.ecs.deployment;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Page;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.cluster.ClusterRow;
import dev.landfall.ecs.cluster.Clusters;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.service.Services;
import dev.landfall.state.Image;
import java.time.Instant;
import software.amazon.awssdk.services.ecs.model.CreatedAt;
import software.amazon.awssdk.services.ecs.model.ListServiceDeploymentsRequest;
import software.amazon.awssdk.services.ecs.model.ListServiceDeploymentsResponse;
import software.amazon.awssdk.services.ecs.model.ServiceDeployment;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentBrief;

/** Lists a service's deployments, newest first, twenty a page unless the caller wants up to a hundred. */
public final class ListServiceDeployments {
    private static final int PAGE_DEFAULT = 20;
    private static final int PAGE_MAX = 100;

    private ListServiceDeployments() {}

    public static ListServiceDeploymentsResponse read(
            Image image, ListServiceDeploymentsRequest request, Scope scope) {
        ClusterRow cluster = Clusters.require(image, scope, request.cluster());
        ServiceRow service = Services.require(image, scope, cluster, request.service());
        Page page = Page.descending("ListServiceDeployments " + service.arn(),
                image.keys(EcsTables.SERVICE_DEPLOYMENTS, EcsTables.SERVICE_DEPLOYMENTS_BY_SERVICE, service.arn()),
                key -> passes(deployment(image, key), request),
                request.nextToken(),
                request.maxResults() == null ? Integer.valueOf(PAGE_DEFAULT) : request.maxResults(),
                PAGE_MAX);
        return ListServiceDeploymentsResponse.builder()
                .serviceDeployments(page.keys().stream().map(key -> brief(deployment(image, key))).toList())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    private static ServiceDeployment deployment(Image image, String key) {
        return image.get(EcsTables.SERVICE_DEPLOYMENTS, key).orElseThrow().deployment();
    }

    private static boolean passes(ServiceDeployment deployment, ListServiceDeploymentsRequest request) {
        CreatedAt created = request.createdAt();
        Instant before = created == null || created.before() == null ? Instant.MAX : created.before();
        Instant after = created == null || created.after() == null ? Instant.MIN : created.after();
        return (request.status().isEmpty() || request.status().contains(deployment.status()))
                && deployment.createdAt().isBefore(before)
                && deployment.createdAt().isAfter(after);
    }

    private static ServiceDeploymentBrief brief(ServiceDeployment deployment) {
        return ServiceDeploymentBrief.builder()
                .serviceDeploymentArn(deployment.serviceDeploymentArn())
                .serviceArn(deployment.serviceArn())
                .clusterArn(deployment.clusterArn())
                .startedAt(deployment.startedAt())
                .createdAt(deployment.createdAt())
                .finishedAt(deployment.finishedAt())
                .targetServiceRevisionArn(deployment.targetServiceRevision().arn())
                .status(deployment.status())
                .statusReason(deployment.statusReason())
                .build();
    }
}
