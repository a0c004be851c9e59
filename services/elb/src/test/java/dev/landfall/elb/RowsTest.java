package dev.landfall.elb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.state.Table;
import dev.landfall.wire.RowJson;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is stored is what comes back after a restart. */
class RowsTest {
    @Test
    void everyRowComesBackAsItWas() throws Exception {
        Stage.play(Stage.Way.IN_PROCESS, on -> {
            String listener = on.httpsListener();
            String group = on.group();
            on.rule(listener, 1, "/a");
            on.register(group, "10.0.0.1", "10.0.0.2");
            on.elb().deregisterTargets(request -> request.targetGroupArn(group).targets(Stage.target("10.0.0.2")));
            on.elb().addListenerCertificates(request -> request.listenerArn(listener)
                    .certificates(Stage.certificate("b")));
            String balancer = on.alb();
            on.elb().modifyLoadBalancerAttributes(request -> request.loadBalancerArn(balancer)
                    .attributes(Stage.balancerAttribute("routing.http2.enabled", "false")));
            on.elb().modifyCapacityReservation(request -> request.loadBalancerArn(balancer)
                    .minimumLoadBalancerCapacity(it -> it.capacityUnits(100)));
            on.elb().addTags(request -> request.resourceArns(group).tags(
                    software.amazon.awssdk.services.elasticloadbalancingv2.model.Tag.builder().key("k").build()));
            for (Table<?> table : ElbTables.ALL) {
                var rows = List.copyOf(on.image().all(table));
                assertThat(rows).as(table.name()).isNotEmpty();
                for (Object row : rows) {
                    byte[] stored = RowJson.mapper().writeValueAsBytes(row);
                    assertThat(RowJson.mapper().readValue(stored, row.getClass())).isEqualTo(row);
                }
            }
            return on;
        });
    }
}
