package dev.landfall.ecs.balance;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.elasticloadbalancing.ElasticLoadBalancingClient;
import software.amazon.awssdk.services.elasticloadbalancing.model.DeregisterInstancesFromLoadBalancerRequest;
import software.amazon.awssdk.services.elasticloadbalancing.model.DeregisterInstancesFromLoadBalancerResponse;
import software.amazon.awssdk.services.elasticloadbalancing.model.DescribeInstanceHealthRequest;
import software.amazon.awssdk.services.elasticloadbalancing.model.DescribeInstanceHealthResponse;
import software.amazon.awssdk.services.elasticloadbalancing.model.DescribeLoadBalancersRequest;
import software.amazon.awssdk.services.elasticloadbalancing.model.DescribeLoadBalancersResponse;
import software.amazon.awssdk.services.elasticloadbalancing.model.ElasticLoadBalancingException;
import software.amazon.awssdk.services.elasticloadbalancing.model.Instance;
import software.amazon.awssdk.services.elasticloadbalancing.model.InstanceState;
import software.amazon.awssdk.services.elasticloadbalancing.model.InvalidInstanceException;
import software.amazon.awssdk.services.elasticloadbalancing.model.LoadBalancerDescription;
import software.amazon.awssdk.services.elasticloadbalancing.model.LoadBalancerNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancing.model.RegisterInstancesWithLoadBalancerRequest;
import software.amazon.awssdk.services.elasticloadbalancing.model.RegisterInstancesWithLoadBalancerResponse;

/**
 * Classic Load Balancers on a clock that tests move. Instances are in service when a test says so; others drain. It
 * answers in the words of ELB's API reference and guide.
 */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
public final class VirtualClassic implements ElasticLoadBalancingClient {
    public static final String FAILED =
            "Instance has failed at least the UnhealthyThreshold number of health checks consecutively.";

    private static final InstanceState NEW = InstanceState.builder().state("OutOfService").reasonCode("ELB")
            .description("Instance registration is still in progress.").build();
    private static final InstanceState GOOD =
            InstanceState.builder().state("InService").reasonCode("N/A").description("N/A").build();
    private static final InstanceState BAD = InstanceState.builder().state("OutOfService").reasonCode("Instance")
            .description(FAILED).build();
    private static final InstanceState LEAVING = InstanceState.builder().state("InService").reasonCode("N/A")
            .description("Instance deregistration currently in progress.").build();

    private final InstantSource clock;
    private final Duration delay;
    private final SortedMap<String, LoadBalancerDescription> balancers = new TreeMap<>();
    private final SortedMap<String, SortedMap<String, Registered>> instances = new TreeMap<>();
    private final List<String> calls = new ArrayList<>();
    private String refusedId = "";
    private boolean broken;

    private record Registered(InstanceState state, Instant until) {}

    /** @param delay how long connections drain */
    public VirtualClassic(InstantSource clock, Duration delay) {
        this.clock = clock;
        this.delay = delay;
    }

    /** A load balancer with a listener for that port of its instances. */
    public void balancer(String name, int instancePort) {
        balancers.put(name, LoadBalancerDescription.builder().loadBalancerName(name).listenerDescriptions(each ->
                each.listener(it -> it.protocol("HTTP").loadBalancerPort(80).instancePort(instancePort))).build());
        instances.put(name, new TreeMap<>());
    }

    public void delete(String name) {
        balancers.remove(name);
        instances.remove(name);
    }

    public void refuse(String id) {
        refusedId = id;
    }

    public void broken(String how) {
        broken = how.equals("broken");
    }

    /** All instances that do not drain are in service, or have failed their health checks. */
    public void all(String name, String state) {
        current(name).replaceAll((id, there) -> there.state.equals(LEAVING) ? there
                : new Registered(state.equals("InService") ? GOOD : BAD, Instant.MAX));
    }

    /** The descriptions of the instances of a load balancer, by their ids. */
    public SortedMap<String, String> descriptions(String name) {
        var descriptions = new TreeMap<String, String>();
        current(name).forEach((id, there) -> descriptions.put(id, there.state.description()));
        return descriptions;
    }

    /** The changes that were asked for, in order. */
    public List<String> calls() {
        return calls;
    }

    public KnownTargetGroups known() {
        return new KnownTargetGroups(new TreeMap<>(), balancers);
    }

    private SortedMap<String, Registered> current(String name) {
        if (broken) {
            throw (ElasticLoadBalancingException) ElasticLoadBalancingException.builder().message("broken")
                    .statusCode(500).build();
        }
        SortedMap<String, Registered> found = Optional.ofNullable(instances.get(name)).orElseThrow(() ->
                LoadBalancerNotFoundException.builder().message("There is no ACTIVE Load Balancer named '" + name + "'")
                        .statusCode(400).build());
        found.values().removeIf(each -> !each.until.isAfter(clock.instant()));
        return found;
    }

    @Override
    public DescribeLoadBalancersResponse describeLoadBalancers(DescribeLoadBalancersRequest request) {
        String name = request.loadBalancerNames().getFirst();
        current(name);
        return DescribeLoadBalancersResponse.builder().loadBalancerDescriptions(balancers.get(name)).build();
    }

    @Override
    public DescribeInstanceHealthResponse describeInstanceHealth(DescribeInstanceHealthRequest request) {
        return DescribeInstanceHealthResponse.builder().instanceStates(current(request.loadBalancerName()).entrySet()
                .stream().map(each -> each.getValue().state.toBuilder().instanceId(each.getKey()).build()).toList())
                .build();
    }

    @Override
    public RegisterInstancesWithLoadBalancerResponse registerInstancesWithLoadBalancer(
            RegisterInstancesWithLoadBalancerRequest request) {
        var found = current(request.loadBalancerName());
        if (request.instances().stream().anyMatch(each -> each.instanceId().equals(refusedId))) {
            throw InvalidInstanceException.builder().statusCode(400).awsErrorDetails(AwsErrorDetails.builder()
                    .errorCode("InvalidInstance").errorMessage("No such instance").build()).build();
        }
        request.instances().forEach(each -> found.merge(each.instanceId(), new Registered(NEW, Instant.MAX),
                (there, fresh) -> there.state.equals(LEAVING) ? fresh : there));
        calls.add("register " + request.instances().stream().map(Instance::instanceId).toList());
        return RegisterInstancesWithLoadBalancerResponse.builder().build();
    }

    @Override
    public DeregisterInstancesFromLoadBalancerResponse deregisterInstancesFromLoadBalancer(
            DeregisterInstancesFromLoadBalancerRequest request) {
        var found = current(request.loadBalancerName());
        request.instances().forEach(each -> found.computeIfPresent(each.instanceId(), (id, there) ->
                there.state.equals(LEAVING) ? there : new Registered(LEAVING, clock.instant().plus(delay))));
        calls.add("deregister " + request.instances().stream().map(Instance::instanceId).toList());
        return DeregisterInstancesFromLoadBalancerResponse.builder().build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
