package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.EcsTables.Phase;
import dev.landfall.ecs.placement.Qualification;
import dev.landfall.state.Image;
import java.util.Optional;

/**
 * Tells by counts alone that a DAEMON service has all it needs, so that a look at it costs the same in a cluster of any
 * size; only instances whose agent is away are asked for one by one.
 *
 * <p>No instance is being drained, and each is ACTIVE. A task is never left on an instance that is gone. So, if each of
 * the service's tasks is on an instance of its own, and not counting those that are away there are as many such
 * instances as instances that take tasks, each of these has one.
 */
final class SteadyDaemon {
    private SteadyDaemon() {}

    /**
     * Whether every instance that is to have a task has a healthy one of the newest deployment, and there is no other;
     * never where the service has placement constraints, which only the instances themselves can tell about.
     */
    static boolean holds(Image image, ServiceRow row) {
        int desired = row.service().desiredCount();
        String cluster = row.service().clusterArn();
        return image.count(EcsTables.INSTANCES, EcsTables.INSTANCES_DRAINING, cluster) == 0
                && image.count(EcsTables.TASKS, EcsTables.TASKS_BY_SERVICE, row.arn() + "|RUNNING") == desired
                && Services.count(image, row, row.primary(), Phase.HEALTHY) == desired
                && !leaving(image, row)
                && places(image, row) == desired
                && open(image, cluster) == desired - awayWithTask(image, row)
                && allQualify(image, row);
    }

    private static boolean leaving(Image image, ServiceRow row) {
        return !image.tally(EcsTables.TASKS, EcsTables.TASKS_LEAVING, row.arn()).isEmpty();
    }

    private static int places(Image image, ServiceRow row) {
        return image.tally(EcsTables.TASKS, EcsTables.TASKS_BY_PLACE, row.arn()).size();
    }

    /** How many instances take tasks. */
    private static int open(Image image, String cluster) {
        return image.count(EcsTables.INSTANCES, EcsTables.INSTANCES_BY_CLUSTER, cluster)
                - image.count(EcsTables.INSTANCES, EcsTables.INSTANCES_AWAY, cluster);
    }

    private static int awayWithTask(Image image, ServiceRow row) {
        return (int) image.keys(EcsTables.INSTANCES, EcsTables.INSTANCES_AWAY, row.service().clusterArn()).stream()
                .filter(arn -> image.count(EcsTables.TASKS, EcsTables.TASKS_BY_PLACE, row.arn(), arn) > 0)
                .count();
    }

    private static boolean allQualify(Image image, ServiceRow row) {
        Optional<Qualification> qualification = Qualification.of(image, row.service());
        return qualification.isPresent() && qualification.get().constraints().isEmpty()
                && qualification.get().demand().attributes().stream()
                        .allMatch(name -> allHave(image, row.service().clusterArn(), name));
    }

    private static boolean allHave(Image image, String cluster, String attribute) {
        String prefix = EcsTables.attributeKey(cluster, attribute, "");
        int having = image.values(EcsTables.INSTANCES, EcsTables.INSTANCES_BY_ATTRIBUTE,
                prefix, prefix + Character.MAX_VALUE).values().stream().mapToInt(arns -> arns.size()).sum();
        return having == image.count(EcsTables.INSTANCES, EcsTables.INSTANCES_BY_CLUSTER, cluster);
    }
}
