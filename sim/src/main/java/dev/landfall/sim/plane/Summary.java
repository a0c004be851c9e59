package dev.landfall.sim.plane;

import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.state.Write;
import java.util.List;
import java.util.stream.Collectors;

/** A commit in one line of the trace; the text is made only when it is read. */
record Summary(List<Write<?>> writes) {
    private static final int ID_SHOWN = 6;

    @Override
    public String toString() {
        return writes.stream().map(Summary::line).collect(Collectors.joining("; "));
    }

    private static String line(Write<?> write) {
        return switch (write) {
            case Write.Delete<?>(var table, var key) -> "-" + table + " " + shortened(key);
            case Write.Put<?>(var table, TaskRow row) -> "task " + shortened(row.arn()) + " "
                    + row.task().lastStatus() + ">" + row.task().desiredStatus()
                    + (row.healthChecked() ? " " + row.task().healthStatus() : "")
                    + (row.wanted() ? "" : " (" + row.task().stopCode() + ")")
                    + " on " + shortened(row.instanceArn());
            case Write.Put<?>(var table, ServiceRow row) -> "service " + row.service().serviceName() + " "
                    + row.service().status() + " " + row.service().desiredCount() + " "
                    + row.service().deployments().stream().map(each -> each.status() + ":" + shortened(each.id())
                            + ":" + each.rolloutState()).toList()
                    + (row.events().isEmpty() ? "" : " \"" + row.events().getFirst().message() + '"');
            case Write.Put<?>(var table, InstanceRow row) -> "instance " + shortened(row.arn()) + " "
                    + row.instance().status() + (row.instance().agentConnected() ? " connected" : " disconnected");
            case Write.Put<?>(var table, var row) -> "+" + table + " " + shortened(write.key());
        };
    }

    private static String shortened(String key) {
        String id = key.substring(key.lastIndexOf('/') + 1);
        return id.length() > ID_SHOWN ? id.substring(0, ID_SHOWN) : id;
    }
}
