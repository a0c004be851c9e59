package dev.landfall.ecs.deployment;

import static dev.landfall.ecs.World.ARN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.World;
import dev.landfall.ecs.service.DeleteService;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.ecs.model.ConflictException;
import software.amazon.awssdk.services.ecs.model.DeleteServiceRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServiceDeploymentsRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServiceDeploymentsResponse;
import software.amazon.awssdk.services.ecs.model.DescribeServiceRevisionsRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServiceRevisionsResponse;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ListServiceDeploymentsRequest;
import software.amazon.awssdk.services.ecs.model.ListServiceDeploymentsResponse;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceDeployment;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentBrief;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentNotFoundException;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentRollbackMonitorsStatus;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus;
import software.amazon.awssdk.services.ecs.model.ServiceNotFoundException;
import software.amazon.awssdk.services.ecs.model.ServiceRevision;
import software.amazon.awssdk.services.ecs.model.StopServiceDeploymentRequest;
import software.amazon.awssdk.services.ecs.model.StopServiceDeploymentStopType;

/** What the operations on service deployments and revisions answer and refuse. */
class ServiceDeploymentsTest {
    private final World world = new World();

    @BeforeEach
    void aService() {
        world.instance(100_000);
        world.definition("web");
        world.definition("web");
        world.createService(request -> request.taskDefinition("web:1"));
    }

    private DescribeServiceDeploymentsResponse describe(String... arns) {
        var request = DescribeServiceDeploymentsRequest.builder().serviceDeploymentArns(arns).build();
        return DescribeServiceDeployments.read(world.image(), request, World.SCOPE);
    }

    private ServiceDeployment current() {
        return describe(world.service("svc").currentServiceDeployment()).serviceDeployments().getFirst();
    }

    private ListServiceDeploymentsResponse list(Consumer<ListServiceDeploymentsRequest.Builder> change) {
        var request = ListServiceDeploymentsRequest.builder().service("svc");
        change.accept(request);
        return ListServiceDeployments.read(world.image(), request.build(), World.SCOPE);
    }

    private DescribeServiceRevisionsResponse revisions(String... arns) {
        var request = DescribeServiceRevisionsRequest.builder().serviceRevisionArns(arns).build();
        return DescribeServiceRevisions.read(world.image(), request, World.SCOPE);
    }

    @Test
    void theFirstDeploymentFromBeginningToEnd() {
        Instant created = world.now();
        ServiceDeployment pending = current();
        assertThat(pending.status()).isEqualTo(ServiceDeploymentStatus.PENDING);
        assertThat(pending.serviceDeploymentArn())
                .matches(ARN + "service-deployment/default/svc/[0-9A-Za-z_-]{21}");
        assertThat(pending.serviceArn()).isEqualTo(World.serviceArn("svc"));
        assertThat(pending.clusterArn()).isEqualTo(ARN + "cluster/default");
        assertThat(pending.createdAt()).isEqualTo(created);
        assertThat(pending.startedAt()).isNull();
        assertThat(pending.sourceServiceRevisions()).isEmpty();
        assertThat(pending.targetServiceRevision().arn()).matches(ARN + "service-revision/default/svc/[0-9]{19}");
        assertThat(pending.targetServiceRevision().requestedTaskCount()).isEqualTo(2);
        assertThat(pending.targetServiceRevision().runningTaskCount()).isZero();
        assertThat(pending.deploymentConfiguration().maximumPercent()).isEqualTo(200);
        assertThat(pending.deploymentCircuitBreaker().status())
                .isEqualTo(ServiceDeploymentRollbackMonitorsStatus.DISABLED);
        assertThat(pending.alarms().status()).isEqualTo(ServiceDeploymentRollbackMonitorsStatus.DISABLED);

        world.pass(Duration.ofSeconds(1));
        world.reconcile("svc");
        assertThat(current().status()).isEqualTo(ServiceDeploymentStatus.IN_PROGRESS);
        assertThat(current().startedAt()).isEqualTo(world.now());
        assertThat(current().targetServiceRevision().pendingTaskCount()).isEqualTo(2);
        assertThat(current().finishedAt()).isNull();

        world.pass(Duration.ofSeconds(1));
        world.settle("svc");
        ServiceDeployment done = current();
        assertThat(done.status()).isEqualTo(ServiceDeploymentStatus.SUCCESSFUL);
        assertThat(done.finishedAt()).isEqualTo(world.now());
        assertThat(done.stoppedAt()).isNull();
        assertThat(done.targetServiceRevision().runningTaskCount()).isEqualTo(2);

        world.updateService(request -> request.desiredCount(5));
        world.settle("svc");
        assertThat(current()).as("scaling is no deployment, and what has ended keeps its counts").isEqualTo(done);
    }

