package dev.landfall.app.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.acm.AcmClient;
import software.amazon.awssdk.services.ecs.model.ECSExpressGatewayService;
import software.amazon.awssdk.services.ecs.model.ManagedIngressPath;
import software.amazon.awssdk.services.ecs.model.ManagedTargetGroup;
import software.amazon.awssdk.services.ecs.model.ServiceDeployment;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupAttribute;

/** Express services with real containers, as those see them who reach them by their names over TLS. */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
class ExpressServicesTest {
    private static final String ROLE = "arn:aws:iam::000000000000:role/";
    private static final String CLUSTER = "default";

    @BeforeAll
    static void image() {
        WebImage.ensure();
    }

    private static ElasticLoadBalancingV2Client elb(Landfall landfall) {
        return ElasticLoadBalancingV2Client.builder().endpointOverride(landfall.endpoint()).region(Region.US_EAST_1)
                .credentialsProvider(credentials()).httpClientBuilder(UrlConnectionHttpClient.builder()).build();
    }

    private static AcmClient acm(Landfall landfall) {
        return AcmClient.builder().endpointOverride(landfall.endpoint()).region(Region.US_EAST_1)
                .credentialsProvider(credentials()).httpClientBuilder(UrlConnectionHttpClient.builder()).build();
    }

    private static StaticCredentialsProvider credentials() {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"));
    }

    private static String[] serving(String page) {
        return new String[] {"/bin/sh", "-c", "echo " + page + " > /www/index.html; trap 'exit 0' TERM; "
                + "httpd -p 80 -h /www; sleep 100000 & wait"};
    }

    private static ECSExpressGatewayService create(Landfall up, String name, int tasks) {
        return up.ecs().createExpressGatewayService(request -> request.serviceName(name)
                .executionRoleArn(ROLE + "exec").infrastructureRoleArn(ROLE + "infra").healthCheckPath("/")
                .scalingTarget(target -> target.minTaskCount(tasks))
                .primaryContainer(container -> container.image(WebImage.NAME).command(serving(name)))).service();
    }

    private static ManagedIngressPath ingress(Landfall up, String arn) {
        String revision = up.ecs().describeExpressGatewayService(request -> request.serviceArn(arn)).service()
                .activeConfigurations().getFirst().serviceRevisionArn();
        return up.ecs().describeServiceRevisions(request -> request.serviceRevisionArns(revision)).serviceRevisions()
                .getFirst().ecsManagedResources().ingressPaths().getFirst();
    }

    /** Once its infrastructure is there, has it deploy and drain as fast as it can, as a user may. */
    private static void hasten(Landfall up, ElasticLoadBalancingV2Client elb, String arn) {
        up.await("the rule is there", () ->
                assertThat(ingress(up, arn).rule().statusAsString()).isEqualTo("ACTIVE"));
        for (ManagedTargetGroup group : ingress(up, arn).targetGroups()) {
            elb.modifyTargetGroup(request -> request.targetGroupArn(group.arn()).healthCheckIntervalSeconds(5)
                    .healthCheckTimeoutSeconds(4).healthyThresholdCount(2));
            elb.modifyTargetGroupAttributes(request -> request.targetGroupArn(group.arn())
                    .attributes(TargetGroupAttribute.builder().key("deregistration_delay.timeout_seconds")
                            .value("1").build()));
        }
        up.ecs().updateService(request -> request.service(arn).deploymentConfiguration(deployment -> deployment
                .bakeTimeInMinutes(0).canaryConfiguration(canary -> canary.canaryBakeTimeInMinutes(0))));
    }

    private static ServiceDeployment deployment(Landfall up, String name) {
        String arn = new Services(up.ecs(), CLUSTER).service(name).currentServiceDeployment();
        return up.ecs().describeServiceDeployments(request -> request.serviceDeploymentArns(arn))
                .serviceDeployments().getFirst();
    }

    private static void awaitSuccess(Landfall up, String name) {
        up.await("the deployment of " + name + " succeeds", () ->
                assertThat(deployment(up, name).statusAsString()).as(() -> new Services(up.ecs(), CLUSTER)
                        .service(name).events().toString()).isEqualTo("SUCCESSFUL"));
    }

    private static String page(Landfall up, String host) {
        try (var browser = Browser.secure(host, up.data().resolve("ca.pem"))) {
            return browser.get();
        }
    }

    private static List<String> pages(Landfall up, String host, int requests) {
        return IntStream.range(0, requests).mapToObj(request -> page(up, host)).toList();
    }

    @Test
    void areReachedByNameUpdatedWithoutAFailedRequestAndLeaveNothing() {
        try (var up = Landfall.up("express"); var elb = elb(up); var acm = acm(up)) {
            String shop = create(up, "shop", 2).serviceArn();
            var blog = create(up, "blog", 1);
            for (String arn : List.of(shop, blog.serviceArn())) {
                hasten(up, elb, arn);
            }
            awaitSuccess(up, "shop");
            awaitSuccess(up, "blog");
            String host = ingress(up, shop).endpoint();
            String other = blog.activeConfigurations().getFirst().ingressPaths().getFirst().endpoint();
            up.await("both names answer", () -> {
                assertThat(page(up, host)).isEqualTo("200 shop\n");
                assertThat(page(up, other)).isEqualTo("200 blog\n");
            });
            assertThat(ingress(up, shop).loadBalancer().arn())
                    .isEqualTo(ingress(up, blog.serviceArn()).loadBalancer().arn());
            new Services(up.ecs(), CLUSTER).assertSteady("shop");

            up.ecs().updateExpressGatewayService(request -> request.serviceArn(shop).healthCheckPath("/index.html")
                    .primaryContainer(container -> container.image(WebImage.NAME).command(serving("sale"))));
            var seen = new ArrayList<String>();
            while (!deployment(up, "shop").statusAsString().equals("SUCCESSFUL")) {
                assertThat(deployment(up, "shop").statusAsString()).isIn("PENDING", "IN_PROGRESS", "SUCCESSFUL");
                seen.addAll(pages(up, host, 10));
            }
            assertThat(seen).isNotEmpty().isSubsetOf("200 shop\n", "200 sale\n");
            assertThat(pages(up, host, 20)).containsOnly("200 sale\n");
            assertThat(page(up, other)).isEqualTo("200 blog\n");

            up.kill();
            up.start();
            up.ecs().deleteExpressGatewayService(request -> request.serviceArn(shop));
            awaitGone(up, shop);
            assertThat(elb.describeTargetGroups(request -> { }).targetGroups()).hasSize(2);
            up.await("the other still answers", () -> assertThat(page(up, other)).isEqualTo("200 blog\n"));

            up.ecs().deleteExpressGatewayService(request -> request.serviceArn(blog.serviceArn()));
            awaitGone(up, blog.serviceArn());
            assertThat(elb.describeLoadBalancers(request -> { }).loadBalancers()).isEmpty();
            assertThat(elb.describeTargetGroups(request -> { }).targetGroups()).isEmpty();
            assertThat(acm.listCertificates(request -> { }).certificateSummaryList()).isEmpty();
            up.await("no container runs", () -> assertThat(up.footprint().running()).isEmpty());
        }
    }

    private static void awaitGone(Landfall up, String arn) {
        up.await("the service is gone", () -> assertThat(up.ecs().describeExpressGatewayService(request ->
                request.serviceArn(arn)).service().status().statusCodeAsString()).isEqualTo("INACTIVE"));
    }
}
