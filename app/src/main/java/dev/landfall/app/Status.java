package dev.landfall.app;

import dev.landfall.app.data.Running;
import dev.landfall.app.options.DataOption;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;

/** {@code landfall status}: exit status 0 when it runs and answers, 3 when it does not run, 1 when it is silent. */
@Command(name = "status", description = "Is it running, where, and with what.", mixinStandardHelpOptions = true)
final class Status implements Callable<Integer> {
    private static final int NOT_RUNNING = 3;
    /** What DescribeClusters takes in one call. */
    private static final int CLUSTERS_PER_CALL = 100;

    @Mixin private DataOption data;

    /** Sums over all clusters. */
    record Counts(int clusters, int services, int running, int pending, int instances) {
        static Counts of(List<Cluster> clusters) {
            return new Counts(
                    clusters.size(),
                    clusters.stream().mapToInt(Cluster::activeServicesCount).sum(),
                    clusters.stream().mapToInt(Cluster::runningTasksCount).sum(),
                    clusters.stream().mapToInt(Cluster::pendingTasksCount).sum(),
                    clusters.stream().mapToInt(Cluster::registeredContainerInstancesCount).sum());
        }
    }

    @Override
    public Integer call() {
        var running = Running.find(data.path()).orElse(null);
        if (running == null) {
            System.out.println("Landfall is not running on " + data.path());
            return NOT_RUNNING;
        }
        System.out.println("Landfall " + running.version() + " is running (pid " + running.pid() + ", "
                + words(Duration.between(running.since(), Instant.now())) + ")");
        System.out.println("  endpoint   " + running.endpoint());
        System.out.println("  data       " + data.path());
        try {
            var counts = counts(running.endpoint());
            System.out.println("  clusters   " + counts.clusters());
            System.out.println("  services   " + counts.services());
            System.out.println("  tasks      " + counts.running() + " running, " + counts.pending() + " pending");
            System.out.println("  instances  " + counts.instances());
            printBalancers(running.endpoint());
            return 0;
        } catch (SdkException e) {
            System.out.println("  but the API does not answer: " + e.getMessage());
            System.out.println("  see " + data.path().resolve("landfall.log")
                    + "; './landfall down' and './landfall up' restart it");
            return 1;
        }
    }

    /** Their number, and what is wrong with them. */
    private static void printBalancers(URI endpoint) {
        try (var elb = Clients.elb(endpoint)) {
            List<LoadBalancer> all = elb.describeLoadBalancersPaginator(request -> { }).loadBalancers().stream()
                    .toList();
            System.out.println("  balancers  " + all.size());
            for (LoadBalancer balancer : all) {
                if (balancer.state().reason() != null) {
                    System.out.println("    " + balancer.loadBalancerName() + ": " + balancer.state().reason());
                }
            }
        }
    }

    private static Counts counts(URI endpoint) {
        try (var ecs = Clients.ecs(endpoint)) {
            return Counts.of(clusters(ecs));
        }
    }

    private static List<Cluster> clusters(EcsClient ecs) {
        List<String> arns = ecs.listClustersPaginator(request -> {}).clusterArns().stream().toList();
        var found = new ArrayList<Cluster>();
        for (int from = 0; from < arns.size(); from += CLUSTERS_PER_CALL) {
            var some = arns.subList(from, Math.min(arns.size(), from + CLUSTERS_PER_CALL));
            found.addAll(ecs.describeClusters(request -> request.clusters(some)).clusters());
        }
        return found;
    }

    static String words(Duration time) {
        if (time.toDays() > 0) {
            return time.toDays() + " d " + time.toHoursPart() + " h";
        }
        if (time.toHours() > 0) {
            return time.toHours() + " h " + time.toMinutesPart() + " min";
        }
        return time.toMinutes() > 0
                ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
                : time.toSeconds() + " s";
    }
}
