package dev.landfall.ecs.express;

import dev.landfall.ecs.deployment.ServiceDeploymentRow;
import dev.landfall.ecs.deployment.ServiceDeployments;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.taskdef.TaskDefinitionRow;
import dev.landfall.ecs.taskdef.TaskDefinitions;
import dev.landfall.state.Image;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.AccessType;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.ECSExpressGatewayService;
import software.amazon.awssdk.services.ecs.model.ExpressGatewayServiceConfiguration;
import software.amazon.awssdk.services.ecs.model.ExpressGatewayServiceNetworkConfiguration;
import software.amazon.awssdk.services.ecs.model.ExpressGatewayServiceStatus;
import software.amazon.awssdk.services.ecs.model.ExpressGatewayServiceStatusCode;
import software.amazon.awssdk.services.ecs.model.IngressPathSummary;
import software.amazon.awssdk.services.ecs.model.NetworkConfiguration;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.UpdatedExpressGatewayService;

/** Express services as the API shows them. */
final class ExpressShapes {
    private ExpressShapes() {}

    /** Without its tags, which are shown where they are asked for. */
    static ECSExpressGatewayService described(Image image, ServiceRow service, ExpressRow row) {
        return ECSExpressGatewayService.builder()
                .cluster(service.service().clusterArn())
                .serviceName(service.service().serviceName())
                .serviceArn(service.arn())
                .infrastructureRoleArn(row.infrastructureRoleArn())
                .status(status(service))
                .currentDeployment(ServiceDeployments.current(image, service)
                        .filter(ServiceDeploymentRow::ongoing).map(ServiceDeploymentRow::arn).orElse(null))
                .activeConfigurations(ExpressServices.active(image, service).stream()
                        .map(each -> configuration(image, row, each)).toList())
                .createdAt(service.service().createdAt())
                .updatedAt(row.updatedAt())
                .build();
    }

    static ECSExpressGatewayService withTags(ECSExpressGatewayService service, List<Tag> tags) {
        return service.toBuilder().tags(tags).build();
    }

    static UpdatedExpressGatewayService updated(Image image, ServiceRow service, ExpressRow row) {
        return UpdatedExpressGatewayService.builder()
                .serviceArn(service.arn())
                .cluster(service.service().clusterArn())
                .serviceName(service.service().serviceName())
                .status(status(service))
                .targetConfiguration(configuration(image, row, service.service().deployments().getFirst()))
                .createdAt(service.service().createdAt())
                .updatedAt(row.updatedAt())
                .build();
    }

    /** A service that has drained is DRAINING as long as something of its infrastructure is left. */
    private static ExpressGatewayServiceStatus status(ServiceRow service) {
        return ExpressGatewayServiceStatus.builder()
                .statusCode(ExpressGatewayServiceStatusCode.fromValue(service.service().status())).build();
    }

    private static ExpressGatewayServiceConfiguration configuration(
            Image image, ExpressRow row, Deployment deployment) {
        TaskDefinition definition = TaskDefinitions.byArn(image, deployment.taskDefinition())
                .map(TaskDefinitionRow::definition).orElseGet(() -> TaskDefinition.builder().build());
        return ExpressGatewayServiceConfiguration.builder()
                .serviceRevisionArn(ServiceDeployments.revisionArn(row.serviceArn(), deployment))
                .executionRoleArn(definition.executionRoleArn())
                .taskRoleArn(definition.taskRoleArn())
                .taskDefinitionArn(deployment.taskDefinition())
                .cpu(definition.cpu())
                .memory(definition.memory())
                .networkConfiguration(network(deployment.networkConfiguration()))
                .healthCheckPath(ExpressServices.probe(image, row, deployment).path())
                .primaryContainer(ExpressDefinition.container(definition))
                .scalingTarget(row.scalingTarget())
                .ingressPaths(IngressPathSummary.builder()
                        .accessType(AccessType.PUBLIC).endpoint(row.host()).build())
                .createdAt(deployment.createdAt())
                .build();
    }

    private static ExpressGatewayServiceNetworkConfiguration network(NetworkConfiguration network) {
        var shown = ExpressGatewayServiceNetworkConfiguration.builder();
        if (network != null && network.awsvpcConfiguration() != null) {
            shown.subnets(List.copyOf(network.awsvpcConfiguration().subnets()))
                    .securityGroups(List.copyOf(network.awsvpcConfiguration().securityGroups()));
        }
        return shown.build();
    }
}