    @Test
    void theServiceShowsItsRevisions() {
        Service first = world.settle("svc");
        assertThat(first.currentServiceRevisions()).singleElement().satisfies(revision -> {
            assertThat(revision.arn()).isEqualTo(current().targetServiceRevision().arn());
            assertThat(revision.requestedTaskCount()).isEqualTo(2);
            assertThat(revision.runningTaskCount()).isEqualTo(2);
            assertThat(revision.pendingTaskCount()).isZero();
        });
        world.updateService(request -> request.taskDefinition("web:2"));
        world.reconcile("svc");
        assertThat(world.service("svc").currentServiceRevisions()).hasSize(2);
        assertThat(current().sourceServiceRevisions()).singleElement().satisfies(source -> {
            assertThat(source.arn()).isEqualTo(first.currentServiceRevisions().getFirst().arn());
            assertThat(source.runningTaskCount()).isEqualTo(2);
        });
        world.settle("svc");
        assertThat(world.service("svc").currentServiceRevisions()).hasSize(1);
        assertThat(current().sourceServiceRevisions().getFirst().runningTaskCount()).isZero();
    }

    @Test
    void aRevisionIsWhatTheServiceWasMadeOf() {
        ServiceRevision revision = revisions(current().targetServiceRevision().arn()).serviceRevisions().getFirst();
        assertThat(revision.taskDefinition()).isEqualTo(ARN + "task-definition/web:1");
        assertThat(revision.serviceArn()).isEqualTo(World.serviceArn("svc"));
        assertThat(revision.launchTypeAsString()).isEqualTo("EC2");
        assertThat(revision.createdAt()).isEqualTo(world.now());
        assertThat(revision.containerImages()).singleElement()
                .satisfies(image -> assertThat(image.image()).isEqualTo("busybox"));
        world.updateService(request -> request.taskDefinition("web:2"));
        assertThat(revisions(revision.serviceRevisionArn()).serviceRevisions()).containsExactly(revision);
    }

    @Test
    void aNewDeploymentStopsTheOneBeforeIt() {
        String first = current().serviceDeploymentArn();
        world.reconcile("svc");
        world.updateService(request -> request.taskDefinition("web:2"));

        ServiceDeployment stopped = describe(first).serviceDeployments().getFirst();
        assertThat(stopped.status()).isEqualTo(ServiceDeploymentStatus.STOPPED);
        assertThat(stopped.stoppedAt()).isEqualTo(world.now());
        assertThat(stopped.finishedAt()).isEqualTo(world.now());
        assertThat(current().status()).isEqualTo(ServiceDeploymentStatus.PENDING);
    }

    @Test
    void aListIsNewestFirstAndFiltered() {
        var arns = new ArrayList<String>();
        var times = new ArrayList<Instant>();
        for (int i = 0; i < 25; i++) {
            world.pass(Duration.ofMinutes(1));
            world.updateService(request -> request.forceNewDeployment(true));
            arns.addFirst(world.service("svc").currentServiceDeployment());
            times.addFirst(world.now());
        }
        var firstPage = list(request -> { });
        assertThat(firstPage.serviceDeployments()).extracting(ServiceDeploymentBrief::serviceDeploymentArn)
                .containsExactlyElementsOf(arns.subList(0, 20));
        assertThat(list(request -> request.nextToken(firstPage.nextToken())).serviceDeployments()).hasSize(6);
        assertThat(list(request -> request.nextToken(firstPage.nextToken())).nextToken()).isNull();
        assertThat(list(request -> request.maxResults(3)).serviceDeployments()).hasSize(3);
        assertThat(list(request -> request.status(ServiceDeploymentStatus.PENDING)).serviceDeployments())
                .extracting(ServiceDeploymentBrief::serviceDeploymentArn).containsExactly(arns.getFirst());
        assertThat(list(request -> request.status(ServiceDeploymentStatus.SUCCESSFUL)).serviceDeployments()).isEmpty();
        assertThat(list(request -> request.createdAt(at -> at.after(times.get(4)).before(times.get(1))))
                .serviceDeployments()).extracting(ServiceDeploymentBrief::serviceDeploymentArn)
                .containsExactly(arns.get(2), arns.get(3));
        assertThat(firstPage.serviceDeployments().getLast().status()).isEqualTo(ServiceDeploymentStatus.STOPPED);
        assertThat(firstPage.serviceDeployments().getFirst().targetServiceRevisionArn())
                .isEqualTo(current().targetServiceRevision().arn());
    }

