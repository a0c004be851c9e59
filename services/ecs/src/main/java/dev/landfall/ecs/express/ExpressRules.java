package dev.landfall.ecs.express;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.service.ServiceRules;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.ecs.model.CreateExpressGatewayServiceRequest;
import software.amazon.awssdk.services.ecs.model.ExpressGatewayContainer;
import software.amazon.awssdk.services.ecs.model.ExpressGatewayScalingTarget;
import software.amazon.awssdk.services.ecs.model.ExpressGatewayServiceNetworkConfiguration;
import software.amazon.awssdk.services.ecs.model.ExpressGatewayServiceScalingMetric;
import software.amazon.awssdk.services.ecs.model.UpdateExpressGatewayServiceRequest;

/**
 * What requests for Express services have to keep to, and what holds where they say nothing (ECS API Reference; ECS
 * Developer Guide, Resources created by Amazon ECS Express Mode services, and Troubleshooting). What becomes part of
 * the task definition or the service is held to their rules.
 */
final class ExpressRules {
    static final String PATH_DEFAULT = "/ping";
    static final int PORT_DEFAULT = 80;
    static final ExpressGatewayScalingTarget SCALING_DEFAULT = ExpressGatewayScalingTarget.builder()
            .minTaskCount(1).maxTaskCount(20)
            .autoScalingMetric(ExpressGatewayServiceScalingMetric.AVERAGE_CPU).autoScalingTargetValue(60).build();

    private static final int PERCENT_MAX = 100;

    /** "can be set up to 65536 requests per target per second" */
    private static final int REQUESTS_MAX = 65_536;

    private static final int PORT_MAX = 65_535;
    private static final int LIST_MAX = 16;

    /** What a target group takes (ELB API Reference, CreateTargetGroup). */
    private static final Pattern PATH = Pattern.compile("/[\\x21-\\x7e]{0,1023}");

    private static final Pattern ROLE = Pattern.compile("arn:[^:]+:iam::[0-9]{12}:role/[\\w+=,.@/-]{1,512}");
    private static final Pattern SUBNET = Pattern.compile("subnet-[0-9a-zA-Z]{1,40}");
    private static final Pattern SECURITY_GROUP = Pattern.compile("sg-[0-9a-zA-Z]{1,40}");

    private ExpressRules() {}

    static void check(CreateExpressGatewayServiceRequest request) {
        boolean given = !blank(request.taskDefinitionArn());
        definition(given, request.primaryContainer(), request.executionRoleArn(), request.taskRoleArn(),
                request.cpu(), request.memory());
        refuse(blank(request.infrastructureRoleArn()), "infrastructureRoleArn can not be blank.");
        refuse(!given && blank(request.executionRoleArn()), "executionRoleArn can not be blank.");
        refuse(!given && request.primaryContainer() == null, "primaryContainer can not be blank.");
        roles(request.infrastructureRoleArn(), request.executionRoleArn(), request.taskRoleArn());
        container(request.primaryContainer());
        path(request.healthCheckPath());
        network(request.networkConfiguration());
    }

    static void check(UpdateExpressGatewayServiceRequest request) {
        definition(!blank(request.taskDefinitionArn()), request.primaryContainer(), request.executionRoleArn(),
                request.taskRoleArn(), request.cpu(), request.memory());
        roles(request.executionRoleArn(), request.taskRoleArn());
        container(request.primaryContainer());
        path(request.healthCheckPath());
        network(request.networkConfiguration());
    }

    private static void definition(boolean given, ExpressGatewayContainer container, String... others) {
        refuse(given && (container != null || List.of(Optional.ofNullable(others[0]), Optional.ofNullable(others[1]),
                        Optional.ofNullable(others[2]), Optional.ofNullable(others[3])).stream()
                        .anyMatch(Optional::isPresent)),
                "taskDefinitionArn cannot be provided with primaryContainer, executionRoleArn, taskRoleArn, cpu, "
                        + "or memory.");
    }

    private static void roles(String... arns) {
        for (String arn : arns) {
            refuse(!blank(arn) && !ROLE.matcher(arn).matches(), "Invalid role ARN: " + arn);
        }
    }

    private static void container(ExpressGatewayContainer container) {
        if (container == null) {
            return;
        }
        refuse(blank(container.image()), "primaryContainer.image can not be blank.");
        Integer port = container.containerPort();
        refuse(port != null && (port < 1 || port > PORT_MAX), "containerPort must be between 1 and " + PORT_MAX + ".");
        var logs = container.awsLogsConfiguration();
        refuse(logs != null && blank(logs.logGroup()), "awsLogsConfiguration.logGroup can not be blank.");
    }

    private static void path(String path) {
        refuse(path != null && !PATH.matcher(path).matches(), "healthCheckPath must start with a forward slash and "
                + "can have at most 1024 printable characters.");
    }

    private static void network(ExpressGatewayServiceNetworkConfiguration network) {
        if (network == null) {
            return;
        }
        refuse(network.subnets().size() > LIST_MAX, "subnets can have at most " + LIST_MAX + " items.");
        refuse(network.securityGroups().size() > 5, "securityGroups can have at most 5 items.");
        network.subnets().forEach(id ->
                refuse(!SUBNET.matcher(id).matches(), "The subnet ID '" + shown(id) + "' does not exist"));
        refuse(network.subnets().stream().distinct().count() < network.subnets().size(),
                "subnets must not contain duplicates.");
        network.securityGroups().forEach(id -> refuse(!SECURITY_GROUP.matcher(id).matches(),
                "The security group '" + shown(id) + "' does not exist"));
    }

    private static String shown(String id) {
        return id.length() > 100 ? id.substring(0, 100) + "…" : id;
    }

    /**
     * What is given, over what stood before.
     *
     * @param given what the caller sent, or null
     */
    static ExpressGatewayScalingTarget scaling(ExpressGatewayScalingTarget base, ExpressGatewayScalingTarget given) {
        if (given == null) {
            return base;
        }
        var merged = base.toBuilder();
        if (given.minTaskCount() != null) {
            merged.minTaskCount(given.minTaskCount());
        }
        if (given.maxTaskCount() != null) {
            merged.maxTaskCount(given.maxTaskCount());
        }
        if (given.autoScalingMetric() != null) {
            merged.autoScalingMetric(given.autoScalingMetric());
        }
        if (given.autoScalingTargetValue() != null) {
            merged.autoScalingTargetValue(given.autoScalingTargetValue());
        }
        ExpressGatewayScalingTarget result = merged.build();
        count("minTaskCount", result.minTaskCount());
        count("maxTaskCount", result.maxTaskCount());
        refuse(result.minTaskCount() > result.maxTaskCount(),
                "minTaskCount must be less than or equal to maxTaskCount.");
        int most = result.autoScalingMetric() == ExpressGatewayServiceScalingMetric.REQUEST_COUNT_PER_TARGET
                ? REQUESTS_MAX : PERCENT_MAX;
        refuse(result.autoScalingTargetValue() < 1 || result.autoScalingTargetValue() > most,
                "autoScalingTargetValue must be between 1 and " + most + " for the metric "
                        + result.autoScalingMetric() + ".");
        return result;
    }

    private static void count(String name, int count) {
        refuse(count < 0 || count > ServiceRules.DESIRED_MAX,
                name + " must be between 0 and " + ServiceRules.DESIRED_MAX + ".");
    }

    static boolean blank(String text) {
        return text == null || text.isBlank();
    }

    private static void refuse(boolean wrong, String message) {
        if (wrong) {
            throw EcsErrors.invalidParameter(message);
        }
    }
}
