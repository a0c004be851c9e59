package dev.landfall.ecs.deployment;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.service.Services;
import dev.landfall.ecs.shift.ShiftRow;
import dev.landfall.ecs.shift.Shifts;
import dev.landfall.state.Context;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceDeployment;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentAlarms;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentCircuitBreaker;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentRollbackMonitorsStatus;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus;
import software.amazon.awssdk.services.ecs.model.ServiceRevision;
import software.amazon.awssdk.services.ecs.model.ServiceRevisionLoadBalancer;
import software.amazon.awssdk.services.ecs.model.ServiceRevisionSummary;

/** Opens service deployments, looks them up, takes them through their life and completes them with what is counted. */
public final class ServiceDeployments {
    /** As service deployments are named: 21 of these characters. */
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_-abcdefghijklmnopqrstuvwxyz";

    private static final int ID_LENGTH = 21;

    private static final String SERVICE = ":service/";

    private ServiceDeployments() {}

    /** The ARN of the revision that a deployment deploys; they share their number. */
    public static String revisionArn(String serviceArn, Deployment deployment) {
        return revisionArn(serviceArn, deployment.id());
    }

    public static String revisionArn(String serviceArn, String deploymentId) {
        return sibling(serviceArn, "service-revision", deploymentId.substring(deploymentId.indexOf('/') + 1));
    }

    private static String sibling(String serviceArn, String kind, String id) {
        int at = serviceArn.indexOf(SERVICE);
        return serviceArn.substring(0, at) + ':' + kind + '/' + serviceArn.substring(at + SERVICE.length()) + '/' + id;
    }

    private static String id(Context context) {
        var bits = new BigInteger(context.ids().next(), 16);
        var id = new StringBuilder(ID_LENGTH);
        for (int i = 0; i < ID_LENGTH; i++) {
            id.append(ALPHABET.charAt(bits.shiftRight(6 * i).intValue() & 63));
        }
        return id.toString();
    }

    /** What a caller named by ARN, of the caller's account and region. */
    public static Optional<ServiceDeploymentRow> find(Image image, Scope scope, String arn) {
        return !arn.startsWith(scope.arn("service-deployment/")) ? Optional.empty() : byArn(image, arn);
    }

    static ServiceDeploymentRow require(Image image, Scope scope, String arn) {
        if (arn == null || arn.isBlank()) {
            throw EcsErrors.invalidParameter("serviceDeploymentArn can not be blank.");
        }
        return find(image, scope, arn).orElseThrow(EcsErrors::serviceDeploymentNotFound);
    }

    static Optional<ServiceDeploymentRow> byArn(Image image, String arn) {
        return image.find(EcsTables.SERVICE_DEPLOYMENTS, EcsTables.SERVICE_DEPLOYMENTS_BY_ARN, arn).stream()
                .findFirst();
    }

    /** The newest service deployment of a service; none if it is from a time before there were any. */
    public static Optional<ServiceDeploymentRow> current(Image image, ServiceRow row) {
        return Optional.ofNullable(row.service().currentServiceDeployment()).flatMap(arn -> byArn(image, arn));
    }

    /**
     * Writes down the service deployment that the service's new PRIMARY deployment begins, and its revision; one that
     * still went on comes to its end.
     *
     * @param row the service with its new deployment; the deployments behind it are those it replaces
     */
    public static ServiceRow open(Draft draft, ServiceRow row, Context context) {
        current(draft.image(), row).filter(ServiceDeploymentRow::ongoing)
                .ifPresent(old -> supersede(draft, old, context));
        Service service = row.service();
        List<Deployment> deployments = service.deployments();
        String arn = sibling(row.arn(), "service-deployment", id(context));
        ServiceRevision revision = revision(draft.image(), service, deployments.getFirst());
        draft.put(EcsTables.SERVICE_REVISIONS, new ServiceRevisionRow(revision));
        draft.put(EcsTables.SERVICE_DEPLOYMENTS, ServiceDeploymentRow.begun(ServiceDeployment.builder()
                .serviceDeploymentArn(arn)
                .serviceArn(row.arn())
                .clusterArn(service.clusterArn())
                .createdAt(context.now())
                .updatedAt(context.now())
                .sourceServiceRevisions(deployments.stream().skip(1)
                        .filter(each -> Services.inUse(draft.image(), row, each))
                        .map(each -> ServiceRevisionSummary.builder().arn(revisionArn(row.arn(), each)).build())
                        .toList())
                .targetServiceRevision(ServiceRevisionSummary.builder().arn(revision.serviceRevisionArn()).build())
                .status(ServiceDeploymentStatus.PENDING)
                .deploymentConfiguration(service.deploymentConfiguration())
                .alarms(ServiceDeploymentAlarms.builder().triggeredAlarmNames(List.of()).build())
                .build()));
        ServiceRow next = row.with(service.toBuilder().currentServiceDeployment(arn).build());
        DeploymentHistory.trim(draft, next);
        return next;
    }