    @Test
    void whatIsNotThereIsMissing() {
        String unknown = ARN + "service-deployment/default/svc/xxxxxxxxxxxxxxxxxxxxx";
        assertThat(describe(unknown).failures()).containsExactly(
                Failure.builder().arn(unknown).reason("MISSING").build());
        assertThat(revisions("nonsense").failures()).containsExactly(
                Failure.builder().arn("nonsense").reason("MISSING").build());
        var foreign = DescribeServiceDeploymentsRequest.builder()
                .serviceDeploymentArns(current().serviceDeploymentArn()).build();
        assertThat(DescribeServiceDeployments.read(world.image(), foreign, new Scope("999999999999", "eu-central-1"))
                .failures()).hasSize(1);
        assertThatThrownBy(() -> list(request -> request.service("other")))
                .isInstanceOf(ServiceNotFoundException.class);
        assertThatThrownBy(() -> list(request -> request.service(null))).isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> list(request -> request.maxResults(101)))
                .isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> describe()).isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> describe(Collections.nCopies(21, unknown).toArray(String[]::new)))
                .isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> revisions()).isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> revisions(Collections.nCopies(21, unknown).toArray(String[]::new)))
                .isInstanceOf(InvalidParameterException.class);
    }

    private void stop(String arn, StopServiceDeploymentStopType type) {
        var request = StopServiceDeploymentRequest.builder().serviceDeploymentArn(arn).stopType(type).build();
        world.decide((at, scope, context) -> StopServiceDeployment.decide(at, request, scope, context));
    }

    @ParameterizedTest
    @EnumSource(value = StopServiceDeploymentStopType.class, names = {"ROLLBACK", "ABORT"})
    void onlyWhatGoesOnCanBeStopped(StopServiceDeploymentStopType type) {
        world.settle("svc");
        String arn = current().serviceDeploymentArn();
        assertThatThrownBy(() -> stop(arn, type)).isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> stop(arn + "x", type)).isInstanceOf(ServiceDeploymentNotFoundException.class);
        assertThatThrownBy(() -> stop(null, type)).isInstanceOf(InvalidParameterException.class);
        assertThat(current().status()).isEqualTo(ServiceDeploymentStatus.SUCCESSFUL);
    }

    @Test
    void theHistoryOfADeletedServiceGoesWithIt() {
        world.settle("svc");
        var request = DeleteServiceRequest.builder().service("svc").force(true).build();
        world.decide((at, scope, context) -> DeleteService.decide(at, request, scope));
        world.settle("svc");
        assertThat(world.image().all(EcsTables.SERVICE_DEPLOYMENTS)).isEmpty();
        assertThat(world.image().all(EcsTables.SERVICE_REVISIONS)).isEmpty();
    }

    @Test
    void theHistoryEndsAfterNinetyDays() {
        world.settle("svc");
        world.updateService(request -> request.taskDefinition("web:2"));
        world.settle("svc");
        world.pass(Duration.ofDays(90));
        assertThat(world.apply(DeploymentHistory.decide(world.image(), world.context()))).isZero();
        world.pass(Duration.ofSeconds(1));
        assertThat(world.apply(DeploymentHistory.decide(world.image(), world.context())))
                .as("the current one is kept").isEqualTo(1);
        assertThat(world.image().all(EcsTables.SERVICE_DEPLOYMENTS)).hasSize(1);
        assertThat(world.image().all(EcsTables.SERVICE_REVISIONS)).extracting(ServiceRevisionRow::arn)
                .containsExactly(current().targetServiceRevision().arn());
        assertThat(world.apply(DeploymentHistory.decide(world.image(), world.context()))).isZero();
    }

    @Test
    void aServiceThatIsDeployedAllTheTimeKeepsNoMoreThanAThousand() {
        for (int i = 0; i < 1_010; i++) {
            world.pass(Duration.ofMillis(1));
            world.updateService(request -> request.forceNewDeployment(true));
            assertThat(world.service("svc").deployments()).hasSizeLessThanOrEqualTo(2);
        }
        assertThat(world.image().all(EcsTables.SERVICE_DEPLOYMENTS)).hasSizeLessThanOrEqualTo(1_001);
        assertThat(world.image().all(EcsTables.SERVICE_REVISIONS)).hasSizeLessThanOrEqualTo(1_001);
        assertThat(List.copyOf(world.image().all(EcsTables.SERVICE_DEPLOYMENTS)).getLast().arn())
                .isEqualTo(world.service("svc").currentServiceDeployment());
    }
}
