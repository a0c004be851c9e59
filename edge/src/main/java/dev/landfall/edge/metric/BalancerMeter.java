package dev.landfall.edge.metric;

import dev.landfall.protocol.edge.Balancer;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What is measured of one load balancer: alone, and with each of its target groups. Safe for any thread. */
public final class BalancerMeter {
    private final String namespace;
    private final String dimension;
    private final int loops;
    private final Series total;
    private final AtomicInteger activeConnections = new AtomicInteger();
    private final Map<String, Series> byGroup = new ConcurrentHashMap<>();

    public BalancerMeter(Balancer balancer, int loops) {
        namespace = balancer.type() == Balancer.Type.APPLICATION ? "AWS/ApplicationELB" : "AWS/NetworkELB";
        dimension = afterLast(balancer.arn(), "loadbalancer/");
        this.loops = loops;
        total = new Series(Map.of("LoadBalancer", dimension), loops);
    }

    /** The part of an ARN that CloudWatch's dimensions use. */
    static String afterLast(String arn, String marker) {
        int at = arn.lastIndexOf(marker);
        return at < 0 ? arn : arn.substring(at + marker.length());
    }

    static String groupDimension(String groupArn) {
        int at = groupArn.lastIndexOf("targetgroup/");
        return at < 0 ? groupArn : groupArn.substring(at);
    }

    boolean network() {
        return namespace.equals("AWS/NetworkELB");
    }

    String namespace() {
        return namespace;
    }

    String dimension() {
        return dimension;
    }

    public Series total() {
        return total;
    }

    /** The series of one of its target groups. */
    public Series of(String groupArn) {
        Series present = byGroup.get(groupArn);
        return present != null ? present : byGroup.computeIfAbsent(groupArn, arn -> {
            var dimensions = new TreeMap<String, String>();
            dimensions.put("LoadBalancer", dimension);
            dimensions.put("TargetGroup", groupDimension(arn));
            return new Series(dimensions, loops);
        });
    }

    /** Forgets target groups that the load balancer forwards to no more. */
    public void retain(Set<String> groupArns) {
        byGroup.keySet().retainAll(groupArns);
    }

    Collection<Series> groups() {
        return byGroup.values();
    }

    public AtomicInteger activeConnections() {
        return activeConnections;
    }
}
