package dev.landfall.elb.edge;

import dev.landfall.elb.Arns;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.loadbalancer.LoadBalancers;
import dev.landfall.elb.rule.RuleRow;
import dev.landfall.elb.target.TargetRow;
import dev.landfall.state.Commit;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a data plane sees otherwise after a commit.
 *
 * @param balancers by ARN, also those that are gone
 * @param groups by ARN, also those that are gone or that nothing routes to any more
 * @param targets by key, of which what was observed is no longer true: they are gone, or registered anew
 * @param leaving targets by key that drain from now on
 */
record Touched(SortedSet<String> balancers, SortedSet<String> groups, SortedSet<String> targets,
        SortedSet<String> leaving) {
    static Touched nothing() {
        return new Touched(new TreeSet<>(), new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
    }

    static Touched balancers(Collection<String> arns) {
        return new Touched(new TreeSet<>(arns), new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
    }

    /** The part of one target group. */
    Touched ofGroup(String arn) {
        Touched part = nothing();
        part.groups.add(arn);
        part.leaving.addAll(leaving);
        part.leaving.removeIf(key -> !key.startsWith(ElbTables.targetsPrefix(arn)));
        return part;
    }

    boolean isNothing() {
        return balancers.isEmpty() && groups.isEmpty();
    }

    void add(Touched more) {
        balancers.addAll(more.balancers);
        groups.addAll(more.groups);
        targets.addAll(more.targets);
        leaving.addAll(more.leaving);
    }

    /** What {@link Reach} is asked for. */
    List<String> tracked() {
        return Stream.concat(balancers.stream(), leaving.stream()).toList();
    }

    static Touched by(Commit commit) {
        var touched = nothing();
        for (Write<?> write : commit.writes()) {
            if (write.table() == ElbTables.LOAD_BALANCERS) {
                touched.balancers.add(write.key());
                // Those whose targets it is have its address.
                commit.after().find(ElbTables.TARGETS, ElbTables.BALANCER_TARGETS, write.key())
                        .forEach(target -> touched.groups.add(target.groupArn()));
            } else if (write.table() == ElbTables.LISTENERS) {
                touched.balancers.add(Arns.loadBalancerOf(write.key()));
            } else if (write.table() == ElbTables.RULES) {
                touched.balancers.add(Arns.loadBalancerOf(Arns.listenerOf(write.key())));
                touched.groups.addAll(routedTo(commit.before(), write.key()));
                touched.groups.addAll(routedTo(commit.after(), write.key()));
            } else if (write.table() == ElbTables.TARGET_GROUPS) {
                touched.groups.add(write.key());
            } else if (write.table() == ElbTables.CLASSIC) {
                touched.balancers.add(write.key());
                SortedSet<String> before = classic(commit.before(), write.key(), touched.groups);
                SortedSet<String> after = classic(commit.after(), write.key(), touched.groups);
                Stream.concat(before.stream().filter(key -> !after.contains(key)),
                        after.stream().filter(key -> !before.contains(key))).forEach(touched.targets::add);
            } else if (write.table() == ElbTables.TARGETS) {
                touched.addTarget(write.key(), commit.before().get(ElbTables.TARGETS, write.key()),
                        commit.after().get(ElbTables.TARGETS, write.key()));
            }
        }
        return touched;
    }

    private void addTarget(String key, Optional<TargetRow> before, Optional<TargetRow> now) {
        boolean goesOnDraining = before.filter(TargetRow::draining).isPresent()
                && now.map(TargetRow::drainingSince).equals(before.map(TargetRow::drainingSince));
        if (goesOnDraining) {
            return;     // data planes know: its delay begins
        }
        groups.add(ElbTables.groupOf(key));
        boolean kept = before.filter(row -> !row.draining()).isPresent() && now.isPresent();
        if (!kept) {
            targets.add(key);
        }
        if (now.filter(TargetRow::draining).isPresent()) {
            leaving.add(key);
        }
    }

    /** The targets of a Classic Load Balancer, whose groups are added to {@code groups}. */
    private static SortedSet<String> classic(Image image, String arn, SortedSet<String> groups) {
        var targets = new TreeSet<String>();
        image.get(ElbTables.CLASSIC, arn).ifPresent(row -> {
            ClassicShapes.groupArns(row).forEach(groups::add);
            ClassicShapes.targetKeys(row).forEach(targets::add);
        });
        return targets;
    }

    private static List<String> routedTo(Image image, String ruleArn) {
        return image.get(ElbTables.RULES, ruleArn).map(RuleRow::targetGroupArns).orElse(List.of());
    }

    /** Whether data planes have a target group: those do that a load balancer routes to. */
    static boolean isRouted(Image image, String groupArn) {
        return !LoadBalancers.routingTo(image, groupArn).isEmpty();
    }
}
