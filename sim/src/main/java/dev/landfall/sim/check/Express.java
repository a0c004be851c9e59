package dev.landfall.sim.check;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.express.ExpressRow;
import dev.landfall.ecs.express.Phase;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.ecs.task.TaskRow;
import dev.landfall.sim.outside.Certificates;
import dev.landfall.sim.outside.Gateways;
import dev.landfall.state.Commit;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.ArrayList;
import java.util.List;

/**
 * Express services: nothing of what one needs is removed under its tasks or before they are given up, and once all is
 * at rest each has what it needs, and what is there belongs to one.
 */
public final class Express implements Invariant {
    private static final int GROUPS = 2;

    @Override
    public String name() {
        return "express";
    }

    @Override
    public void check(Commit commit) {
        for (Write<?> write : commit.writes()) {
            if (write instanceof Write.Put<?>(var table, ExpressRow row)) {
                check(commit.after(), row);
            } else if (write instanceof Write.Put<?>(var table, TaskRow task)) {
                commit.after().get(EcsTables.EXPRESS_SERVICES, task.serviceArn())
                        .ifPresent(row -> check(commit.after(), row));
            }
        }
    }

    private void check(Image image, ExpressRow row) {
        ServiceRow service = image.get(EcsTables.SERVICES, row.serviceArn()).orElseThrow();
        String status = service.service().status();
        switch (row.phase()) {
            case PROVISIONING, SETTLED, UPDATING ->
                    require(status.equals("ACTIVE"), "%s is %s and its service %s", row.serviceArn(), row.phase(),
                            status);
            case DRAINING, DISMANTLING ->
                    require(status.equals("DRAINING"), "%s is %s and its service %s", row.serviceArn(), row.phase(),
                            status);
            case GONE -> { } // another service may have its name by now
        }
        if (row.phase() == Phase.PROVISIONING || row.phase() == Phase.DISMANTLING) {
            long tasks = List.of("|RUNNING", "|STOPPED").stream().flatMap(wanted -> image.find(EcsTables.TASKS,
                    EcsTables.TASKS_BY_SERVICE, row.serviceArn() + wanted).stream())
                    .filter(task -> !task.stopped()).count();
            require(tasks == 0, "%s is %s and has %d tasks", row.serviceArn(), row.phase(), tasks);
        }
    }

    /** What is not at rest yet. */
    public static List<String> missing(Gateways gateways, Certificates certificates, Image image) {
        var missing = new ArrayList<String>();
        var rules = new ArrayList<>(gateways.rules().values());
        var names = new ArrayList<>(certificates.names().values());
        var groups = new ArrayList<>(gateways.groups());
        var balancers = new ArrayList<>(gateways.balancers());
        for (ExpressRow row : image.all(EcsTables.EXPRESS_SERVICES)) {
            if (row.gone()) {
                continue;
            }
            if (row.phase() != Phase.SETTLED) {
                missing.add(row.serviceArn() + " is " + row.phase());
            }
            int before = groups.size();
            groups.removeIf(name -> row.nonce().endsWith(name.substring(name.lastIndexOf('-') + 1, name.length() - 1)));
            if (!rules.remove(row.host()) || !names.remove(row.host()) || before - groups.size() != GROUPS
                    || gateways.balancers().stream().noneMatch(name -> row.gateway().endsWith('/' + name))) {
                missing.add(row.serviceArn() + " has not all that it needs");
            }
            balancers.removeIf(name -> row.gateway().endsWith('/' + name));
        }
        List.of(rules, names, groups, balancers).forEach(left ->
                left.forEach(each -> missing.add(each + " is left of no Express service")));
        return missing;
    }
}
