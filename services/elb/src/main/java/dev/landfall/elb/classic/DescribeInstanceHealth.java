package dev.landfall.elb.classic;

import dev.landfall.elb.Scope;
import dev.landfall.elb.classic.ClassicRow.Leaving;
import dev.landfall.elb.edge.Observed;
import dev.landfall.elb.target.TargetRow;
import dev.landfall.protocol.edge.EdgeReport;
import dev.landfall.protocol.edge.EdgeReport.State;
import dev.landfall.state.Image;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancing.model.DescribeInstanceHealthRequest;
import software.amazon.awssdk.services.elasticloadbalancing.model.DescribeInstanceHealthResponse;
import software.amazon.awssdk.services.elasticloadbalancing.model.InstanceState;

/** Describes the health of instances as data planes see it: those that are named, or all that are registered. */
final class DescribeInstanceHealth {
    private DescribeInstanceHealth() {}

    static DescribeInstanceHealthResponse read(
            Image image, DescribeInstanceHealthRequest request, Scope scope, Observed observed) {
        ClassicRow row = Classic.require(image, request.loadBalancerName(), scope);
        List<String> asked = request.instances().isEmpty()
                ? Stream.concat(row.instanceIds().stream(), row.leaving().stream().map(Leaving::instanceId))
                        .distinct().toList()
                : request.instances().stream().map(each -> Classic.instance(each.instanceId())).distinct().toList();
        return DescribeInstanceHealthResponse.builder()
                .instanceStates(asked.stream().map(id -> state(row, id, observed)).toList()).build();
    }

    /** In the words of the API reference, InstanceState, and of the guide, Configure connection draining. */
    private static InstanceState state(ClassicRow row, String id, Observed observed) {
        if (!row.instanceIds().contains(id)) {
            if (row.leaving().stream().anyMatch(each -> each.instanceId().equals(id))) {
                return state(id, "InService", "N/A", "Instance deregistration currently in progress.");
            }
            return state(id, "OutOfService", "Instance", "Instance is not currently registered with the LoadBalancer.");
        }
        List<Optional<State>> seen = row.listeners().stream()
                .map(each -> observed.health(TargetRow.key(row.groupArn(each.loadBalancerPort()), id,
                        each.instancePort())).map(EdgeReport.TargetHealth::state)).toList();
        if (seen.stream().anyMatch(each -> each.equals(Optional.of(State.UNHEALTHY)))) {
            return state(id, "OutOfService", "Instance", "Instance has failed at least the UnhealthyThreshold number "
                    + "of health checks consecutively.");
        }
        return !seen.isEmpty() && seen.stream().allMatch(each -> each.equals(Optional.of(State.HEALTHY)))
                ? state(id, "InService", "N/A", "N/A")
                : state(id, "OutOfService", "ELB", "Instance registration is still in progress.");
    }

    private static InstanceState state(String id, String state, String reason, String description) {
        return InstanceState.builder().instanceId(id).state(state).reasonCode(reason).description(description).build();
    }
}
