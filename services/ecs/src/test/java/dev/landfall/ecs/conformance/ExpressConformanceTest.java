package dev.landfall.ecs.conformance;

import static dev.landfall.ecs.conformance.Row.refuses;
import static dev.landfall.ecs.conformance.Row.works;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.World;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.CreateExpressGatewayServiceRequest;
import software.amazon.awssdk.services.ecs.model.CreateExpressGatewayServiceResponse;
import software.amazon.awssdk.services.ecs.model.ExpressGatewayContainer;
import software.amazon.awssdk.services.ecs.model.ExpressGatewayServiceInclude;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ResourceNotFoundException;
import software.amazon.awssdk.services.ecs.model.ServiceNotActiveException;
import software.amazon.awssdk.services.ecs.model.ServiceNotFoundException;

/** Express services. What is made for them, and when, stands in {@code ExpressScenarioTest}. */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class ExpressConformanceTest {
    private static final Class<InvalidParameterException> INVALID = InvalidParameterException.class;
    private static final String CREATE = "CreateExpressGatewayService";
    private static final String UPDATE = "UpdateExpressGatewayService";
    private static final String DELETE = "DeleteExpressGatewayService";
    private static final String DESCRIBE = "DescribeExpressGatewayService";
    private static final String NONE = World.ARN + "service/default/none";
    private static final String ELSEWHERE = World.ARN + "service/nowhere/shop";

    static List<Row> rows() {
        return Row.all(List.of(create(), refusedAtCreation(), update(), delete(), describe(), asServices()));
    }

    static Stream<Arguments> arguments() {
        return Row.arguments(rows());
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void holds(Row row) throws Exception {
        row.holds();
    }

    private static CreateExpressGatewayServiceResponse created(
            Stage on, Consumer<CreateExpressGatewayServiceRequest.Builder> change) {
        var request = Stage.expressRequest();
        change.accept(request);
        return on.ecs().createExpressGatewayService(request.build());
    }

    private static List<Row> create() {
        return List.of(
                works(CREATE, "makes a service of which it answers all settings", on -> created(on.still(), request ->
                        request.cpu(".5 vCPU").memory("1GB").healthCheckPath("/ping?format=json")
                                .tags(tag -> tag.key("k").value("v"))
                                .networkConfiguration(network -> network.subnets("subnet-1", "subnet-2")
                                        .securityGroups("sg-1"))
                                .scalingTarget(target -> target.minTaskCount(2).maxTaskCount(4)
                                        .autoScalingMetric("AVERAGE_MEMORY").autoScalingTargetValue(70))),
                        answer -> {
                            assertThat(answer.service().status().statusCodeAsString()).isEqualTo("ACTIVE");
                            assertThat(answer.service().tags()).hasSize(1);
                            assertThat(answer.service().currentDeployment()).isNotBlank();
                            var configuration = answer.service().activeConfigurations().getFirst();
                            assertThat(List.of(configuration.cpu(), configuration.memory(),
                                    configuration.healthCheckPath()))
                                    .containsExactly("512", "1024", "/ping?format=json");
                            assertThat(configuration.networkConfiguration().subnets()).hasSize(2);
                            assertThat(configuration.scalingTarget().maxTaskCount()).isEqualTo(4);
                        }),
                works(CREATE, "gives a service without a name its image's", on -> created(on.still(), request ->
                        request.serviceName(null)),
                        answer -> assertThat(answer.service().serviceName()).startsWith("shop-")),
                works(CREATE, "makes it in another cluster", on -> {
                    on.still().cluster("c");
                    return created(on, request -> request.cluster("c"));
                }, answer -> assertThat(answer.service().serviceArn()).endsWith("service/c/shop")));
    }

    private static List<Row> refusedAtCreation() {
        return List.of(
                refusal("a service that is there", "Creation of service was not idempotent.", on -> {
                    on.express();
                    return created(on, request -> { });
                }),
                refusal("a service that is still there", "Unable to Start a service that is still Draining.", on -> {
                    String arn = on.express();
                    on.ecs().deleteExpressGatewayService(request -> request.serviceArn(arn));
                    return created(on, request -> { });
                }),
                refusal("no infrastructure role", "infrastructureRoleArn can not be blank.",
                        on -> created(on, request -> request.infrastructureRoleArn(null))),
                refusal("no execution role", "executionRoleArn can not be blank.",
                        on -> created(on, request -> request.executionRoleArn(""))),
                refusal("what is no role", "Invalid role ARN: me",
                        on -> created(on, request -> request.taskRoleArn("me"))),
                refusal("no container", "primaryContainer can not be blank.",
                        on -> created(on, request -> request.primaryContainer((ExpressGatewayContainer) null))),
                refusal("no image", "primaryContainer.image can not be blank.",
                        on -> created(on, request -> request.primaryContainer(container -> container.image(" ")))),
                refusal("a port that there is not", "containerPort must be between 1 and 65535.",
                        on -> created(on, request -> request.primaryContainer(container ->
                                container.image("a").containerPort(65_536)))),
                refusal("a relative path", "healthCheckPath must start with a forward slash and can have at most "
                        + "1024 printable characters.", on -> created(on, request -> request.healthCheckPath("up"))),
                refusal("fewer tasks at most than at least", "minTaskCount must be less than or equal to "
                        + "maxTaskCount.", on -> created(on, request ->
                                request.scalingTarget(target -> target.minTaskCount(21)))),
                refusal("more than all of a CPU", "autoScalingTargetValue must be between 1 and 100 for the metric "
                        + "AVERAGE_CPU.", on -> created(on, request ->
                                request.scalingTarget(target -> target.autoScalingTargetValue(101)))),
                refusal("one subnet", "At least two subnets in two different Availability Zones must be specified "
                        + "for the first Express service of a VPC.", on -> created(on, request ->
                                request.networkConfiguration(network -> network.subnets("subnet-1")))),
                refusal("a task definition beside a container", "taskDefinitionArn cannot be provided with "
                        + "primaryContainer, executionRoleArn, taskRoleArn, cpu, or memory.",
                        on -> created(on, request -> request.taskDefinitionArn("web:1"))),
                refusal("a task definition without a container Main", "Task definition must contain a container "
                        + "named 'Main' with a single TCP port mapping.", on -> {
                    String arn = on.fargateDefinition();
                    return created(on, request -> request.taskDefinitionArn(arn).executionRoleArn(null)
                            .primaryContainer((ExpressGatewayContainer) null));
                }),
                refuses(CREATE, "a size that FARGATE does not have", ClientException.class, "No Fargate configuration "
                        + "exists for given values: 256 CPU, 8192 memory. See the Amazon ECS documentation for the "
                        + "valid values.", on -> created(on, request -> request.memory("8192"))),
                refuses(CREATE, "a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        on -> created(on, request -> request.cluster("none"))));
    }

    private static Row refusal(String name, String message, Stage.Act<CreateExpressGatewayServiceResponse> when) {
        return refuses(CREATE, name, INVALID, message, when);
    }

    private static List<Row> update() {
        return List.of(
                works(UPDATE, "answers with what it will be", on -> {
                    String arn = on.express();
                    return on.ecs().updateExpressGatewayService(request -> request.serviceArn(arn).cpu("512")
                            .memory("1024").healthCheckPath("/up")
                            .primaryContainer(container -> container.image("shop:2").containerPort(8080)));
                }, answer -> {
                    var target = answer.service().targetConfiguration();
                    assertThat(List.of(target.cpu(), target.memory(), target.healthCheckPath(),
                            target.primaryContainer().image(), target.primaryContainer().containerPort().toString()))
                            .containsExactly("512", "1024", "/up", "shop:2", "8080");
                }),
                works(UPDATE, "changes nothing where nothing is wanted", on -> {
                    String arn = on.express();
                    return on.ecs().updateExpressGatewayService(request -> request.serviceArn(arn));
                }, answer -> assertThat(answer.service().targetConfiguration().taskDefinitionArn())
                        .endsWith("task-definition/default-shop:1")),
                refuses(UPDATE, "no service", INVALID, "serviceArn can not be blank.",
                        on -> on.ecs().updateExpressGatewayService(request -> { })),
                refuses(UPDATE, "what is no service", INVALID,
                        "Invalid identifier: Identifier is not for a service: shop",
                        on -> on.ecs().updateExpressGatewayService(request -> request.serviceArn("shop"))),
                refuses(UPDATE, "a task definition that is not there", ClientException.class,
                        "TaskDefinition not found.", on -> {
                    String arn = on.express();
                    return on.ecs().updateExpressGatewayService(request ->
                            request.serviceArn(arn).taskDefinitionArn("none:1"));
                }),
                refuses(UPDATE, "a service that is not there", ServiceNotFoundException.class, "Service not found.",
                        on -> on.ecs().updateExpressGatewayService(request -> request.serviceArn(NONE))),
                refuses(UPDATE, "a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().updateExpressGatewayService(request -> request.serviceArn(ELSEWHERE))),
                refuses(UPDATE, "a service that ends", ServiceNotActiveException.class,
                        "Service is in DRAINING status", on -> {
                    String arn = on.express();
                    on.ecs().deleteExpressGatewayService(request -> request.serviceArn(arn));
                    return on.ecs().updateExpressGatewayService(request -> request.serviceArn(arn));
                }));
    }

    private static List<Row> delete() {
        return List.of(
                works(DELETE, "answers with the service that ends", on -> {
                    String arn = on.express();
                    return on.ecs().deleteExpressGatewayService(request -> request.serviceArn(arn));
                }, answer -> assertThat(answer.service().status().statusCodeAsString()).isEqualTo("DRAINING")),
                refuses(DELETE, "a service that ends already", ServiceNotActiveException.class,
                        "Service is in DRAINING status", on -> {
                    String arn = on.express();
                    on.ecs().deleteExpressGatewayService(request -> request.serviceArn(arn));
                    return on.ecs().deleteExpressGatewayService(request -> request.serviceArn(arn));
                }),
                refuses(DELETE, "a service that is not there", ServiceNotFoundException.class, "Service not found.",
                        on -> on.ecs().deleteExpressGatewayService(request -> request.serviceArn(NONE))),
                refuses(DELETE, "a service of another account", ServiceNotFoundException.class, "Service not found.",
                        on -> {
                            String arn = on.express();
                            return on.as("210987654321", World.SCOPE.region(), there ->
                                    there.ecs().deleteExpressGatewayService(request -> request.serviceArn(arn)));
                        }),
                refuses(DELETE, "a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().deleteExpressGatewayService(request -> request.serviceArn(ELSEWHERE))),
                refuses(DELETE, "another service", INVALID, "Service svc has ResourceManagementType=CUSTOMER and is "
                        + "not an Express service.", on -> {
                    String arn = on.service();
                    return on.ecs().deleteExpressGatewayService(request -> request.serviceArn(arn));
                }));
    }

    private static List<Row> describe() {
        return List.of(
                works(DESCRIBE, "shows tags where they are asked for", on -> {
                    created(on.still(), request -> request.tags(tag -> tag.key("k").value("v")));
                    return on.ecs().describeExpressGatewayService(request -> request
                            .serviceArn(World.ARN + "service/default/shop")
                            .include(ExpressGatewayServiceInclude.TAGS));
                }, answer -> assertThat(answer.service().tags()).hasSize(1)),
                works(DESCRIBE, "shows a service whose infrastructure has come", on -> {
                    String arn = created(on.managedCapacity(), request -> { }).service().serviceArn();
                    on.awaitEvent(arn, "has started 1 tasks");
                    on.still();
                    return on.ecs().describeExpressGatewayService(request -> request.serviceArn(arn));
                }, answer -> assertThat(answer.service().activeConfigurations()).hasSize(1)),
                works(DESCRIBE, "leaves tags out", on -> {
                    created(on.still(), request -> request.tags(tag -> tag.key("k").value("v")));
                    return on.ecs().describeExpressGatewayService(request -> request
                            .serviceArn(World.ARN + "service/default/shop"));
                }, answer -> assertThat(answer.service().hasTags()).isFalse()),
                refuses(DESCRIBE, "a service that is not there", ResourceNotFoundException.class,
                        "The specified service was not found.",
                        on -> on.ecs().describeExpressGatewayService(request -> request.serviceArn(NONE))),
                refuses(DESCRIBE, "a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().describeExpressGatewayService(request -> request.serviceArn(ELSEWHERE))),
                refuses(DESCRIBE, "no service", INVALID, "serviceArn can not be blank.",
                        on -> on.ecs().describeExpressGatewayService(request -> { })));
    }

    /** What the other actions of services make of them. */
    private static List<Row> asServices() {
        return List.of(
                works("ListServices", "lists those that ECS manages", on -> {
                    on.express();
                    on.definition();
                    on.ecs().createService(request -> request.serviceName("svc").taskDefinition("web")
                            .desiredCount(0));
                    return on.ecs().listServices(request -> request.resourceManagementType("ECS"));
                }, answer -> assertThat(answer.serviceArns()).containsExactly(World.ARN + "service/default/shop")),
                works("DescribeServices", "says who manages a service", on -> {
                    on.express();
                    return on.ecs().describeServices(request -> request.services("shop"));
                }, answer -> assertThat(answer.services().getFirst().resourceManagementTypeAsString())
                        .isEqualTo("ECS")),
                works("DescribeServiceRevisions", "shows what is being made for it", on -> {
                    on.express();
                    String revision = on.ecs().describeServices(request -> request.services("shop")).services()
                            .getFirst().currentServiceRevisions().getFirst().arn();
                    return on.ecs().describeServiceRevisions(request -> request.serviceRevisionArns(revision));
                }, answer -> assertThat(answer.serviceRevisions().getFirst().ecsManagedResources().ingressPaths()
                        .getFirst().loadBalancer().statusAsString()).isEqualTo("PROVISIONING")),
                refuses("DeleteService", "a service that ECS manages", INVALID, "Service shop has "
                        + "ResourceManagementType=ECS use DeleteExpressGatewayService", on -> {
                    on.express();
                    return on.ecs().deleteService(request -> request.service("shop").force(true));
                }),
                refuses("UpdateService", "another strategy for a service that ECS manages", INVALID, "Updating to "
                        + "ROLLING deployment strategy is not supported for ExpressGatewayServices.", on -> {
                    on.express();
                    return on.ecs().updateService(request -> request.service("shop")
                            .deploymentConfiguration(deployment -> deployment.strategy("ROLLING")));
                }));
    }
}
