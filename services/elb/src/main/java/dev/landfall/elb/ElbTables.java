package dev.landfall.elb;

import dev.landfall.elb.classic.ClassicRow;
import dev.landfall.elb.edge.DataPlaneRow;
import dev.landfall.elb.listener.ListenerRow;
import dev.landfall.elb.loadbalancer.LoadBalancerRow;
import dev.landfall.elb.loadbalancer.ReservationRow;
import dev.landfall.elb.rule.RuleRow;
import dev.landfall.elb.tag.TagsRow;
import dev.landfall.elb.target.TargetRow;
import dev.landfall.elb.targetgroup.TargetGroupRow;
import dev.landfall.state.Table;
import dev.landfall.state.Table.Counter;
import dev.landfall.state.Table.Index;
import java.util.List;

/** The tables of this service. Keys are ARNs; a target's is made of its group, its id and its port. */
public final class ElbTables {
    /** By {@link #nameKey}, so that the load balancers of a scope are in the order of their names. */
    public static final Index<LoadBalancerRow> LOAD_BALANCERS_BY_NAME = Index.on("name", row ->
            nameKey(Scope.of(row.arn()), row.loadBalancer().loadBalancerName()));

    /** By address, of all accounts and regions, as they share one machine. */
    public static final Index<LoadBalancerRow> LOAD_BALANCERS_BY_ADDRESS = Index.on("address",
            LoadBalancerRow::address);

    /** By {@link #scopeKey} and type, {@code 000000000000/us-east-1|network}. */
    public static final Counter<LoadBalancerRow> LOAD_BALANCERS_BY_TYPE = Counter.on("type", row ->
            scopeKey(Scope.of(row.arn())) + '|' + row.loadBalancer().typeAsString());

    public static final Table<LoadBalancerRow> LOAD_BALANCERS = Table.of("elb_load_balancers", LoadBalancerRow.class,
            LoadBalancerRow::arn, LOAD_BALANCERS_BY_NAME, LOAD_BALANCERS_BY_ADDRESS, LOAD_BALANCERS_BY_TYPE);

    /** Capacity that was reserved, by the load balancer's ARN. */
    public static final Table<ReservationRow> RESERVATIONS = Table.of("elb_reservations", ReservationRow.class,
            ReservationRow::loadBalancerArn);

    /** By the load balancer's ARN. */
    public static final Index<ListenerRow> LISTENERS_BY_LOAD_BALANCER = Index.on("load_balancer", row ->
            row.listener().loadBalancerArn());

    /** By the ARNs of its certificates. */
    public static final Index<ListenerRow> LISTENERS_BY_CERTIFICATE =
            new Index<>("certificate", ListenerRow::certificateArns);

    public static final Table<ListenerRow> LISTENERS = Table.of("elb_listeners", ListenerRow.class, ListenerRow::arn,
            LISTENERS_BY_LOAD_BALANCER, LISTENERS_BY_CERTIFICATE);

    /** By the listener's ARN. */
    public static final Index<RuleRow> RULES_BY_LISTENER = Index.on("listener", RuleRow::listenerArn);

    /** By the ARNs of the target groups that the rule forwards to. */
    public static final Index<RuleRow> RULES_BY_TARGET_GROUP = new Index<>("target_group", RuleRow::targetGroupArns);

    /** Rules but for the default ones, by the load balancer's ARN. */
    public static final Counter<RuleRow> RULES_BY_LOAD_BALANCER = new Counter<>("load_balancer", row ->
            row.rule().isDefault() ? List.of() : List.of(row.loadBalancerArn()));

    /** Also the default rules, which hold the default actions of the listeners. */
    public static final Table<RuleRow> RULES = Table.of("elb_rules", RuleRow.class, RuleRow::arn, RULES_BY_LISTENER,
            RULES_BY_TARGET_GROUP, RULES_BY_LOAD_BALANCER);

    /** By {@link #nameKey}. */
    public static final Index<TargetGroupRow> TARGET_GROUPS_BY_NAME = Index.on("name", row ->
            nameKey(Scope.of(row.arn()), row.group().targetGroupName()));

