package dev.landfall.ecs.express;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.cluster.Clusters;
import dev.landfall.ecs.deployment.ServiceDeployments;
import dev.landfall.ecs.service.ManagedService;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.service.Services;
import dev.landfall.ecs.shift.Shifts;
import dev.landfall.state.Context;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.Service;

/** Looks Express services up, and says what others have to know of them. */
public final class ExpressServices {
    private static final Pattern ARN =
            Pattern.compile("arn:[^:]+:ecs:[^:]+:[^:]+:service/([a-zA-Z0-9_-]{1,255})/[a-zA-Z0-9_-]{1,255}");

    private ExpressServices() {}

    /** An ECS service and what it has as an Express service. */
    record Found(ServiceRow service, ExpressRow express) {}

    /** What the service has as an Express service; also one that is gone. */
    static Optional<ExpressRow> of(Image image, Service service) {
        return !ManagedService.is(service) ? Optional.empty()
                : image.get(EcsTables.EXPRESS_SERVICES, service.serviceArn());
    }

    /** Whether no deployment can begin, as the service's load balancer is not there yet. */
    public static boolean awaited(Image image, Service service) {
        return of(image, service).filter(row -> row.phase() == Phase.PROVISIONING).isPresent();
    }

    /** Whether nothing of its infrastructure is left of a service without tasks; if not, its removal is begun. */
    public static boolean dismantled(Draft draft, Service service, Context context) {
        Optional<ExpressRow> row = of(draft.image(), service).filter(each -> !each.gone());
        row.filter(each -> each.phase() == Phase.DRAINING).ifPresent(each -> {
            draft.put(EcsTables.EXPRESS_SERVICES,
                    each.with(Phase.DISMANTLING).with(each.ingress().withRefusal("")).at(context.now()));
            Gateways.leaveIfLast(draft, each.gateway());
        });
        return row.isEmpty();
    }

    /**
     * The Express service that a caller names by its ARN.
     *
     * @param arn what the caller sent, or null
     * @param missing what is thrown if there is none
     */
    static Found require(Image image, Scope scope, String arn, Supplier<RuntimeException> missing) {
        if (arn == null || arn.isBlank()) {
            throw EcsErrors.invalidParameter("serviceArn can not be blank.");
        }
        Matcher form = ARN.matcher(arn);
        if (!form.matches()) {
            throw EcsErrors.invalidParameter("Invalid identifier: Identifier is not for a service: " + arn);
        }
        if (!Scope.of(arn).equals(scope)) {
            throw missing.get();
        }
        if (Clusters.find(image, scope, form.group(1)).isEmpty()) {
            throw EcsErrors.clusterNotFound();
        }
        ServiceRow service = image.get(EcsTables.SERVICES, arn).orElseThrow(missing);
        ExpressRow express = of(image, service.service()).orElseThrow(() ->
                EcsErrors.invalidParameter("Service " + service.service().serviceName()
                        + " has ResourceManagementType=CUSTOMER and is not an Express service."));
        return new Found(service, express);
    }

    /** As the other, for actions that change it: in ECS's words. */
    static Found requireActive(Image image, Scope scope, String arn) {
        Found found = require(image, scope, arn, EcsErrors::serviceNotFound);
        if (found.service.inactive()) {
            throw EcsErrors.serviceNotActive("Cannot perform this operation on a service in INACTIVE status");
        }
        if (!found.service.active()) {
            throw EcsErrors.serviceNotActive("Service is in DRAINING status");
        }
        return found;
    }

    /** The revisions that have tasks or are to have some, the newest first. */
    static List<Deployment> active(Image image, ServiceRow row) {
        return row.service().deployments().stream()
                .filter(each -> "PRIMARY".equals(each.status()) || Services.inUse(image, row, each))
                .toList();
    }

    /** The target group of a revision's tasks; nothing as long as it is not known. */
    static Optional<Group> group(Image image, ExpressRow row, String deploymentId) {
        return image.get(EcsTables.SERVICE_REVISIONS, ServiceDeployments.revisionArn(row.serviceArn(), deploymentId))
                .flatMap(found -> Optional.ofNullable(found.revision().resolvedConfiguration()))
                .flatMap(resolved -> resolved.loadBalancers().stream().findFirst())
                .flatMap(balancer -> groups(row).stream()
                        .filter(each -> each.arn().equals(balancer.targetGroupArn())).findFirst());
    }

    /** How the tasks of a deployment are asked for their health. */
    static Probe probe(Image image, ExpressRow row, Deployment deployment) {
        return deployment.id().equals(row.deploymentId()) ? row.probe()
                : group(image, row, deployment.id()).map(Group::probe).orElse(row.probe());
    }

    /** Has the target group of a deployment, which was begun by another action, ask for health as its last one did. */
    public static void deploying(Draft draft, Service before, Service begun) {
        of(draft.image(), before).filter(row -> !row.gone()).ifPresent(row -> draft.put(EcsTables.EXPRESS_SERVICES,
                row.deploying(begun.deployments().getFirst().id(),
                        probe(draft.image(), row, before.deployments().getFirst()))));
    }

    static List<Group> groups(ExpressRow row) {
        return List.of(row.ingress().first(), row.ingress().second());
    }

    /** The groups that the tasks of the newest revision come to, or may come to, without those before them. */
    static List<Group> newest(Image image, ServiceRow service, ExpressRow row) {
        String primary = service.service().deployments().getFirst().id();
        if (!primary.equals(row.deploymentId())) {
            return List.of(); // it was rolled back
        }
        Optional<Group> known = group(image, row, primary);
        if (known.isPresent()) {
            return List.of(known.get());
        }
        String blue = Shifts.of(image, row.serviceArn()).map(shift -> shift.sides().blue()).orElse("");
        Optional<Group> occupied = blue.isEmpty() ? Optional.empty() : group(image, row, blue);
        return groups(row).stream().filter(each -> occupied.filter(each::equals).isEmpty()).toList();
    }
}