    /** A rollback that is overtaken has failed; anything else stops (Service deployment states). */
    private static void supersede(Draft draft, ServiceDeploymentRow old, Context context) {
        ServiceDeploymentStatus status = switch (old.deployment().status()) {
            case ROLLBACK_IN_PROGRESS -> ServiceDeploymentStatus.ROLLBACK_FAILED;
            default -> ServiceDeploymentStatus.STOPPED;
        };
        moved(draft, old, status, "Service deployment stopped because a new service deployment was started.", context);
    }

    /** The service with the load balancers of its newest deployment's revision, which deployments do not have. */
    public static Service withBalancers(Image image, Service service) {
        return image.get(EcsTables.SERVICE_REVISIONS,
                        revisionArn(service.serviceArn(), service.deployments().getFirst()))
                .map(row -> service.toBuilder()
                        .loadBalancers(List.copyOf(row.revision().loadBalancers())).build())
                .orElse(service);
    }

    /** A deployment's load balancers, with the target groups that its tasks are registered with. */
    public static List<LoadBalancer> balancers(Image image, String serviceArn, String deploymentId) {
        return image.get(EcsTables.SERVICE_REVISIONS, revisionArn(serviceArn, deploymentId))
                .map(row -> registered(row.revision())).orElse(List.of());
    }

    private static List<LoadBalancer> registered(ServiceRevision revision) {
        List<ServiceRevisionLoadBalancer> resolved = revision.resolvedConfiguration() == null ? List.of()
                : revision.resolvedConfiguration().loadBalancers();
        var registered = new ArrayList<>(revision.loadBalancers());
        for (int i = 0; i < Math.min(resolved.size(), registered.size()); i++) {
            registered.set(i, registered.get(i).toBuilder().targetGroupArn(resolved.get(i).targetGroupArn()).build());
        }
        return List.copyOf(registered);
    }

    private static ServiceRevision revision(Image image, Service service, Deployment deployment) {
        return ServiceRevision.builder()
                .serviceRevisionArn(revisionArn(service.serviceArn(), deployment))
                .serviceArn(service.serviceArn())
                .clusterArn(service.clusterArn())
                .taskDefinition(deployment.taskDefinition())
                .capacityProviderStrategy(deployment.capacityProviderStrategy())
                .launchType(deployment.launchType())
                .platformVersion(deployment.platformVersion())
                .platformFamily(deployment.platformFamily())
                .loadBalancers(service.loadBalancers())
                .serviceRegistries(service.serviceRegistries())
                .networkConfiguration(deployment.networkConfiguration())
                .serviceConnectConfiguration(deployment.serviceConnectConfiguration())
                .containerImages(PinnedImages.unresolved(image, deployment))
                .guardDutyEnabled(false)
                .serviceConnectConfiguration(deployment.serviceConnectConfiguration())
                .volumeConfigurations(deployment.volumeConfigurations())
                .fargateEphemeralStorage(deployment.fargateEphemeralStorage())
                .createdAt(deployment.createdAt())
                .vpcLatticeConfigurations(deployment.vpcLatticeConfigurations())
                .build();
    }

    /**
     * The service deployment in another status, written down. One that has ended keeps the counts of that moment.
     *
     * @throws IllegalStateException if no service deployment goes from the one status to the other
     */
    public static ServiceDeploymentRow moved(Draft draft, ServiceDeploymentRow row, ServiceDeploymentStatus status,
            String reason, Context context) {
        if (!ServiceDeploymentLife.next(row.deployment().status()).contains(status)) {
            throw new IllegalStateException(row.arn() + " cannot go from " + row.deployment().status() + " to "
                    + status);
        }
        var next = row.deployment().toBuilder().status(status).statusReason(reason).updatedAt(context.now());
        if (status == ServiceDeploymentStatus.IN_PROGRESS) {
            next.startedAt(context.now());
        }
        ServiceDeploymentRow moved = row.with(next.build());
        if (!moved.ongoing()) {
            next = described(draft.image(), row, moved).toBuilder().finishedAt(context.now());
            if (status == ServiceDeploymentStatus.STOPPED) {
                next.stoppedAt(context.now());
            }
            moved = row.with(next.build());
        }
        draft.put(EcsTables.SERVICE_DEPLOYMENTS, moved);
        return moved;
    }

