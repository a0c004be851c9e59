package dev.landfall.app.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.testkit.FreePorts;
import dev.landfall.testkit.load.BackendImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.elasticloadbalancing.ElasticLoadBalancingClient;
import software.amazon.awssdk.services.elasticloadbalancing.model.InstanceState;
import software.amazon.awssdk.services.elasticloadbalancing.model.Listener;

/**
 * A service behind a Classic Load Balancer, whose tasks have a port of the machine. There is one machine, so that one
 * task has the port at a time: it is the requests under way on a task that goes which must not fail.
 */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class ClassicLoadBalancerTest {
    private static final String CLUSTER = "classic";
    private static final String NAME = "till";

    /** Longer than a late answer takes; short, for the test's sake. */
    private static final Duration DRAINING = Duration.ofSeconds(8);

    private static final String LATE = "/late?millis=4000";
    private static final Duration UNDER_WAY = Duration.ofMillis(500);

    private final int port = FreePorts.one();
    private final int hostPort = FreePorts.one();

    private static ElasticLoadBalancingClient elb(Landfall landfall) {
        return ElasticLoadBalancingClient.builder()
                .endpointOverride(landfall.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    /** Its DNS name. */
    private String balancer(ElasticLoadBalancingClient elb) {
        String name = elb.createLoadBalancer(r -> r.loadBalancerName(NAME).subnets("subnet-12345").listeners(
                Listener.builder().protocol("HTTP").loadBalancerPort(port).instancePort(hostPort).build())).dnsName();
        elb.configureHealthCheck(r -> r.loadBalancerName(NAME).healthCheck(check -> check.target("HTTP:" + hostPort
                + "/").interval(5).timeout(2).healthyThreshold(2).unhealthyThreshold(2)));
        elb.modifyLoadBalancerAttributes(r -> r.loadBalancerName(NAME).loadBalancerAttributes(attributes ->
                attributes.connectionDraining(it -> it.enabled(true).timeout((int) DRAINING.toSeconds()))));
        return name;
    }

    private void service(Landfall up) {
        String image = BackendImage.ensure();
        for (int revision = 1; revision <= 2; revision++) {
            String number = String.valueOf(revision);
            up.ecs().registerTaskDefinition(r -> r.family(NAME).networkMode(NetworkMode.BRIDGE)
                    .containerDefinitions(ContainerDefinition.builder().name("app").image(image).cpu(128).memory(256)
                            .command(BackendImage.command())
                            .environment(e -> e.name("SERVICE").value(NAME), e -> e.name("REVISION").value(number))
                            .portMappings(p -> p.containerPort(BackendImage.httpPort()).hostPort(hostPort)).build()));
        }
        up.ecs().createService(r -> r.cluster(CLUSTER).serviceName(NAME).taskDefinition(NAME + ":1").desiredCount(1)
                .launchType(LaunchType.EC2)
                .deploymentConfiguration(it -> it.minimumHealthyPercent(0).maximumPercent(100))
                .loadBalancers(LoadBalancer.builder().loadBalancerName(NAME).containerName("app")
                        .containerPort(BackendImage.httpPort()).build()));
    }

    private static String curl(String url) {
        try {
            Process curl = new ProcessBuilder("curl", "-sSi", "--max-time", "20", url).redirectErrorStream(true)
                    .start();
            return new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError("curl does not run", e);
        }
    }

    private static void assertAnswered(String answer, int revision) {
        assertThat(answer).startsWith("HTTP/1.1 200 OK").containsIgnoringCase("X-Revision: " + revision);
    }

    /** Has a request be under way while the service changes; its answer. */
    private static Future<String> underWay(Landfall up, Callable<String> request, Runnable change) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> answer = threads.submit(request);
            long begun = System.nanoTime();
            up.await("the request is under way", () ->
                    assertThat(System.nanoTime() - begun).isGreaterThan(UNDER_WAY.toNanos()));
            change.run();
            return answer;
        }
    }

    private static List<InstanceState> states(ElasticLoadBalancingClient elb) {
        return elb.describeInstanceHealth(r -> r.loadBalancerName(NAME)).instanceStates();
    }

    @Test
    void requestsUnderWayAreAnsweredThoughTheirTaskGoes() throws Exception {
        try (var up = Landfall.up("classic"); var elb = elb(up)) {
            up.ecs().createCluster(r -> r.clusterName(CLUSTER));
            try (var machine = Landfall.agent("classic-machine", up, "--cluster", CLUSTER)) {
                var services = new Services(up.ecs(), CLUSTER);
                String url = "http://" + balancer(elb) + ":" + port;
                service(up);
                up.await("the service is steady", () -> services.assertSteadyAtOnce(NAME));
                assertThat(states(elb)).extracting(InstanceState::state).containsExactly("InService");
                assertAnswered(curl(url + "/"), 1);

                var first = underWay(up, () -> curl(url + LATE), () -> up.ecs().updateService(r -> r
                        .cluster(CLUSTER).service(NAME).taskDefinition(NAME + ":2")));
                assertAnswered(first.get(), 1);
                machine.await("the new revision is steady", () -> {
                    services.assertSteadyAtOnce(NAME);
                    assertThat(services.service(NAME).taskDefinition()).endsWith(":2");
                });
                assertAnswered(curl(url + "/"), 2);

                var last = underWay(up, () -> curl(url + LATE), () -> up.ecs().updateService(r -> r
                        .cluster(CLUSTER).service(NAME).desiredCount(0)));
                assertAnswered(last.get(), 2);
                up.await("nothing is left", () -> {
                    assertThat(services.service(NAME).runningCount()).isZero();
                    assertThat(states(elb)).isEmpty();
                });
                assertThat(services.service(NAME).events().stream().map(event -> event.message())).contains(
                        "(service till) registered 1 instances in (elb till)",
                        "(service till) deregistered 1 instances in (elb till)");
                assertThat(curl(url + "/")).startsWith("HTTP/1.1 503");
            }
        }
    }
}
