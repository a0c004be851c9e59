package dev.landfall.elb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.elb.classic.ClassicRow;
import dev.landfall.elb.listener.ListenerRow;
import dev.landfall.elb.loadbalancer.LoadBalancerRow;
import dev.landfall.elb.loadbalancer.LoadBalancers;
import dev.landfall.elb.rule.RuleRow;
import dev.landfall.elb.target.TargetRow;
import dev.landfall.state.Image;
import java.util.List;
import java.util.stream.Stream;

/** What holds of the tables whatever was asked for. */
final class Invariants {
    private Invariants() {}

    static void hold(Image image) {
        loadBalancers(image);
        listeners(image);
        rules(image);
        targets(image);
        image.all(ElbTables.TAGS).forEach(row -> {
            assertThat(exists(image, row.arn())).as("what carries tags is there: " + row.arn()).isTrue();
            assertThat(row.tags()).isNotEmpty().hasSizeLessThanOrEqualTo(Quotas.TAGS_PER_RESOURCE);
            assertThat(row.tags().stream().map(tag -> tag.key())).doesNotHaveDuplicates();
        });
    }

    private static boolean exists(Image image, String arn) {
        return Stream.of(ElbTables.LOAD_BALANCERS, ElbTables.LISTENERS, ElbTables.RULES, ElbTables.TARGET_GROUPS)
                .anyMatch(table -> image.get(table, arn).isPresent());
    }

    private static void loadBalancers(Image image) {
        var all = List.copyOf(image.all(ElbTables.LOAD_BALANCERS));
        assertThat(all).extracting(LoadBalancerRow::address).as("each has an address of its own")
                .doesNotHaveDuplicates();
        assertThat(all).extracting(row -> ElbTables.nameKey(Scope.of(row.arn()), row.loadBalancer().loadBalancerName()))
                .doesNotHaveDuplicates();
        classic(image);
        image.all(ElbTables.RESERVATIONS).forEach(row ->
                assertThat(image.get(ElbTables.LOAD_BALANCERS, row.loadBalancerArn())).isPresent());
    }

    private static void classic(Image image) {
        for (ClassicRow row : image.all(ElbTables.CLASSIC)) {
            assertThat(image.count(ElbTables.LOAD_BALANCERS, ElbTables.LOAD_BALANCERS_BY_ADDRESS, row.address())
                    + image.count(ElbTables.CLASSIC, ElbTables.CLASSIC_BY_ADDRESS, row.address()))
                    .as("each has an address of its own").isEqualTo(1);
            assertThat(row.listeners()).extracting(each -> each.loadBalancerPort()).doesNotHaveDuplicates();
            assertThat(row.instanceIds()).doesNotHaveDuplicates();
            assertThat(row.tags()).extracting(each -> each.key()).doesNotHaveDuplicates();
            var policies = row.description().policies();
            var names = Stream.of(policies.otherPolicies().stream(),
                    policies.appCookieStickinessPolicies().stream().map(each -> each.policyName()),
                    policies.lbCookieStickinessPolicies().stream().map(each -> each.policyName()))
                    .flatMap(each -> each).toList();
            assertThat(names).doesNotHaveDuplicates();
            row.description().listenerDescriptions().forEach(each ->
                    assertThat(names).as("policies of listeners are there").containsAll(each.policyNames()));
        }
    }

    private static void listeners(Image image) {
        for (ListenerRow row : image.all(ElbTables.LISTENERS)) {
            String balancer = row.listener().loadBalancerArn();
            assertThat(image.get(ElbTables.LOAD_BALANCERS, balancer)).isPresent();
            assertThat(Arns.loadBalancerOf(row.arn())).isEqualTo(balancer);
            assertThat(image.find(ElbTables.LISTENERS, ElbTables.LISTENERS_BY_LOAD_BALANCER, balancer))
                    .extracting(each -> String.valueOf(each.listener().port())).as("each has a port of its own")
                    .doesNotHaveDuplicates();
            var rules = image.find(ElbTables.RULES, ElbTables.RULES_BY_LISTENER, row.arn());
            assertThat(rules).extracting(RuleRow::order).as("each has a priority of its own").doesNotHaveDuplicates();
            assertThat(rules).filteredOn(rule -> rule.rule().isDefault()).extracting(RuleRow::arn)
                    .as("one is the default").containsExactly(row.defaultRuleArn());
        }
    }

    private static void rules(Image image) {
        for (RuleRow row : image.all(ElbTables.RULES)) {
            assertThat(image.get(ElbTables.LISTENERS, row.listenerArn())).isPresent();
            for (String group : row.targetGroupArns()) {
                assertThat(image.get(ElbTables.TARGET_GROUPS, group)).isPresent();
                assertThat(LoadBalancers.routingTo(image, group)).as("a group is of one load balancer").hasSize(1);
            }
        }
    }

    private static void targets(Image image) {
        for (TargetRow row : image.all(ElbTables.TARGETS)) {
            assertThat(image.get(ElbTables.TARGET_GROUPS, row.groupArn())).isPresent();
            assertThat(row.target().port()).isBetween(1, 65_535);
            if (!row.drainingUntil().equals(TargetRow.NOT_DRAINING)) {
                assertThat(row.draining()).isTrue();
                assertThat(row.drainingUntil()).isAfterOrEqualTo(row.drainingSince());
            }
        }
    }
}