    /** The service deployment as the API shows it. */
    static ServiceDeployment describe(Image image, ServiceDeploymentRow row) {
        return row.ongoing() ? described(image, row, row) : row.deployment();
    }

    /** @param shown the service deployment with the status to be shown, else as {@code row} */
    private static ServiceDeployment described(Image image, ServiceDeploymentRow row, ServiceDeploymentRow shown) {
        Optional<ServiceRow> service = image.get(EcsTables.SERVICES, row.deployment().serviceArn());
        ServiceDeployment deployment = shown.deployment();
        if (service.isEmpty()) {
            return deployment;
        }
        DeploymentConfiguration configuration = service.get().service().deploymentConfiguration();
        ServiceDeployment described = deployment.toBuilder()
                .deploymentConfiguration(configuration)
                .targetServiceRevision(counted(image, service.get(), deployment.targetServiceRevision()))
                .sourceServiceRevisions(deployment.sourceServiceRevisions().stream()
                        .map(each -> counted(image, service.get(), each)).toList())
                .deploymentCircuitBreaker(breaker(service.get(), shown, configuration))
                .alarms(alarms(shown, configuration))
                .build();
        return Shifts.of(image, row).map(shift -> Shifts.shown(described, shift)).orElse(described);
    }

    /** Running and pending tasks of a revision of this service, and how many are asked for. */
    private static ServiceRevisionSummary counted(Image image, ServiceRow row, ServiceRevisionSummary summary) {
        Optional<Deployment> deployment = row.service().deployments().stream()
                .filter(each -> revisionArn(row.arn(), each).equals(summary.arn())).findFirst();
        int running = deployment.map(each -> Services.running(image, row, each)).orElse(0);
        int pending = deployment.map(each -> Services.pending(image, row, each)).orElse(0);
        boolean primary = deployment.filter(each -> "PRIMARY".equals(each.status())).isPresent();
        Optional<ShiftRow> shift = Shifts.of(image, row.arn());
        ServiceRevisionSummary weighted = deployment.isEmpty() || shift.isEmpty() ? summary
                : Shifts.shown(summary, shift.get(), deployment.get().id());
        return weighted.toBuilder()
                .requestedTaskCount(primary ? row.service().desiredCount() : running + pending)
                .runningTaskCount(running)
                .pendingTaskCount(pending)
                .build();
    }

    private static ServiceDeploymentCircuitBreaker breaker(
            ServiceRow service, ServiceDeploymentRow row, DeploymentConfiguration configuration) {
        var known = row.deployment().deploymentCircuitBreaker();
        if (known != null && known.status() == ServiceDeploymentRollbackMonitorsStatus.TRIGGERED) {
            return known;
        }
        if (!CircuitBreaker.enabled(configuration)) {
            return ServiceDeploymentCircuitBreaker.builder()
                    .status(ServiceDeploymentRollbackMonitorsStatus.DISABLED).failureCount(0).threshold(0).build();
        }
        return ServiceDeploymentCircuitBreaker.builder()
                .status(monitoring(row))
                .failureCount(service.service().deployments().stream()
                        .filter(each -> revisionArn(service.arn(), each)
                                .equals(row.deployment().targetServiceRevision().arn()))
                        .map(Deployment::failedTasks).findFirst().orElse(0))
                .threshold(CircuitBreaker.threshold(configuration, service.service().desiredCount()))
                .build();
    }

    private static ServiceDeploymentRollbackMonitorsStatus monitoring(ServiceDeploymentRow row) {
        return row.ongoing() ? ServiceDeploymentRollbackMonitorsStatus.MONITORING
                : ServiceDeploymentRollbackMonitorsStatus.MONITORING_COMPLETE;
    }

    private static ServiceDeploymentAlarms alarms(ServiceDeploymentRow row, DeploymentConfiguration configuration) {
        ServiceDeploymentAlarms known = row.deployment().alarms();
        if (known.status() == ServiceDeploymentRollbackMonitorsStatus.TRIGGERED
                || known.status() == ServiceDeploymentRollbackMonitorsStatus.DISABLED) {
            return known;
        }
        if (!DeploymentAlarmRules.enabled(configuration)) {
            return known.toBuilder().status(ServiceDeploymentRollbackMonitorsStatus.DISABLED).build();
        }
        return known.toBuilder().status(monitoring(row)).alarmNames(configuration.alarms().alarmNames()).build();
    }
}
