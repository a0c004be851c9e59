package dev.landfall.ecs.deployment;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.time.Duration;
import java.util.List;

/** Ends the history of services: nothing of it is kept for ever. */
public final class DeploymentHistory {
    /** "You can view the most recent 90-day history" (ECS Developer Guide, View service history). */
    private static final Duration KEPT = Duration.ofDays(90);

    /** Eleven a day for 90 days; a service that is deployed more often loses the oldest sooner. */
    private static final int KEPT_MAX = 1_000;

    /** Bounds one decision; the rest goes with the next pass. */
    private static final int BATCH_MAX = 500;

    private DeploymentHistory() {}

    /** Forgets what is more than a service may keep. */
    static void trim(Draft draft, ServiceRow row) {
        List<ServiceDeploymentRow> all = all(draft.image(), row);
        all.stream().limit(Math.max(0, all.size() - KEPT_MAX)).filter(each -> !needed(row, each))
                .forEach(each -> forget(draft, each));
    }

    /** Forgets service deployments that ended long ago; replies with how many. */
    public static Decision<Integer> decide(Image image, Context context) {
        var draft = new Draft(image);
        String until = EcsTables.second(context.now().minus(KEPT).getEpochSecond());
        var due = image.values(
                        EcsTables.SERVICE_DEPLOYMENTS, EcsTables.SERVICE_DEPLOYMENTS_BY_FINISH, "", until)
                .values().stream()
                .flatMap(keys -> keys.stream())
                .map(key -> image.get(EcsTables.SERVICE_DEPLOYMENTS, key).orElseThrow())
                .filter(old -> !needed(image, old))
                .limit(BATCH_MAX)
                .toList();
        due.forEach(old -> forget(draft, old));
        return draft.reply(due.size());
    }

    private static boolean needed(Image image, ServiceDeploymentRow old) {
        return image.get(EcsTables.SERVICES, old.deployment().serviceArn()).filter(row -> needed(row, old)).isPresent();
    }

    /** What the service still runs, or may go back to, stays. */
    private static boolean needed(ServiceRow row, ServiceDeploymentRow old) {
        return old.arn().equals(row.service().currentServiceDeployment())
                || row.service().deployments().stream().anyMatch(each -> ServiceDeployments
                        .revisionArn(row.arn(), each).equals(old.deployment().targetServiceRevision().arn()));
    }

    /** Forgets a deleted service's history: "Amazon ECS deletes the service deployment when you delete a service". */
    public static void drop(Draft draft, ServiceRow row) {
        all(draft.image(), row).forEach(each -> forget(draft, each));
    }

    private static List<ServiceDeploymentRow> all(Image image, ServiceRow row) {
        return List.copyOf(image.startingWith(EcsTables.SERVICE_DEPLOYMENTS, row.arn() + '|'));
    }

    /** Every service deployment deploys a revision of its own. */
    private static void forget(Draft draft, ServiceDeploymentRow old) {
        draft.delete(EcsTables.SERVICE_DEPLOYMENTS, old.key());
        draft.delete(EcsTables.SERVICE_REVISIONS, old.deployment().targetServiceRevision().arn());
    }
}
