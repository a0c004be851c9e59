package dev.landfall.ecs.deployment;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.service.Services;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentAlarms;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentRollbackMonitorsStatus;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus;

/**
 * Notes what the alarms of a service deployment say (ECS Developer Guide, How CloudWatch alarms detect Amazon ECS
 * deployment failures): one that goes off once a task of the deployment runs fails it, with the scheduler's next look.
 * If one is in ALARM as the deployment begins, none counts for that deployment, so that what set it off can be mended
 * by deploying. An alarm that does not exist is none that goes off: services are often made before their alarms.
 */
public final class ObserveAlarms {
    private ObserveAlarms() {}

    /** @param states of those of the deployment's alarms that exist */
    public static Decision<Void> decide(
            Image image, String serviceDeploymentArn, List<AlarmState> states, Context context) {
        Optional<ServiceDeploymentRow> found = ServiceDeployments.byArn(image, serviceDeploymentArn)
                .filter(row -> row.is(ServiceDeploymentStatus.PENDING) || row.is(ServiceDeploymentStatus.IN_PROGRESS));
        if (found.isEmpty()) {
            return Decision.of(null);
        }
        var draft = new Draft(image);
        ServiceDeploymentRow before = found.get();
        ServiceDeploymentRow after = observed(image, before, states);
        if (!after.equals(before)) {
            draft.put(EcsTables.SERVICE_DEPLOYMENTS,
                    after.with(after.deployment().toBuilder().updatedAt(context.now()).build()));
        }
        return draft.reply(null);
    }

    private static ServiceDeploymentRow observed(Image image, ServiceDeploymentRow row, List<AlarmState> states) {
        ServiceDeploymentAlarms known = row.deployment().alarms();
        List<String> triggered = states.stream().filter(AlarmState::alarm).map(AlarmState::name).toList();
        var next = known.toBuilder().alarmNames(
                image.get(EcsTables.SERVICES, row.deployment().serviceArn()).map(ServiceRow::service)
                        .map(service -> service.deploymentConfiguration().alarms())
                        .map(alarms -> alarms.alarmNames()).orElse(List.of()));
        if (known.status() == null) {
            next.status(triggered.isEmpty() ? ServiceDeploymentRollbackMonitorsStatus.MONITORING
                    : ServiceDeploymentRollbackMonitorsStatus.DISABLED);
        } else if (known.status() == ServiceDeploymentRollbackMonitorsStatus.MONITORING && !triggered.isEmpty()
                && runs(image, row)) {
            next.status(ServiceDeploymentRollbackMonitorsStatus.TRIGGERED).triggeredAlarmNames(triggered);
        } else {
            return row;
        }
        boolean counts = triggered.isEmpty() || known.status() != null;
        return row.with(row.deployment().toBuilder().alarms(next.build()).build())
                .withAlarmSeconds(!counts ? 0 : states.stream().mapToInt(AlarmState::seconds).max().orElse(0));
    }

    private static boolean runs(Image image, ServiceDeploymentRow row) {
        return image.get(EcsTables.SERVICES, row.deployment().serviceArn())
                .filter(service -> Services.running(image, service, service.service().deployments().getFirst()) > 0)
                .isPresent();
    }
}