    public static final Counter<TargetGroupRow> TARGET_GROUPS_BY_SCOPE = Counter.on("scope", row ->
            scopeKey(Scope.of(row.arn())));

    public static final Table<TargetGroupRow> TARGET_GROUPS = Table.of("elb_target_groups", TargetGroupRow.class,
            TargetGroupRow::arn, TARGET_GROUPS_BY_NAME, TARGET_GROUPS_BY_SCOPE);

    /** Targets that are not draining, by their group's ARN. */
    public static final Counter<TargetRow> TARGETS_BY_GROUP = new Counter<>("target_group", row ->
            row.draining() ? List.of() : List.of(row.groupArn()));

    /** Targets that are draining, by {@link #millis} of when they have drained; of 0 until their delay begins. */
    public static final Index<TargetRow> TARGETS_DRAINING = new Index<>("draining", row ->
            row.draining() ? List.of(millis(row.drainingUntil().toEpochMilli())) : List.of());

    /** Targets that are load balancers, by the load balancer's ARN. */
    public static final Index<TargetRow> BALANCER_TARGETS = new Index<>("load_balancer", row ->
            row.target().id().startsWith("arn:") ? List.of(row.target().id()) : List.of());

    /** Those of one group have keys that begin with {@link #targetsPrefix}. */
    public static final Table<TargetRow> TARGETS = Table.of("elb_targets", TargetRow.class, TargetRow::key,
            TARGETS_DRAINING, BALANCER_TARGETS, TARGETS_BY_GROUP);

    /** Tags, by the ARN of what carries them; without any there is no row. */
    public static final Table<TagsRow> TAGS = Table.of("elb_tags", TagsRow.class, TagsRow::arn);

    /** By address, beside {@link #LOAD_BALANCERS_BY_ADDRESS}. */
    public static final Index<ClassicRow> CLASSIC_BY_ADDRESS = Index.on("address", ClassicRow::address);

    /** By the ARNs of their listeners' certificates. */
    public static final Index<ClassicRow> CLASSIC_BY_CERTIFICATE =
            new Index<>("certificate", ClassicRow::certificateArns);

    /** Those with instances that are leaving, by {@link #millis} of when each has left, as with targets. */
    public static final Index<ClassicRow> CLASSIC_LEAVING = new Index<>("leaving", row -> row.leaving().stream()
            .map(each -> millis(each.until().toEpochMilli())).distinct().toList());

    /** Classic Load Balancers, each with all it has. */
    public static final Table<ClassicRow> CLASSIC = Table.of("elb_classic", ClassicRow.class, ClassicRow::arn,
            CLASSIC_BY_ADDRESS, CLASSIC_BY_CERTIFICATE, CLASSIC_LEAVING);

    /** Data planes of other processes, which are of no account and region, by their ids. */
    public static final Table<DataPlaneRow> DATA_PLANES =
            Table.of("elb_data_planes", DataPlaneRow.class, DataPlaneRow::id);

    public static final List<Table<?>> ALL = List.of(
            LOAD_BALANCERS, RESERVATIONS, LISTENERS, RULES, TARGET_GROUPS, TARGETS, TAGS, CLASSIC, DATA_PLANES);

    private ElbTables() {}

    public static String scopeKey(Scope scope) {
        return scope.accountId() + '/' + scope.region();
    }

    public static String nameKey(Scope scope, String name) {
        return scopeKey(scope) + '/' + name;
    }

    public static String targetsPrefix(String groupArn) {
        return groupArn + '|';
    }

    /** The ARN of the target group that a target of {@link TargetRow#key} is in. */
    public static String groupOf(String targetKey) {
        return targetKey.substring(0, targetKey.indexOf('|'));
    }

    /** Epoch milliseconds as a text that sorts like the number. */
    public static String millis(long epochMillis) {
        String text = Long.toString(epochMillis);
        return "0".repeat(Math.max(0, 15 - text.length())) + text;
    }
}
