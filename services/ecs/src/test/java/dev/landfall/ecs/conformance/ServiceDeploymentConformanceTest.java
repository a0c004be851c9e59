package dev.landfall.ecs.conformance;

import static dev.landfall.ecs.conformance.Row.refuses;
import static dev.landfall.ecs.conformance.Row.works;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.World;
import dev.landfall.testkit.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.ConflictException;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHookDetail;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentNotFoundException;
import software.amazon.awssdk.services.ecs.model.ServiceNotFoundException;

@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class ServiceDeploymentConformanceTest {
    private static final Class<InvalidParameterException> INVALID = InvalidParameterException.class;
    private static final String UNKNOWN = World.ARN + "service-deployment/default/svc/xxxxxxxxxxxxxxxxxxxxx";

    static List<Row> rows() {
        return Row.all(List.of(list(), describe(), describeRevisions(), stop(), goOn()));
    }

    static Stream<Arguments> arguments() {
        return Row.arguments(rows());
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void holds(Row row) throws Exception {
        row.holds();
    }

    private static Service service(Stage on) {
        on.service();
        return on.ecs().describeServices(request -> request.services("svc")).services().getFirst();
    }

    private static List<Row> list() {
        String action = "ListServiceDeployments";
        return List.of(
                works(action, "shows what there is, newest first", on -> {
                    on.service();
                    on.steady(on.ecs().updateService(request -> request.service("svc").forceNewDeployment(true))
                            .service().serviceArn());
                    return on.ecs().listServiceDeployments(request -> request.service("svc"));
                }, answer -> {
                    assertThat(answer.serviceDeployments()).hasSize(2).allSatisfy(each -> {
                        assertThat(each.serviceDeploymentArn())
                                .startsWith(World.ARN + "service-deployment/default/svc/");
                        assertThat(each.targetServiceRevisionArn())
                                .startsWith(World.ARN + "service-revision/default/svc/");
                        assertThat(each.startedAt()).isNotNull();
                    });
                    assertThat(answer.serviceDeployments().getFirst().statusAsString()).isEqualTo("SUCCESSFUL");
                }),
                works(action, "takes statuses and times", on -> {
                    on.service();
                    return on.ecs().listServiceDeployments(request -> request.service("svc")
                            .statusWithStrings("STOPPED").createdAt(at -> at.after(Instant.EPOCH)));
                }, answer -> assertThat(answer.serviceDeployments()).isEmpty()),
                refuses(action, "of no service", INVALID, "Service cannot be empty.",
                        on -> on.ecs().listServiceDeployments(request -> { })),
                refuses(action, "of a service that is not there", ServiceNotFoundException.class, "Service not found.",
                        on -> on.ecs().listServiceDeployments(request -> request.service("none"))),
                refuses(action, "of a cluster that is not there", ClusterNotFoundException.class, "Cluster not found.",
                        on -> on.ecs().listServiceDeployments(request -> request.service("svc").cluster("none"))));
    }

    private static List<Row> describe() {
        String action = "DescribeServiceDeployments";
        return List.of(
                works(action, "shows one from beginning to end", on -> {
                    String arn = service(on).currentServiceDeployment();
                    return on.ecs().describeServiceDeployments(request -> request.serviceDeploymentArns(arn));
                }, answer -> assertThat(answer.serviceDeployments()).singleElement().satisfies(each -> {
                    assertThat(each.statusAsString()).isEqualTo("SUCCESSFUL");
                    assertThat(each.startedAt()).isNotNull();
                    assertThat(each.finishedAt()).isNotNull();
                    assertThat(each.targetServiceRevision().requestedTaskCount()).isZero();
                    assertThat(each.deploymentCircuitBreaker().statusAsString()).isEqualTo("DISABLED");
                    assertThat(each.alarms().statusAsString()).isEqualTo("DISABLED");
                })),
                works(action, "tells what is missing", on ->
                        on.ecs().describeServiceDeployments(request -> request.serviceDeploymentArns(UNKNOWN)),
                        answer -> assertThat(answer.failures())
                                .containsExactly(Failure.builder().arn(UNKNOWN).reason("MISSING").build())),
                refuses(action, "none", INVALID, "serviceDeploymentArns cannot be empty.",
                        on -> on.ecs().describeServiceDeployments(request -> { })),
                refuses(action, "more than twenty", INVALID, "serviceDeploymentArns can have at most 20 items.",
                        on -> on.ecs().describeServiceDeployments(request ->
                                request.serviceDeploymentArns(Collections.nCopies(21, UNKNOWN)))));
    }

    private static List<Row> describeRevisions() {
        String action = "DescribeServiceRevisions";
        return List.of(
                works(action, "shows what a service is made of", on -> {
                    String arn = service(on).currentServiceRevisions().getFirst().arn();
                    return on.ecs().describeServiceRevisions(request -> request.serviceRevisionArns(arn));
                }, answer -> assertThat(answer.serviceRevisions()).singleElement().satisfies(each -> {
                    assertThat(each.taskDefinition()).isEqualTo(World.ARN + "task-definition/web:1");
                    assertThat(each.containerImages()).hasSize(1);
                })),
                works(action, "tells what is missing", on ->
                        on.ecs().describeServiceRevisions(request -> request.serviceRevisionArns("none")),
                        answer -> assertThat(answer.failures())
                                .containsExactly(Failure.builder().arn("none").reason("MISSING").build())),
                refuses(action, "none", INVALID, "serviceRevisionArns cannot be empty.",
                        on -> on.ecs().describeServiceRevisions(request -> { })),
                refuses(action, "more than twenty", INVALID, "serviceRevisionArns can have at most 20 items.",
                        on -> on.ecs().describeServiceRevisions(request ->
                                request.serviceRevisionArns(Collections.nCopies(21, "arn")))));
    }

    private static List<Row> stop() {
        String action = "StopServiceDeployment";
        return List.of(
                works(action, "rolls back what goes on", on -> {
                    on.service();
                    String arn = on.ecs().updateService(request -> request.service("svc").forceNewDeployment(true)
                            .desiredCount(1)).service().currentServiceDeployment(); // for which there is no instance
                    return on.ecs().stopServiceDeployment(request -> request.serviceDeploymentArn(arn)
                            .stopType("ROLLBACK"));
                }, answer -> assertThat(answer.serviceDeploymentArn())
                        .startsWith(World.ARN + "service-deployment/default/svc/")),
                refuses(action, "nothing", INVALID, "serviceDeploymentArn can not be blank.",
                        on -> on.ecs().stopServiceDeployment(request -> { })),
                refuses(action, "one that is not there", ServiceDeploymentNotFoundException.class,
                        "Service deployment not found.",
                        on -> on.ecs().stopServiceDeployment(request -> request.serviceDeploymentArn(UNKNOWN))),
                refuses(action, "one that is over", ConflictException.class,
                        "The service deployment cannot be stopped because it is in the SUCCESSFUL state.", on -> {
                            String arn = service(on).currentServiceDeployment();
                            return on.ecs().stopServiceDeployment(request -> request.serviceDeploymentArn(arn));
                        }));
    }

    /** A service whose first deployment waits at a pause; the ARN of that deployment. */
    private static String paused(Stage on) {
        on.definition();
        String arn = on.ecs().createService(request -> request.serviceName("svc").taskDefinition("web").desiredCount(0)
                .deploymentConfiguration(each -> each.strategy("BLUE_GREEN").lifecycleHooks(hook ->
                        hook.targetType("PAUSE").lifecycleStagesWithStrings("PRE_SCALE_UP"))))
                .service().currentServiceDeployment();
        Await.until("the deployment waits", Duration.ofSeconds(20), () -> !hooks(on, arn).isEmpty());
        return arn;
    }

    private static List<DeploymentLifecycleHookDetail> hooks(Stage on, String arn) {
        return on.ecs().describeServiceDeployments(request -> request.serviceDeploymentArns(arn))
                .serviceDeployments().getFirst().lifecycleHookDetails();
    }

    private static List<Row> goOn() {
        String action = "ContinueServiceDeployment";
        return List.of(
                works(action, "goes on with what waits", on -> {
                    String arn = paused(on);
                    String hookId = hooks(on, arn).getFirst().hookId();
                    return on.ecs().continueServiceDeployment(request -> request.serviceDeploymentArn(arn)
                            .hookId(hookId).action("CONTINUE"));
                }, answer -> assertThat(answer.serviceDeploymentArn())
                        .startsWith(World.ARN + "service-deployment/default/svc/")),
                refuses(action, "nothing", INVALID, "serviceDeploymentArn can not be blank.",
                        on -> on.ecs().continueServiceDeployment(request -> request.hookId("ecs-pause-x"))),
                refuses(action, "no hook", INVALID,
                        "Invalid hookId: hookId must follow the format: ecs-{hookType}-{id}",
                        on -> on.ecs().continueServiceDeployment(request -> request.serviceDeploymentArn(UNKNOWN))),
                refuses(action, "one that is not there", ServiceDeploymentNotFoundException.class,
                        "The service deployment does not exist.",
                        on -> on.ecs().continueServiceDeployment(request -> request.serviceDeploymentArn(UNKNOWN)
                                .hookId("ecs-pause-x"))),
                refuses(action, "a hook that is not there", INVALID, "Provided hookId is either completed, "
                        + "unavailable, or not associated with the given Resource ARN", on -> {
                            String arn = paused(on);
                            return on.ecs().continueServiceDeployment(request -> request.serviceDeploymentArn(arn)
                                    .hookId("ecs-pause-x"));
                        }),
                refuses(action, "one that is over", INVALID, "Continuing a service deployment is not allowed for "
                        + "service deployment in terminal states.", on -> {
                            String arn = service(on).currentServiceDeployment();
                            return on.ecs().continueServiceDeployment(request -> request.serviceDeploymentArn(arn)
                                    .hookId("ecs-pause-x"));
                        }));
    }
}
