package dev.landfall.elb.loadbalancer;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;

/**
 * A load balancer as it is stored.
 *
 * @param attributes those that were set; the others have their defaults
 * @param address its own loopback address, 127.x.y.z, for as long as it lives
 */
public record LoadBalancerRow(LoadBalancer loadBalancer, SortedMap<String, String> attributes, String address) {
    public LoadBalancerRow {
        attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
    }

    public String arn() {
        return loadBalancer.loadBalancerArn();
    }

    public LoadBalancerRow with(LoadBalancer next) {
        return new LoadBalancerRow(next, attributes, address);
    }

    public LoadBalancerRow with(SortedMap<String, String> nextAttributes) {
        return new LoadBalancerRow(loadBalancer, nextAttributes, address);
    }
}
