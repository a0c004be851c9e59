package dev.landfall.ecs.express;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.service.ManagedService;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import dev.landfall.state.Table;
import dev.landfall.state.Write;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;

/** Notes what was made for an Express service and what was removed, and has its deployment begin or the service end. */
final class ObserveIngress {
    private ObserveIngress() {}

    private static Optional<ExpressRow> row(Image image, String serviceArn) {
        return image.get(EcsTables.EXPRESS_SERVICES, serviceArn);
    }

    /** @param change what was seen, on top of what was before */
    static Decision<Void> noted(Image image, String serviceArn, Function<Ingress, Ingress> change) {
        return changed(EcsTables.EXPRESS_SERVICES, row(image, serviceArn).filter(ExpressRow::busy),
                row -> row.with(change.apply(row.ingress())));
    }

    static Decision<Void> balancer(
            Image image, String gateway, String arn, List<String> securityGroups, Context context) {
        return gateway(image, gateway, row ->
                row.withBalancer(row.balancer().seen(arn, context.now()), securityGroups));
    }

    static Decision<Void> listener(Image image, String gateway, String arn, Context context) {
        return gateway(image, gateway, row -> row.withListener(row.listener().seen(arn, context.now())));
    }

    private static Decision<Void> gateway(Image image, String key, Function<GatewayRow, GatewayRow> change) {
        return changed(EcsTables.EXPRESS_GATEWAYS, image.get(EcsTables.EXPRESS_GATEWAYS, key), change);
    }

    /** Nothing is written where there is no row, or the change changes nothing. */
    private static <R> Decision<Void> changed(Table<R> table, Optional<R> before, Function<R, R> change) {
        return before.map(change).filter(next -> !next.equals(before.get()))
                .map(next -> Decision.<Void>of(null, Write.put(table, next)))
                .orElseGet(() -> Decision.of(null));
    }

    /** Everything is there: the tasks may come. */
    static Decision<Void> provisioned(Image image, String serviceArn, Context context) {
        var draft = new Draft(image);
        row(image, serviceArn).filter(row -> row.phase() == Phase.PROVISIONING && row.ingress().complete()
                && ExpressServices.groups(row).stream().allMatch(group -> group.probe().equals(row.probe())))
                .ifPresent(row -> {
                    draft.put(EcsTables.EXPRESS_SERVICES,
                            row.with(Phase.SETTLED).with(row.ingress().withRefusal("")));
                    ServiceRow service = image.get(EcsTables.SERVICES, serviceArn).orElseThrow();
                    ManagedService.balance(draft, service, List.of(balancer(row)), context);
                });
        return draft.reply(null);
    }

    private static LoadBalancer balancer(ExpressRow row) {
        return LoadBalancer.builder()
                .targetGroupArn(row.ingress().first().arn())
                .containerName(ExpressDefinition.MAIN)
                .containerPort(row.probe().port())
                .advancedConfiguration(advanced -> advanced
                        .alternateTargetGroupArn(row.ingress().second().arn())
                        .productionListenerRule(row.ingress().rule().arn())
                        .roleArn(row.infrastructureRoleArn()))
                .build();
    }

    /** @param seen as it was when the health checks were found to be as that deployment wants them */
    static Decision<Void> settled(Image image, ExpressRow seen) {
        return changed(EcsTables.EXPRESS_SERVICES, row(image, seen.serviceArn()).filter(row ->
                row.phase() == Phase.UPDATING && row.deploymentId().equals(seen.deploymentId())),
                row -> row.with(Phase.SETTLED).with(row.ingress().withRefusal("")));
    }

    /** Nothing is left of it. */
    static Decision<Void> gone(Image image, String serviceArn, Context context) {
        var draft = new Draft(image);
        row(image, serviceArn).filter(row -> row.phase() == Phase.DISMANTLING).ifPresent(row -> {
            draft.put(EcsTables.EXPRESS_SERVICES, row.with(Phase.GONE).at(context.now()));
            ManagedService.end(draft, image.get(EcsTables.SERVICES, serviceArn).orElseThrow());
            Gateways.forgetIfEmpty(draft, row.gateway());
        });
        return draft.reply(null);
    }
}
