package dev.landfall.app.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.testkit.FreePorts;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

/** Load balancers in front of real containers, reached by their names. */
class LoadBalancersTest {
    private static final String CLUSTER = "balanced";
    private static final int TASKS = 2;
    private static final int REQUESTS = 400;
    private static final String PAGE = "200 " + WebImage.PAGE;

    private final int port = FreePorts.one();

    @BeforeAll
    static void image() {
        WebImage.ensure();
    }

    private static ElasticLoadBalancingV2Client elb(Landfall landfall) {
        return ElasticLoadBalancingV2Client.builder()
                .endpointOverride(landfall.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    private static void runTasks(Landfall up) {
        up.ecs().createCluster(r -> r.clusterName(CLUSTER));
        up.ecs().registerTaskDefinition(Documents.taskDefinition("web-app.json"));
        up.ecs().createService(r -> r.cluster(CLUSTER).serviceName("web").taskDefinition("web-app:1")
                .desiredCount(TASKS).launchType(LaunchType.FARGATE));
        var services = new Services(up.ecs(), CLUSTER);
        up.await("the tasks run", () -> services.assertSteadyAtOnce("web"));
    }

    private String balancer(ElasticLoadBalancingV2Client elb, String name, Action action) {
        var made = elb.createLoadBalancer(r -> r.name(name).subnets("subnet-12345", "subnet-67890")
                .securityGroups("sg-12345")).loadBalancers().getFirst();
        elb.createListener(r -> r.loadBalancerArn(made.loadBalancerArn()).port(port).protocol("HTTP")
                .defaultActions(action));
        return made.dnsName();
    }

    /** In front of the service's tasks; its DNS name. */
    private String web(Landfall up, ElasticLoadBalancingV2Client elb) {
        String group = elb.createTargetGroup(r -> r.name("web").protocol("HTTP").port(80).vpcId("vpc-12345")
                .targetType("ip").healthCheckIntervalSeconds(5).healthyThresholdCount(2))
                .targetGroups().getFirst().targetGroupArn();
        List<TargetDescription> targets = new Services(up.ecs(), CLUSTER).running().stream()
                .map(task -> TargetDescription.builder().id(Services.address(task)).build()).toList();
        elb.registerTargets(r -> r.targetGroupArn(group).targets(targets));
        return balancer(elb, "web", Action.builder().type("forward").targetGroupArn(group).build());
    }

    private static void awaitHealthy(Landfall up, ElasticLoadBalancingV2Client elb) {
        String group = elb.describeTargetGroups(r -> r.names("web")).targetGroups().getFirst().targetGroupArn();
        up.await("all targets are healthy", () -> assertThat(
                elb.describeTargetHealth(r -> r.targetGroupArn(group)).targetHealthDescriptions())
                .hasSize(TASKS)
                .allSatisfy(target -> assertThat(target.targetHealth().state())
                        .as(() -> target.targetHealth().toString()).isEqualTo(TargetHealthStateEnum.HEALTHY)));
    }

    @Test
    void namesLeadToTheirOwnLoadBalancerThoughTheyShareAPort() {
        try (var up = Landfall.up("balancers"); var elb = elb(up)) {
            runTasks(up);
            String web = web(up, elb);
            String other = balancer(elb, "other", Action.builder().type("fixed-response").fixedResponseConfig(fixed ->
                    fixed.statusCode("503").contentType("text/plain").messageBody("closed today")).build());
            awaitHealthy(up, elb);
            up.await("both names answer", () -> {
                assertThat(Browser.answer(web, port)).isEqualTo(PAGE);
                assertThat(Browser.answer(other, port)).isEqualTo("503 closed today");
            });
            assertThat(Browser.answer("unknown.elb.localhost", port)).startsWith("421 ");
        }
    }

    @Test
    void noRequestFailsWhileTheControlPlaneDiesAndComesBack() {
        try (var up = Landfall.upWithoutEdge("balancers-up"); var elb = elb(up)) {
            runTasks(up);
            String web = web(up, elb);
            try (var edge = Landfall.edge("balancers-edge", up)) {
                awaitHealthy(up, elb);
                edge.await("the name answers", () -> assertThat(Browser.answer(web, port)).isEqualTo(PAGE));
                try (var browser = Browser.at(web, port)) {
                    for (int i = 0; i < REQUESTS; i++) {
                        if (i == REQUESTS / 4) {
                            up.kill();
                        } else if (i == REQUESTS / 2) {
                            up.start();
                        }
                        assertThat(browser.get()).as("request " + i).isEqualTo(PAGE);
                        assertThat(Browser.answer(web, port)).as("connection " + i).isEqualTo(PAGE);
                    }
                }
                awaitHealthy(up, elb);
            }
        }
    }
}
