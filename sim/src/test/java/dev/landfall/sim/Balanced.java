package dev.landfall.sim;

import dev.landfall.ecs.EcsTables;
import dev.landfall.sim.outside.Balancers;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentNotFoundException;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus;

/**
 * The service {@code web} behind a load balancer, at rest: from now on every request has to find a healthy target.
 *
 * @param serving the target group that has the traffic
 * @param idle of shifts the other one
 */
record Balanced(Town town, String rule, String serving, String idle) {
    private static final int TASKS = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(20);

    /** With rolling deployments that keep all its tasks. */
    static Balanced rolling(Town town, int count) {
        Balancers balancers = town.simulation().outside().balancers();
        String rule = rule(balancers);
        of(town, count, each -> each.minimumHealthyPercent(100).maximumPercent(200), advanced -> advanced);
        return new Balanced(town, rule, balancers.group("first"), balancers.group("second"));
    }

    /** With deployments that shift its traffic, as the first already did: away from where it went before. */
    static Balanced shifting(Town town, Consumer<DeploymentConfiguration.Builder> configuration) {
        Balancers balancers = town.simulation().outside().balancers();
        of(town, TASKS, configuration, balancer -> balancer.advancedConfiguration(advanced -> advanced
                .alternateTargetGroupArn(balancers.group("second")).roleArn("arn:aws:iam::000000000000:role/shift")
                .productionListenerRule(rule(balancers))));
        return new Balanced(town, rule(balancers), balancers.group("second"), balancers.group("first"));
    }

    private static String rule(Balancers balancers) {
        return balancers.rule("production", balancers.group("first"), balancers.group("second"));
    }

    private static void of(Town town, int count, Consumer<DeploymentConfiguration.Builder> configuration,
            UnaryOperator<LoadBalancer.Builder> more) {
        Balancers balancers = town.simulation().outside().balancers();
        var balancer = more.apply(LoadBalancer.builder().targetGroupArn(balancers.group("first"))
                .containerName("app").containerPort(80)).build();
        town.machines(2);
        String definition = town.addressed("ok");
        town.create("web", definition, count, request -> request.loadBalancers(balancer)
                .networkConfiguration(network -> network.awsvpcConfiguration(vpc -> vpc.subnets("subnet-1")))
                .availabilityZoneRebalancing("DISABLED").deploymentConfiguration(configuration::accept));
        town.simulation().settle();
        balancers.serve(rule(balancers));
    }

    Balancers balancers() {
        return town.simulation().outside().balancers();
    }

    /** A new revision that runs that program; its ARN. */
    String update(String program) {
        String next = town.addressed(program);
        town.update("web", request -> request.taskDefinition(next));
        return next;
    }

    /** Waits until some traffic goes to each side; false if that was over before it was seen. */
    boolean partlyShifted() {
        for (Duration waited = Duration.ZERO; waited.compareTo(PATIENCE) < 0; waited = waited.plusSeconds(1)) {
            town.simulation().run(Duration.ofSeconds(1));
            if (balancers().weights(rule).values().stream().filter(weight -> weight > 0).count() > 1) {
                return true;
            }
            if (town.simulation().plane().up() && ongoing().isEmpty()) {
                return false;
            }
        }
        throw new Violation("shift", "no traffic was shifted within " + PATIENCE);
    }

    private List<String> ongoing() {
        return town.image().all(EcsTables.SERVICE_DEPLOYMENTS).stream()
                .filter(row -> row.deployment().status() == ServiceDeploymentStatus.IN_PROGRESS
                        || row.deployment().status() == ServiceDeploymentStatus.PENDING)
                .map(row -> row.deployment().serviceDeploymentArn()).toList();
    }

    /** Rolls the deployment back; a user who hears that it has ended is content. */
    void stop() {
        for (String arn : ongoing()) {
            try {
                town.simulation().user(ecs -> ecs.stopServiceDeployment(request ->
                        request.serviceDeploymentArn(arn).stopType("ROLLBACK")));
            } catch (ServiceDeploymentNotFoundException e) {
                town.simulation().timeline().note("refused", e.getMessage());
            }
        }
    }

    /** All traffic goes to that group, in which are the tasks of that revision and no others. */
    void requireTraffic(String group, String definition) {
        balancers().weights(rule).forEach((each, weight) -> {
            if (each.equals(group) != weight > 0) {
                throw new Violation("shift", "the traffic goes to " + balancers().weights(rule));
            }
        });
        if (balancers().states(group).size() != TASKS
                || !town.live("web").stream().allMatch(row -> row.task().taskDefinitionArn().equals(definition))) {
            throw new Violation("shift", "not all tasks are of the revision that has the traffic");
        }
    }
}
