package dev.landfall.ecs.balance;

import java.util.List;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.elasticloadbalancing.ElasticLoadBalancingClient;
import software.amazon.awssdk.services.elasticloadbalancing.model.Instance;
import software.amazon.awssdk.services.elasticloadbalancing.model.InstanceState;
import software.amazon.awssdk.services.elasticloadbalancing.model.LoadBalancerNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

/**
 * What has targets: a target group, or a Classic Load Balancer, of which the instances are the targets. All methods
 * throw {@link AwsServiceException} if they are refused or the load balancers do not answer.
 */
sealed interface Registry {
    /** All targets; none are left of what was deleted. */
    List<TargetHealthDescription> described();

    void register(List<TargetDescription> targets);

    void deregister(List<TargetDescription> targets);

    /** @param arn of a target group or a Classic Load Balancer */
    static Registry of(String arn, ElasticLoadBalancingV2Client elb, ElasticLoadBalancingClient classic) {
        return ClassicName.of(arn).<Registry>map(name -> new Classic(name, classic))
                .orElseGet(() -> new Group(arn, elb));
    }

    record Group(String arn, ElasticLoadBalancingV2Client elb) implements Registry {
        @Override
        public List<TargetHealthDescription> described() {
            try {
                return elb.describeTargetHealth(request -> request.targetGroupArn(arn)).targetHealthDescriptions();
            } catch (TargetGroupNotFoundException e) {
                return List.of();
            }
        }

        @Override
        public void register(List<TargetDescription> targets) {
            elb.registerTargets(request -> request.targetGroupArn(arn).targets(targets));
        }

        @Override
        public void deregister(List<TargetDescription> targets) {
            elb.deregisterTargets(request -> request.targetGroupArn(arn).targets(targets));
        }
    }

    record Classic(String name, ElasticLoadBalancingClient elb) implements Registry {
        /** How an instance that drains is described (Configure connection draining for your Classic Load Balancer). */
        private static final String DRAINING = "Instance deregistration currently in progress";

        private static final String IN_SERVICE = "InService";
        private static final String OUT_OF_SERVICE = "OutOfService";

        /** Who is to blame that an instance is out of service: itself, or the load balancer (InstanceState). */
        private static final String BY_INSTANCE = "Instance";

        @Override
        public List<TargetHealthDescription> described() {
            try {
                return elb.describeInstanceHealth(request -> request.loadBalancerName(name)).instanceStates().stream()
                        .map(Classic::health).toList();
            } catch (LoadBalancerNotFoundException e) {
                return List.of();
            }
        }

        private static TargetHealthDescription health(InstanceState state) {
            return TargetHealthDescription.builder()
                    .target(target -> target.id(state.instanceId()).port(0))
                    .targetHealth(health -> health.state(translated(state)).description(state.description())).build();
        }

        private static TargetHealthStateEnum translated(InstanceState state) {
            if (IN_SERVICE.equals(state.state())) {
                return state.description() != null && state.description().startsWith(DRAINING)
                        ? TargetHealthStateEnum.DRAINING : TargetHealthStateEnum.HEALTHY;
            }
            return OUT_OF_SERVICE.equals(state.state()) && BY_INSTANCE.equals(state.reasonCode())
                    ? TargetHealthStateEnum.UNHEALTHY : TargetHealthStateEnum.INITIAL;
        }

        @Override
        public void register(List<TargetDescription> targets) {
            elb.registerInstancesWithLoadBalancer(request -> request.loadBalancerName(name)
                    .instances(instances(targets)));
        }

        @Override
        public void deregister(List<TargetDescription> targets) {
            elb.deregisterInstancesFromLoadBalancer(request -> request.loadBalancerName(name)
                    .instances(instances(targets)));
        }

        private static List<Instance> instances(List<TargetDescription> targets) {
            return targets.stream().map(each -> Instance.builder().instanceId(each.id()).build()).toList();
        }
    }
}
