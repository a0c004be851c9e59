package dev.landfall.sim.check;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.instance.InstanceLoad;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.ecs.placement.Demand;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.ecs.task.Tasks;
import dev.landfall.state.Commit;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import software.amazon.awssdk.services.ecs.model.Resource;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/**
 * No instance's memory, processors, ports or addresses are given away twice, and what stands beside an instance is the
 * sum of its tasks.
 */
final class Resources implements Invariant {
    private record Known(TaskOverride overrides, Demand demand) {}

    private final Map<String, Known> demands = new HashMap<>();

    @Override
    public String name() {
        return "resources";
    }

    @Override
    public void check(Commit commit) {
        var instances = new TreeSet<String>();
        for (Write<?> write : commit.writes()) {
            switch (write) {
                case Write.Put<?>(var table, TaskRow row) -> {
                    if (commit.before().get(EcsTables.TASKS, row.arn()).filter(was ->
                            was.stopped() == row.stopped()).isEmpty()) {
                        instances.add(row.instanceArn());
                    }
                }
                case Write.Put<?>(var table, InstanceRow row) -> instances.add(row.arn());
                case Write.Put<?>(var table, InstanceLoad load) -> instances.add(load.instanceArn());
                case Write<?> other -> { }
            }
        }
        instances.forEach(arn -> commit.after().get(EcsTables.INSTANCES, arn)
                .ifPresent(instance -> check(commit.after(), instance)));
    }

    private void check(Image image, InstanceRow instance) {
        String arn = instance.arn();
        var tcp = new TreeSet<Integer>();
        var udp = new TreeSet<Integer>();
        var addresses = new TreeSet<String>();
        long cpu = 0;
        long memory = 0;
        int tasks = 0;
        for (TaskRow row : image.find(EcsTables.TASKS, EcsTables.TASKS_BY_INSTANCE, arn)) {
            Demand demand = demand(image, row);
            tasks++;
            cpu += demand.cpu();
            memory += demand.memory();
            demand.tcpPorts().forEach(port -> require(tcp.add(port), "port %d of %s is taken twice", port, arn));
            demand.udpPorts().forEach(port -> require(udp.add(port), "udp port %d of %s is taken twice", port, arn));
            require(row.address().isEmpty() || addresses.add(row.address()),
                    "address %s of %s is given twice", row.address(), arn);
        }
        require(tasks == 0 || !"INACTIVE".equals(instance.instance().status()), "%s is gone and has tasks", arn);
        require(memory <= registered(instance, "MEMORY"), "%d MiB of %s are taken", memory, arn);
        require(instance.managed() || cpu <= registered(instance, "CPU"), "%d CPU units of %s are taken", cpu, arn);
        var load = image.get(EcsTables.LOADS, arn);
        if (load.isPresent()) {
            require(load.get().tasks() == tasks && load.get().cpu() == cpu && load.get().memory() == memory
                            && load.get().tcpPorts().equals(tcp) && load.get().udpPorts().equals(udp),
                    "%s is not the sum of %d tasks: %d CPU units, %d MiB, ports %s", load.get(), tasks, cpu, memory,
                    tcp);
        } else {
            require(tasks == 0, "%s has tasks and no load", arn);
        }
    }

    /** Kept while a task's definition and overrides are the same objects: most tasks are looked at again and again. */
    private Demand demand(Image image, TaskRow row) {
        Known known = demands.get(row.arn());
        if (known == null || known.overrides() != row.overrides()) {
            known = new Known(row.overrides(),
                    Demand.of(Tasks.definition(image, row).definition(), row.overrides()));
            demands.put(row.arn(), known);
        }
        return known.demand();
    }

    private static int registered(InstanceRow instance, String name) {
        return instance.instance().registeredResources().stream().filter(each -> each.name().equals(name))
                .mapToInt(Resource::integerValue).findFirst().orElse(0);
    }
}
