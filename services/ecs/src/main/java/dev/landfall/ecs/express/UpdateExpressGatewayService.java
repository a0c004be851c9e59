package dev.landfall.ecs.express;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.service.ManagedService;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.taskdef.RegisterTaskDefinition;
import dev.landfall.ecs.taskdef.TaskDefinitionRow;
import dev.landfall.ecs.taskdef.TaskDefinitions;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.AwsVpcConfiguration;
import software.amazon.awssdk.services.ecs.model.ExpressGatewayScalingTarget;
import software.amazon.awssdk.services.ecs.model.NetworkConfiguration;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.UpdateExpressGatewayServiceRequest;
import software.amazon.awssdk.services.ecs.model.UpdateExpressGatewayServiceResponse;

/**
 * Changes an Express service. What its tasks are made of, their network and their health check begin a new deployment;
 * how many there are to be does not. What a request leaves out stays as it is.
 */
public final class UpdateExpressGatewayService {
    private UpdateExpressGatewayService() {}

    public static Decision<UpdateExpressGatewayServiceResponse> decide(
            Image image, UpdateExpressGatewayServiceRequest request, Scope scope, Context context) {
        var found = ExpressServices.requireActive(image, scope, request.serviceArn());
        ExpressRules.check(request);
        ExpressRow row = found.express();
        ExpressGatewayScalingTarget scaling = ExpressRules.scaling(row.scalingTarget(), request.scalingTarget());
        var draft = new Draft(image);
        Service before = found.service().service();
        TaskDefinitionRow definition = definition(draft, request, found, scope, context);
        int port = ExpressDefinition.port(definition.definition());
        Service changed = before.toBuilder()
                .taskDefinition(definition.arn())
                .networkConfiguration(network(before.networkConfiguration(), request))
                .loadBalancers(before.loadBalancers().stream()
                        .map(each -> each.toBuilder().containerPort(port).build()).toList())
                .build();
        Probe last = ExpressServices.probe(image, row, before.deployments().getFirst());
        var probe = new Probe(request.healthCheckPath() == null ? last.path() : request.healthCheckPath(), port);
        row = row.with(scaling).at(context.now());
        ServiceRow service = found.service();
        if (!changed.equals(before) || !probe.equals(last)) {
            service = ManagedService.deploy(draft, service, changed, context);
            row = row.deploying(service.service().deployments().getFirst().id(), probe);
        }
        if (request.scalingTarget() != null) {
            service = ManagedService.scale(draft, service, scaling.minTaskCount(), context);
        }
        draft.put(EcsTables.EXPRESS_SERVICES, row);
        return draft.reply(UpdateExpressGatewayServiceResponse.builder()
                .service(ExpressShapes.updated(draft.image(), service, row)).build());
    }

    /** The service's own if nothing of it is to change. */
    private static TaskDefinitionRow definition(Draft draft, UpdateExpressGatewayServiceRequest request,
            ExpressServices.Found found, Scope scope, Context context) {
        if (!ExpressRules.blank(request.taskDefinitionArn())) {
            TaskDefinitionRow given = TaskDefinitions.require(draft.image(), scope, request.taskDefinitionArn());
            ExpressDefinition.requireMain(given.definition());
            return given;
        }
        Service service = found.service().service();
        TaskDefinitionRow current = TaskDefinitions.byArn(draft.image(), service.taskDefinition()).orElseThrow();
        TaskDefinition wanted = ExpressDefinition.changed(current.definition(), new ExpressDefinition.Change(
                request.primaryContainer(), request.executionRoleArn(), request.taskRoleArn(), request.cpu(),
                request.memory()));
        if (wanted.equals(current.definition())) {
            return current;
        }
        String cluster = service.clusterArn().substring(service.clusterArn().lastIndexOf('/') + 1);
        return RegisterTaskDefinition.register(draft, ExpressDefinition.request(wanted).toBuilder()
                .family(ExpressDefinition.family(cluster, service.serviceName())).build(), scope, context);
    }

    private static NetworkConfiguration network(
            NetworkConfiguration before, UpdateExpressGatewayServiceRequest request) {
        if (request.networkConfiguration() == null) {
            return before;
        }
        AwsVpcConfiguration was = Optional.ofNullable(before).map(NetworkConfiguration::awsvpcConfiguration)
                .orElseGet(() -> AwsVpcConfiguration.builder().build());
        List<String> subnets = request.networkConfiguration().subnets();
        List<String> groups = request.networkConfiguration().securityGroups();
        AwsVpcConfiguration next = was.toBuilder()
                .subnets(subnets.isEmpty() ? was.subnets() : subnets)
                .securityGroups(request.networkConfiguration().hasSecurityGroups() ? groups : was.securityGroups())
                .build();
        return Objects.equals(next, was) ? before
                : NetworkConfiguration.builder().awsvpcConfiguration(next).build();
    }
}
