package dev.landfall.ecs.service;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.instance.Instances;
import dev.landfall.ecs.protection.ProtectionRow;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Commit;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.Set;
import java.util.TreeSet;

/**
 * The services to look at after a commit besides those whose own rows changed: daemons follow the instances of their
 * cluster, and a protection that begins or ends lets a service go on.
 */
final class AlsoConcerned {
    private AlsoConcerned() {}

    static Set<String> of(Image image, Commit commit) {
        var concerned = new TreeSet<String>();
        for (Write<?> write : commit.writes()) {
            switch (write) {
                case Write.Put<?>(var table, InstanceRow row) -> concerned.addAll(daemons(image, row.clusterArn()));
                case Write.Put<?>(var table, ProtectionRow row) -> concerned.add(row.serviceArn());
                case Write.Put<?>(var table, TaskRow row)
                        when row.stopped() && Instances.draining(image, row.instanceArn()) ->
                        concerned.addAll(daemons(image, row.task().clusterArn()));
                case Write.Put<?> _ -> { }
                case Write.Delete<?>(var table, var key) -> {
                    if (table == EcsTables.PROTECTIONS) {
                        image.get(EcsTables.TASKS, key).ifPresent(task -> concerned.add(task.serviceArn()));
                    }
                }
            }
        }
        return concerned;
    }

    private static Set<String> daemons(Image image, String clusterArn) {
        return image.keys(EcsTables.SERVICES, EcsTables.DAEMONS_BY_CLUSTER, clusterArn);
    }
}
