package dev.landfall.app.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.landfall.testkit.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.ServiceDeployment;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupAttribute;

/** Deployments that shift traffic, in front of real containers: what clients of the load balancer see of them. */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class BlueGreenTest {
    private static final String CLUSTER = "shifting";
    private static final String NAME = "web";

    private final int port = FreePorts.one();
    private final int testPort = FreePorts.one();
    private String dnsName = "";

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

    /** Two target groups behind a production rule, of which one also has a test rule, and two revisions of a page. */
    private LoadBalancer balancer(Landfall up, ElasticLoadBalancingV2Client elb) {
        up.ecs().createCluster(r -> r.clusterName(CLUSTER));
        for (String page : List.of("one", "two")) {
            up.ecs().registerTaskDefinition(r -> r.family(NAME).requiresCompatibilitiesWithStrings("FARGATE")
                    .networkMode(NetworkMode.AWSVPC).cpu("256").memory("512")
                    .containerDefinitions(container -> container.name("app").image(WebImage.NAME)
                            .portMappings(mapping -> mapping.containerPort(80))
                            .command("/bin/sh", "-c", "echo " + page + " > /www/index.html; trap 'exit 0' TERM; "
                                    + "httpd -p 80 -h /www; sleep 100000 & wait")));
        }
        var made = elb.createLoadBalancer(r -> r.name(NAME).subnets("subnet-12345", "subnet-67890"))
                .loadBalancers().getFirst();
        dnsName = made.dnsName();
        String first = group(elb, "first");
        String second = group(elb, "second");
        return LoadBalancer.builder().targetGroupArn(first).containerName("app").containerPort(80)
                .advancedConfiguration(advanced -> advanced.alternateTargetGroupArn(second)
                        .productionListenerRule(rule(elb, made.loadBalancerArn(), port, first))
                        .testListenerRule(rule(elb, made.loadBalancerArn(), testPort, second))
                        .roleArn("arn:aws:iam::000000000000:role/ecs"))
                .build();
    }

    private static String group(ElasticLoadBalancingV2Client elb, String name) {
        String arn = elb.createTargetGroup(r -> r.name(name).protocol("HTTP").port(80).vpcId("vpc-12345")
                .targetType("ip").healthCheckIntervalSeconds(5).healthyThresholdCount(2))
                .targetGroups().getFirst().targetGroupArn();
        elb.modifyTargetGroupAttributes(r -> r.targetGroupArn(arn).attributes(TargetGroupAttribute.builder()
                .key("deregistration_delay.timeout_seconds").value("1").build()));
        return arn;
    }

    /** The ARN of a rule for everything on a listener of its own. */
    private static String rule(ElasticLoadBalancingV2Client elb, String balancer, int port, String group) {
        String listener = elb.createListener(r -> r.loadBalancerArn(balancer).port(port).protocol("HTTP")
                .defaultActions(action -> action.type("fixed-response").fixedResponseConfig(fixed ->
                        fixed.statusCode("404")))).listeners().getFirst().listenerArn();
        return elb.createRule(r -> r.listenerArn(listener).priority(1)
                .conditions(condition -> condition.field("path-pattern").values("*"))
                .actions(action -> action.type("forward").targetGroupArn(group))).rules().getFirst().ruleArn();
    }

    private void create(Landfall up, LoadBalancer balancer) {
        up.ecs().createService(r -> r.cluster(CLUSTER).serviceName(NAME).taskDefinition(NAME + ":1").desiredCount(2)
                .launchType(LaunchType.FARGATE).loadBalancers(balancer)
                .networkConfiguration(network -> network.awsvpcConfiguration(vpc -> vpc.subnets("subnet-12345")))
                .deploymentConfiguration(deployment -> deployment.strategy("BLUE_GREEN").bakeTimeInMinutes(0)));
        awaitEnd(up, "SUCCESSFUL");
    }

    private static void update(Landfall up, Consumer<DeploymentConfiguration.Builder> deployment) {
        up.ecs().updateService(r -> r.cluster(CLUSTER).service(NAME).taskDefinition(NAME + ":2")
                .deploymentConfiguration(deployment));
    }

    private static ServiceDeployment deployment(Landfall up) {
        String arn = new Services(up.ecs(), CLUSTER).service(NAME).currentServiceDeployment();
        return up.ecs().describeServiceDeployments(r -> r.serviceDeploymentArns(arn)).serviceDeployments().getFirst();
    }

    private static void awaitEnd(Landfall up, String status) {
        up.await("the deployment is " + status, () -> assertThat(deployment(up).statusAsString())
                .as(() -> new Services(up.ecs(), CLUSTER).service(NAME).events().toString()).isEqualTo(status));
    }

    private String page(int at) {
        return Browser.answer(dnsName, at);
    }

    private List<String> pages(int requests) {
        return IntStream.range(0, requests).mapToObj(request -> page(port)).toList();
    }

    @Test
    void testTrafficSeesGreenFirstAndNoRequestFailsWhileTheControlPlaneDiesOverTheShift() {
        try (var up = Landfall.upWithoutEdge("blue-green"); var elb = elb(up);
                var edge = Landfall.edge("blue-green-edge", up)) {
            create(up, balancer(up, elb));
            edge.await("the first revision answers", () -> assertThat(page(port)).isEqualTo("200 one\n"));
            update(up, each -> each.lifecycleHooks(hook -> hook.targetType("PAUSE")
                    .lifecycleStagesWithStrings("POST_TEST_TRAFFIC_SHIFT")));
            up.await("the deployment waits", () -> assertThat(deployment(up).lifecycleHookDetails()).hasSize(1));
            assertThat(deployment(up).lifecycleStageAsString()).isEqualTo("POST_TEST_TRAFFIC_SHIFT");
            edge.await("the test listener leads to green", () -> assertThat(page(testPort)).isEqualTo("200 two\n"));
            assertThat(pages(50)).containsOnly("200 one\n");
            assertThat(new Services(up.ecs(), CLUSTER).running()).hasSize(4);

            ServiceDeployment waiting = deployment(up);
            up.ecs().continueServiceDeployment(r -> r.serviceDeploymentArn(waiting.serviceDeploymentArn())
                    .hookId(waiting.lifecycleHookDetails().getFirst().hookId()));
            up.kill();
            assertThat(pages(50)).isSubsetOf("200 one\n", "200 two\n");
            up.start();
            boolean two = false;
            while (!deployment(up).statusAsString().equals("SUCCESSFUL")) {
                for (String page : pages(20)) {
                    assertThat(page).isIn(two ? List.of("200 two\n") : List.of("200 one\n", "200 two\n"));
                    two |= page.equals("200 two\n");
                }
            }
            assertThat(pages(50)).containsOnly("200 two\n");
            new Services(up.ecs(), CLUSTER).assertSteady(NAME);
        }
    }

    @Test
    void aCanaryGetsItsShareAndGivesItBack() throws IOException {
        HttpServer hooks = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hooks.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            byte[] answer = "{\"hookStatus\":\"SUCCEEDED\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        hooks.start();
        String url = "http://127.0.0.1:" + hooks.getAddress().getPort() + "/";
        try (var up = Landfall.up("canary"); var elb = elb(up)) {
            create(up, balancer(up, elb));
            update(up, each -> each.strategy("CANARY").canaryConfiguration(canary -> canary.canaryPercent(50.0)
                    .canaryBakeTimeInMinutes(60)).lifecycleHooks(hook -> hook.hookTargetArn(url)
                    .lifecycleStagesWithStrings("POST_SCALE_UP")));
            up.await("the canary has its share", () -> assertThat(deployment(up).targetServiceRevision()
                    .requestedProductionTrafficWeight()).isEqualTo(50));
            up.await("both revisions answer", () -> assertThat(pages(20)).contains("200 one\n", "200 two\n"));
            // A share of one half strays from 60 to 140 of 200 less often than once in ten million times.
            assertThat(pages(200).stream().filter("200 two\n"::equals).count()).isBetween(60L, 140L);

            String arn = deployment(up).serviceDeploymentArn();
            up.ecs().stopServiceDeployment(r -> r.serviceDeploymentArn(arn).stopType("ROLLBACK"));
            awaitEnd(up, "ROLLBACK_SUCCESSFUL");
            assertThat(pages(100)).containsOnly("200 one\n");
            assertThat(new Services(up.ecs(), CLUSTER).running()).hasSize(2);
        } finally {
            hooks.stop(0);
        }
    }

    @Test
    void aHookThatFailsKeepsTheRevisionFromItsTraffic() {
        try (var up = Landfall.up("refused-revision"); var elb = elb(up)) {
            create(up, balancer(up, elb));
            String nobody = "http://127.0.0.1:" + FreePorts.one() + "/";
            update(up, each -> each.lifecycleHooks(hook -> hook.hookTargetArn(nobody)
                    .lifecycleStagesWithStrings("POST_TEST_TRAFFIC_SHIFT")));
            awaitEnd(up, "ROLLBACK_SUCCESSFUL");
            assertThat(deployment(up).statusReason()).startsWith("Service deployment rolled back because "
                    + "POST_TEST_TRAFFIC_SHIFT lifecycle hook(s) failed. ECS was unable to invoke hook target "
                    + nobody + " due to ");
            assertThat(pages(50)).containsOnly("200 one\n");
            new Services(up.ecs(), CLUSTER).assertSteady(NAME);
        }
    }
}
