package dev.landfall.ecs.express;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.state.Image;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.AccessType;
import software.amazon.awssdk.services.ecs.model.ECSManagedResources;
import software.amazon.awssdk.services.ecs.model.ManagedAutoScaling;
import software.amazon.awssdk.services.ecs.model.ManagedCertificate;
import software.amazon.awssdk.services.ecs.model.ManagedIngressPath;
import software.amazon.awssdk.services.ecs.model.ManagedListener;
import software.amazon.awssdk.services.ecs.model.ManagedListenerRule;
import software.amazon.awssdk.services.ecs.model.ManagedLoadBalancer;
import software.amazon.awssdk.services.ecs.model.ManagedResourceStatus;
import software.amazon.awssdk.services.ecs.model.ManagedScalableTarget;
import software.amazon.awssdk.services.ecs.model.ManagedTargetGroup;
import software.amazon.awssdk.services.ecs.model.ServiceRevision;

/** The resources of an Express service as its revisions show them. */
public final class ManagedResources {
    private static final String NO_SCALING =
            "There is no Application Auto Scaling: the service stays at its minimum number of tasks.";

    private ManagedResources() {}

    /** The revision with the resources of its service, if that is an Express service. */
    public static ServiceRevision shown(Image image, ServiceRevision revision) {
        Optional<ExpressRow> row = image.get(EcsTables.SERVICES, revision.serviceArn()).map(ServiceRow::service)
                .flatMap(service -> ExpressServices.of(image, service)).filter(each -> !each.gone());
        return row.map(each -> revision.toBuilder().ecsManagedResources(of(image, each)).build()).orElse(revision);
    }

    private static ECSManagedResources of(Image image, ExpressRow row) {
        return ECSManagedResources.builder()
                .ingressPaths(ingress(image, row))
                .autoScaling(ManagedAutoScaling.builder().scalableTarget(ManagedScalableTarget.builder()
                        .status(ManagedResourceStatus.FAILED).statusReason(NO_SCALING).updatedAt(row.updatedAt())
                        .minCapacity(row.scalingTarget().minTaskCount())
                        .maxCapacity(row.scalingTarget().maxTaskCount()).build()).build())
                .build();
    }

    private static ManagedIngressPath ingress(Image image, ExpressRow row) {
        Ingress ingress = row.ingress();
        var path = ManagedIngressPath.builder()
                .accessType(AccessType.PUBLIC)
                .endpoint(row.host())
                .certificate(certificate(row, ingress.certificate()))
                .rule(rule(row, ingress.rule()))
                .targetGroups(List.of(group(row, ingress.first()), group(row, ingress.second())));
        Gateways.of(image, row).ifPresent(gateway -> path
                .loadBalancer(balancer(row, gateway)).listener(listener(row, gateway)));
        return path.build();
    }

    /** Of what is the service's alone. */
    private static ManagedResourceStatus status(ExpressRow row, boolean there) {
        return row.phase() == Phase.DISMANTLING ? ManagedResourceStatus.DEPROVISIONING
                : there ? ManagedResourceStatus.ACTIVE : ManagedResourceStatus.PROVISIONING;
    }

    /** Of what others may have too. */
    private static ManagedResourceStatus status(GatewayRow gateway, Made made) {
        return gateway.leaving() ? ManagedResourceStatus.DEPROVISIONING
                : made.there() ? ManagedResourceStatus.ACTIVE : ManagedResourceStatus.PROVISIONING;
    }

    /** Why a resource is not there yet, or not yet gone. */
    private static String reason(ExpressRow row, boolean there) {
        boolean waits = !there || row.phase() == Phase.DISMANTLING;
        return waits && !row.ingress().refusal().isEmpty() ? row.ingress().refusal() : null;
    }

    private static String arn(String arn) {
        return arn.isEmpty() ? null : arn;
    }

    private static Instant at(ExpressRow row, Instant made) {
        return made.isAfter(Instant.EPOCH) && row.phase() != Phase.DISMANTLING ? made : row.updatedAt();
    }

    private static ManagedLoadBalancer balancer(ExpressRow row, GatewayRow gateway) {
        Made made = gateway.balancer();
        return ManagedLoadBalancer.builder().arn(arn(made.arn())).status(status(gateway, made))
                .statusReason(reason(row, made.there())).updatedAt(at(row, made.at())).scheme("internet-facing")
                .subnetIds(gateway.subnets()).securityGroupIds(gateway.securityGroups()).build();
    }

    private static ManagedListener listener(ExpressRow row, GatewayRow gateway) {
        Made made = gateway.listener();
        return ManagedListener.builder().arn(arn(made.arn())).status(status(gateway, made))
                .statusReason(reason(row, made.there())).updatedAt(at(row, made.at())).build();
    }

    private static ManagedCertificate certificate(ExpressRow row, Made made) {
        return ManagedCertificate.builder().arn(arn(made.arn())).status(status(row, made.there()))
                .statusReason(reason(row, made.there())).updatedAt(at(row, made.at())).domainName(row.host()).build();
    }

    private static ManagedListenerRule rule(ExpressRow row, Made made) {
        return ManagedListenerRule.builder().arn(arn(made.arn())).status(status(row, made.there()))
                .statusReason(reason(row, made.there())).updatedAt(at(row, made.at())).build();
    }

    private static ManagedTargetGroup group(ExpressRow row, Group group) {
        return ManagedTargetGroup.builder().arn(arn(group.arn())).status(status(row, group.there()))
                .statusReason(reason(row, group.there())).updatedAt(at(row, group.at()))
                .healthCheckPath(group.probe().path()).healthCheckPort(group.probe().port())
                .port(group.probe().port()).build();
    }
}
