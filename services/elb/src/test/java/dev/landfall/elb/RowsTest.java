package dev.landfall.elb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.state.Table;
import dev.landfall.state.row.BatchReader;
import dev.landfall.state.row.BatchWriter;
import dev.landfall.wire.SdkForms;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.elasticloadbalancing.model.Instance;
import software.amazon.awssdk.services.elasticloadbalancing.model.Listener;

/** What is stored is what comes back after a restart. */
class RowsTest {
    private static <R> R again(Class<R> type, Object row) {
        var form = SdkForms.rows().of(type);
        var batch = new BatchWriter();
        batch.put("table", "key", form, type.cast(row));
        var reader = new BatchReader(batch.take());
        return reader.row(reader.entries().getFirst(), form);
    }

    @Test
    void everyRowComesBackAsItWas() throws Exception {
        Stage.play(Stage.Way.IN_PROCESS, on -> {
            String listener = on.httpsListener();
            String group = on.group();
            on.rule(listener, 1, "/a");
            on.service().edges().connect("edge-1", message -> { });
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
            on.classic().createLoadBalancer(request -> request.loadBalancerName("old").subnets("subnet-1")
                    .listeners(Listener.builder().protocol("HTTPS").loadBalancerPort(443).instancePort(80)
                            .instanceProtocol("HTTP").sslCertificateId(Stage.CERTIFICATE + "a").build())
                    .tags(software.amazon.awssdk.services.elasticloadbalancing.model.Tag.builder().key("k").build()));
            on.classic().modifyLoadBalancerAttributes(request -> request.loadBalancerName("old")
                    .loadBalancerAttributes(it -> it.connectionDraining(each -> each.enabled(true))));
            Instance instance = Instance.builder().instanceId("i-1").build();
            on.classic().registerInstancesWithLoadBalancer(request -> request.loadBalancerName("old")
                    .instances(instance, instance.toBuilder().instanceId("i-2").build()));
            on.classic().deregisterInstancesFromLoadBalancer(request -> request.loadBalancerName("old")
                    .instances(instance));
            on.classic().createLBCookieStickinessPolicy(request -> request.loadBalancerName("old").policyName("p"));
            for (Table<?> table : ElbTables.ALL) {
                var rows = List.copyOf(on.image().all(table));
                assertThat(rows).as(table.name()).isNotEmpty();
                for (Object row : rows) {
                    assertThat(again(row.getClass(), row)).isEqualTo(row);
                }
            }
            return on;
        });
    }
}
