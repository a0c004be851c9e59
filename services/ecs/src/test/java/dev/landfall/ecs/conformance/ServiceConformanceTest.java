package dev.landfall.ecs.conformance;

import static dev.landfall.ecs.conformance.Row.refuses;
import static dev.landfall.ecs.conformance.Row.works;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.World;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;
import software.amazon.awssdk.services.ecs.model.PlacementStrategy;
import software.amazon.awssdk.services.ecs.model.PlatformTaskDefinitionIncompatibilityException;
import software.amazon.awssdk.services.ecs.model.PlatformUnknownException;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceField;
import software.amazon.awssdk.services.ecs.model.ServiceNotActiveException;
import software.amazon.awssdk.services.ecs.model.ServiceNotFoundException;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;

@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class ServiceConformanceTest {
    private static final Class<InvalidParameterException> INVALID = InvalidParameterException.class;
    private static final String ARN = World.ARN + "service/default/svc";

    static List<Row> rows() {
        return Row.all(List.of(createService(), createServiceAgain(), createServiceRefusals(), createServiceShapes(),
                updateService(), updateServiceDeployments(), updateServiceRefusals(), deleteService(),
                deleteServiceRefusals(), describeServices(), listServices()));
    }

    static Stream<Arguments> arguments() {
        return Row.arguments(rows());
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void holds(Row row) throws Exception {
        row.holds();
    }

    private static List<Row> createService() {
        String action = "CreateService";
        return List.of(
                works(action, "shows the defaults", on -> {
                    on.definition();
                    return on.ecs().createService(request -> request.serviceName("svc").taskDefinition("web")
                            .desiredCount(2));
                }, answer -> {
                    Service service = answer.service();
                    assertThat(service.serviceArn()).isEqualTo(ARN);
                    assertThat(service.status()).isEqualTo("ACTIVE");
                    assertThat(service.taskDefinition()).isEqualTo(World.ARN + "task-definition/web:1");
                    assertThat(service.launchTypeAsString()).isEqualTo("EC2");
                    assertThat(service.schedulingStrategyAsString()).isEqualTo("REPLICA");
                    assertThat(service.deploymentController().typeAsString()).isEqualTo("ECS");
                    assertThat(service.deploymentConfiguration().minimumHealthyPercent()).isEqualTo(100);
                    assertThat(service.deploymentConfiguration().maximumPercent()).isEqualTo(200);
                    assertThat(service.deploymentConfiguration().deploymentCircuitBreaker().enable()).isFalse();
                    assertThat(service.propagateTagsAsString()).isEqualTo("NONE");
                    assertThat(service.enableECSManagedTags()).isFalse();
                    assertThat(service.enableExecuteCommand()).isFalse();
                    assertThat(service.availabilityZoneRebalancingAsString()).isEqualTo("ENABLED");
                    assertThat(service.runningCount() + service.pendingCount()).isZero();
                    assertThat(service.events()).isEmpty();
                    assertThat(service.createdBy()).isEqualTo("arn:aws:iam::123456789012:root");
                    Deployment deployment = service.deployments().getFirst();
                    assertThat(deployment.id()).matches("ecs-svc/[0-9]+");
                    assertThat(deployment.status()).isEqualTo("PRIMARY");
                    assertThat(deployment.desiredCount()).isEqualTo(2);
                    assertThat(deployment.failedTasks()).isZero();
                    assertThat(deployment.rolloutState()).isEqualTo(DeploymentRolloutState.IN_PROGRESS);
                }),
                works(action, "on FARGATE shows the platform", on -> {
                    on.fargateDefinition();
                    return on.ecs().createService(request -> request.serviceName("svc").taskDefinition("net")
                            .launchType("FARGATE").desiredCount(1).networkConfiguration(it ->
                                    it.awsvpcConfiguration(vpc -> vpc.subnets("subnet-1"))));
                }, answer -> {
                    assertThat(answer.service().launchTypeAsString()).isEqualTo("FARGATE");
                    assertThat(answer.service().platformFamily()).isEqualTo("Linux");
                    assertThat(answer.service().platformVersion()).isEqualTo("LATEST");
                }),
                works(action, "takes the cluster's default strategy", on -> {
                    on.ecs().putClusterCapacityProviders(request -> request.cluster("default")
                            .capacityProviders("FARGATE")
                            .defaultCapacityProviderStrategy(it -> it.capacityProvider("FARGATE").weight(1)));
                    on.fargateDefinition();
                    return on.ecs().createService(request -> request.serviceName("svc").taskDefinition("net")
                            .desiredCount(0));
                }, answer -> {
                    assertThat(answer.service().launchType()).isNull();
                    assertThat(answer.service().capacityProviderStrategy()).hasSize(1);
                }));
    }

    private static List<Row> createServiceAgain() {
        String action = "CreateService";
        Consumer<CreateServiceRequest.Builder> withToken = request -> request.serviceName("svc")
                .taskDefinition("web").desiredCount(0).clientToken("token");
        return List.of(
                works(action, "repeated with its token answers the service that is there", on -> {
                    on.service(withToken);
                    on.ecs().createService(withToken);
                    return on.ecs().createService(withToken);
                }, answer -> assertThat(answer.service().serviceArn()).isEqualTo(ARN)),
                works(action, "after its deletion makes it anew", on -> {
                    String arn = on.service();
                    on.ecs().deleteService(request -> request.service("svc"));
                    on.gone(arn);
                    return on.ecs().createService(request -> request.serviceName("svc").taskDefinition("web")
                            .desiredCount(0));
                }, answer -> {
                    assertThat(answer.service().status()).isEqualTo("ACTIVE");
                    assertThat(answer.service().events()).isEmpty();
                }),
                refuses(action, "another one of that name", INVALID, "Creation of service was not idempotent.", on -> {
                    on.service();
                    return on.ecs().createService(request -> request.serviceName("svc").taskDefinition("web")
                            .desiredCount(3));
                }),
                refuses(action, "another one under the same token", INVALID, "Creation of service was not idempotent.",
                        on -> {
                            on.service(withToken);
                            return on.ecs().createService(withToken.andThen(request -> request.desiredCount(1)));
                        }),
                refuses(action, "one of that name that is draining", INVALID,
                        "Unable to Start a service that is still Draining.", on -> {
                            on.instance();
                            on.service(request -> request.desiredCount(1));
                            on.ecs().deleteService(request -> request.service("svc").force(true));
                            return on.ecs().createService(request -> request.serviceName("svc").taskDefinition("web")
                                    .desiredCount(0));
                        }));
    }

    private static Row refusesToCreate(String name, Class<? extends EcsException> error, String message,
            Consumer<CreateServiceRequest.Builder> change) {
        return refuses("CreateService", name, error, message, on -> {
            on.definition();
            on.fargateDefinition();
            return on.ecs().createService(request -> {
                request.serviceName("svc").taskDefinition("web").desiredCount(1);
                change.accept(request);
            });
        });
    }

    private static List<Row> createServiceRefusals() {
        return List.of(
                refusesToCreate("a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        request -> request.cluster("other")),
                refusesToCreate("an unknown task definition", ClientException.class, "TaskDefinition not found.",
                        request -> request.taskDefinition("api")),
                refuses("CreateService", "an INACTIVE task definition", ClientException.class,
                        "TaskDefinition is inactive", on -> {
                            on.ecs().deregisterTaskDefinition(request -> request.taskDefinition(on.definition()));
                            return on.ecs().createService(request -> request.serviceName("svc")
                                    .taskDefinition("web:1").desiredCount(1));
                        }),
                refusesToCreate("no task definition", INVALID, "TaskDefinition can not be blank.",
                        request -> request.taskDefinition(null)),
                refusesToCreate("no name", INVALID, "Service name cannot be empty.",
                        request -> request.serviceName(null)),
                refusesToCreate("less than no tasks", INVALID, "DesiredCount can not be lesser than 0",
                        request -> request.desiredCount(-1)),
                refusesToCreate("no count of tasks", INVALID, "DesiredCount is missing",
                        request -> request.desiredCount(null)),
                refusesToCreate("a token of 37 characters", INVALID, "clientToken longer than 36.",
                        request -> request.clientToken("t".repeat(37))),
                refusesToCreate("a platform version there is not", PlatformUnknownException.class,
                        "The specified platform version does not exist.",
                        request -> request.taskDefinition("net").launchType("FARGATE").platformVersion("9.9.9")),
                refusesToCreate("FARGATE with a definition that is not for it", INVALID,
                        "Task definition does not support launch_type FARGATE.",
                        request -> request.launchType("FARGATE")));
    }

    private static List<Row> createServiceShapes() {
        return List.of(
                refuses("CreateService", "a platform version that lacks something",
                        PlatformTaskDefinitionIncompatibilityException.class,
                        "One or more of the requested capabilities are not supported.", on -> {
                            on.largeDefinition();
                            return on.ecs().createService(request -> request.serviceName("svc").desiredCount(0)
                                    .taskDefinition("large").launchType("FARGATE").platformVersion("1.3.0"));
                        }),
                refusesToCreate("a launch type beside a strategy", INVALID, "Specifying both a launch type and "
                        + "capacity provider strategy is not supported. Remove one and try again.",
                        request -> request.launchType("EC2").capacityProviderStrategy(it ->
                                it.capacityProvider("FARGATE").weight(1))),
                refusesToCreate("percentages that block deployments", INVALID, "Both maximumPercent and "
                        + "minimumHealthyPercent cannot be 100 as this will block deployments.",
                        request -> request.deploymentConfiguration(it ->
                                it.minimumHealthyPercent(100).maximumPercent(100))),
                refusesToCreate("an unknown launch type", INVALID, "launch type should be one of "
                        + "[EC2,FARGATE,EXTERNAL,MANAGED_INSTANCES]", request -> request.launchType("MOON")),
                refusesToCreate("six placement strategies", INVALID, "placementStrategy can have at most 5 items.",
                        request -> request.placementStrategy(Collections.nCopies(6,
                                PlacementStrategy.builder().type("random").build()))),
                refusesToCreate("a target group that is not there", INVALID,
                        "The target group arn:x does not exist.", request -> request.loadBalancers(
                                LoadBalancer.builder().targetGroupArn("arn:x").containerName("app")
                                        .containerPort(80).build())));
    }

    private static List<Row> updateService() {
        String action = "UpdateService";
        return List.of(
                works(action, "scales without another deployment", on -> {
                    on.instance();
                    on.service();
                    return on.ecs().updateService(request -> request.service("svc").desiredCount(2));
                }, answer -> {
                    assertThat(answer.service().desiredCount()).isEqualTo(2);
                    assertThat(answer.service().deployments()).hasSize(1);
                }),
                works(action, "of nothing changes nothing", on -> {
                    on.service();
                    return on.ecs().updateService(request -> request.service("svc"));
                }, answer -> assertThat(answer.service().deployments()).hasSize(1)),
                works(action, "takes settings, and leaves the rest", on -> {
                    on.service();
                    return on.ecs().updateService(request -> request.service(ARN).healthCheckGracePeriodSeconds(30)
                            .propagateTags("SERVICE").enableECSManagedTags(true)
                            .deploymentConfiguration(it -> it.maximumPercent(150)));
                }, answer -> {
                    assertThat(answer.service().healthCheckGracePeriodSeconds()).isEqualTo(30);
                    assertThat(answer.service().propagateTagsAsString()).isEqualTo("SERVICE");
                    assertThat(answer.service().enableECSManagedTags()).isTrue();
                    assertThat(answer.service().deploymentConfiguration().minimumHealthyPercent()).isEqualTo(100);
                    assertThat(answer.service().deploymentConfiguration().maximumPercent()).isEqualTo(150);
                }));
    }

    private static List<Row> updateServiceDeployments() {
        String action = "UpdateService";
        return List.of(
                works(action, "to another revision begins a deployment", on -> {
                    on.instance();
                    on.service(request -> request.desiredCount(1));
                    on.definition();
                    return on.ecs().updateService(request -> request.service("svc").taskDefinition("web:2"));
                }, answer -> {
                    assertThat(answer.service().taskDefinition()).endsWith("web:2");
                    assertThat(answer.service().deployments()).extracting(Deployment::status)
                            .containsExactly("PRIMARY", "ACTIVE");
                }),
                works(action, "by force begins a deployment of the same", on -> {
                    on.instance();
                    on.service(request -> request.desiredCount(1));
                    return on.ecs().updateService(request -> request.service("svc").forceNewDeployment(true));
                }, answer -> assertThat(answer.service().deployments()).extracting(Deployment::taskDefinition)
                        .containsExactly(World.ARN + "task-definition/web:1", World.ARN + "task-definition/web:1")));
    }

    private static Row refusesToUpdate(String name, Class<? extends EcsException> error, String message,
            Consumer<UpdateServiceRequest.Builder> change) {
        return refuses("UpdateService", name, error, message, on -> {
            on.service();
            return on.ecs().updateService(request -> {
                request.service("svc");
                change.accept(request);
            });
        });
    }

    private static List<Row> updateServiceRefusals() {
        return List.of(
                refusesToUpdate("a service that is not there", ServiceNotFoundException.class, "Service not found.",
                        request -> request.service("other")),
                refuses("UpdateService", "a deleted service", ServiceNotActiveException.class,
                        "Service was not ACTIVE.", on -> {
                            String arn = on.service();
                            on.ecs().deleteService(request -> request.service("svc"));
                            on.gone(arn);
                            return on.ecs().updateService(request -> request.service("svc").desiredCount(1));
                        }),
                refusesToUpdate("a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        request -> request.cluster("other")),
                refusesToUpdate("an unknown task definition", ClientException.class, "TaskDefinition not found.",
                        request -> request.taskDefinition("api")),
                refusesToUpdate("less than no tasks", INVALID, "Task count can not be lesser than 0",
                        request -> request.desiredCount(-1)),
                refuses("UpdateService", "a platform version that lacks something",
                        PlatformTaskDefinitionIncompatibilityException.class,
                        "One or more of the requested capabilities are not supported.", on -> {
                            on.largeDefinition();
                            on.service(request -> request.taskDefinition("large").launchType("FARGATE"));
                            return on.ecs().updateService(request -> request.service("svc").platformVersion("1.3.0"));
                        }),
                refusesToUpdate("no service", INVALID, "Service cannot be empty.", request -> request.service(null)),
                refuses("UpdateService", "a platform version there is not", PlatformUnknownException.class,
                        "The specified platform version does not exist.", on -> {
                            on.fargateDefinition();
                            on.service(request -> request.taskDefinition("net").launchType("FARGATE"));
                            return on.ecs().updateService(request -> request.service("svc").platformVersion("9.9.9"));
                        }));
    }

    private static List<Row> deleteService() {
        String action = "DeleteService";
        return List.of(
                works(action, "drains it", on -> {
                    on.service();
                    return on.ecs().deleteService(request -> request.service("svc"));
                }, answer -> assertThat(answer.service().status()).isEqualTo("DRAINING")),
                works(action, "by force drains one with tasks", on -> {
                    on.instance();
                    on.service(request -> request.desiredCount(1));
                    return on.ecs().deleteService(request -> request.service("svc").force(true));
                }, answer -> {
                    assertThat(answer.service().status()).isEqualTo("DRAINING");
                    assertThat(answer.service().desiredCount()).isZero();
                    assertThat(answer.service().runningCount()).isEqualTo(1);
                }),
                works(action, "repeated while it drains answers the same", on -> {
                    on.instance();
                    on.service(request -> request.desiredCount(1));
                    on.ecs().deleteService(request -> request.service("svc").force(true));
                    on.awaitEvent(ARN, "has stopped 1 running tasks");
                    return on.ecs().deleteService(request -> request.service("svc"));
                }, answer -> assertThat(answer.service().status()).isEqualTo("DRAINING")));
    }

    private static List<Row> deleteServiceRefusals() {
        String action = "DeleteService";
        return List.of(
                refuses(action, "one that wants tasks", INVALID,
                        "The service cannot be stopped while it is scaled above 0.", on -> {
                            on.instance();
                            on.service(request -> request.desiredCount(1));
                            return on.ecs().deleteService(request -> request.service("svc"));
                        }),
                refuses(action, "one that is not there", ServiceNotFoundException.class, "Service not found.",
                        on -> on.ecs().deleteService(request -> request.service("svc"))),
                refuses(action, "one that is gone", ServiceNotFoundException.class, "Service not found.", on -> {
                    String arn = on.service();
                    on.ecs().deleteService(request -> request.service("svc"));
                    on.gone(arn);
                    return on.ecs().deleteService(request -> request.service("svc"));
                }),
                refuses(action, "a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().deleteService(request -> request.cluster("other").service("svc"))),
                refuses(action, "no service", INVALID, "Service cannot be empty.",
                        on -> on.ecs().deleteService(request -> { })));
    }

    private static List<Row> describeServices() {
        String action = "DescribeServices";
        return List.of(
                works(action, "shows a service at rest, and misses others", on -> {
                    on.instance();
                    on.service(request -> request.desiredCount(2).tags(Tag.builder().key("a").value("1").build()));
                    return on.ecs().describeServices(request -> request.services("svc", "other"));
                }, answer -> {
                    Service service = answer.services().getFirst();
                    assertThat(service.runningCount()).isEqualTo(2);
                    assertThat(service.pendingCount()).isZero();
                    assertThat(service.deployments().getFirst().rolloutState())
                            .isEqualTo(DeploymentRolloutState.COMPLETED);
                    assertThat(service.events().getFirst().message())
                            .isEqualTo("(service svc) has reached a steady state.");
                    assertThat(service.tags()).isEmpty();
                    assertThat(answer.failures().getFirst().arn()).isEqualTo(World.ARN + "service/default/other");
                    assertThat(answer.failures().getFirst().reason()).isEqualTo("MISSING");
                }),
                works(action, "shows tags where asked for", on -> {
                    String arn = on.service(request -> request.tags(Tag.builder().key("a").value("1").build()));
                    return on.ecs().describeServices(request -> request.services(arn).include(ServiceField.TAGS));
                }, answer -> assertThat(answer.services().getFirst().tags()).hasSize(1)),
                works(action, "shows one that is gone", on -> {
                    String arn = on.service();
                    on.ecs().deleteService(request -> request.service("svc"));
                    on.gone(arn);
                    return on.ecs().describeServices(request -> request.services("svc"));
                }, answer -> assertThat(answer.services().getFirst().status()).isEqualTo("INACTIVE")),
                refuses(action, "none", INVALID, "Services cannot be empty.",
                        on -> on.ecs().describeServices(request -> { })),
                refuses(action, "eleven", INVALID, "service names can have at most 10 items.",
                        on -> on.ecs().describeServices(request ->
                                request.services(Collections.nCopies(11, "svc")))),
                refuses(action, "a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().describeServices(request -> request.cluster("other").services("svc"))));
    }

    private static List<Row> listServices() {
        String action = "ListServices";
        return List.of(
                works(action, "lists those of a cluster that are not gone", on -> {
                    String arn = on.service(request -> request.serviceName("old"));
                    on.ecs().deleteService(request -> request.service("old"));
                    on.gone(arn);
                    on.service();
                    return on.ecs().listServices(request -> { });
                }, answer -> assertThat(answer.serviceArns()).containsExactly(ARN)),
                works(action, "lists those of a launch type and a strategy", on -> {
                    on.service();
                    on.fargateDefinition();
                    on.service(request -> request.serviceName("net").taskDefinition("net").launchType("FARGATE"));
                    return on.ecs().listServices(request -> request.launchType("FARGATE")
                            .schedulingStrategy("REPLICA"));
                }, answer -> assertThat(answer.serviceArns()).containsExactly(World.ARN + "service/default/net")),
                refuses(action, "an unknown launch type", INVALID, "launch type should be one of "
                        + "[EC2,FARGATE,EXTERNAL,MANAGED_INSTANCES]",
                        on -> on.ecs().listServices(request -> request.launchType("MOON"))),
                refuses(action, "a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().listServices(request -> request.cluster("other"))));
    }
}
