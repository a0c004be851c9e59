package dev.landfall.app.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.protocol.edge.Balancer;
import dev.landfall.protocol.edge.EdgeJson;
import dev.landfall.protocol.edge.EdgeSnapshot;
import dev.landfall.testkit.FreePorts;
import dev.landfall.testkit.load.BackendImage;
import dev.landfall.testkit.load.Door;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.acm.AcmClient;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.DeploymentStrategy;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RuleCondition;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupAttribute;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupTuple;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;

/**
 * Two services of {@code testkit}'s backend whose load balancers are carried by a process of their own: {@code shop}
 * is behind an ALB's default rule and an NLB, {@code desk} behind the ALB's rules for a path and for a host. Two more
 * are opened for the first test that wants them: {@code kiosk}, which shifts its traffic between two revisions, behind
 * both load balancers, and {@code stall}, whose tasks have ports of the machine. For the test's thread only.
 */
@SuppressWarnings("unchecked") // the SDK takes several consumers as a generic array
final class Market implements AutoCloseable {
    static final String CLUSTER = "market";
    static final int SHOPS = 4;
    static final int DESKS = 2;
    /** A revision of the shop that ends at once. */
    static final int BAD = 3;
    static final int KIOSKS = 3;
    static final int STALLS = 3;
    static final String STALL_PATH = "/stall";
    static final String KIOSK_PATH = "/kiosk";
    static final String DESK_PATH = "/desk";
    static final String DESK_HOST = "desk.example.com";
    /** Longer than any request of the load but for sessions, so that none may fail; short, for the test's sake. */
    static final Duration DEREGISTRATION_DELAY = Duration.ofSeconds(5);

    private static final String CONTAINER = "app";

    private final Landfall up;
    private final Landfall edge;
    private final ElasticLoadBalancingV2Client elb;
    private final Services services;
    private final String image;
    private final int httpPort = FreePorts.one();
    private final int securePort = FreePorts.one();
    private final int linesPort = FreePorts.one();
    private final int kioskPort = FreePorts.one();
    private String listener = "";
    private String secureListener = "";
    private boolean kioskIsOpen;
    private Optional<Landfall> machine = Optional.empty();
    private String shopPages = "";
    private String shopLines = "";

    private Market(String name) {
        image = BackendImage.ensure();
        up = Landfall.upWithoutEdge(name);
        try {
            edge = Landfall.edge(name + "-edge", up);
        } catch (RuntimeException | AssertionError e) {
            up.close();
            throw e;
        }
        elb = ElasticLoadBalancingV2Client.builder()
                .endpointOverride(up.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
        services = new Services(up.ecs(), CLUSTER);
    }

    /** Everything runs and is healthy. */
    static Market open(String name) {
        var market = new Market(name);
        try {
            market.furnish();
            return market;
        } catch (RuntimeException | AssertionError e) {
            market.close();
            throw e;
        }
    }

    private void furnish() {
        up.ecs().createCluster(r -> r.clusterName(CLUSTER));
        for (int revision = 1; revision <= 2; revision++) {
            register("shop", revision, BackendImage.command());
        }
        register("shop", BAD, List.of("/jre/bin/java", "-version"));
        register("desk", 1, BackendImage.command());
        shopPages = group("shop", ProtocolEnum.HTTP, BackendImage.httpPort());
        shopLines = group("shop-lines", ProtocolEnum.TCP, BackendImage.linesPort());
        String desk = group("desk", ProtocolEnum.HTTP, BackendImage.httpPort());
        listener = listener("front", "application", ProtocolEnum.HTTP, httpPort, shopPages);
        listener("lines", "network", ProtocolEnum.TCP, linesPort, shopLines);
        secureListener = secureListener();
        rule(10, path(DESK_PATH), forward(desk));
        rule(20, RuleCondition.builder().field("host-header").values(DESK_HOST).build(), forward(desk));
        service("shop", SHOPS, List.of(behind(shopPages, BackendImage.httpPort()),
                behind(shopLines, BackendImage.linesPort())));
        service("desk", DESKS, List.of(behind(desk, BackendImage.httpPort())));
        up.await("all is healthy", () -> {
            assertSettled("shop", SHOPS);
            assertSettled("desk", DESKS);
            assertHealthy(desk, DESKS);
            assertThat(balancers()).flatExtracting(Balancer::listeners).hasSize(3);
        });
    }

    private ContainerDefinition.Builder container(String service, int revision) {
        return ContainerDefinition.builder().name(CONTAINER).image(image).essential(true)
                .command(BackendImage.command())
                .environment(e -> e.name("SERVICE").value(service),
                        e -> e.name("REVISION").value(String.valueOf(revision)))
                .portMappings(p -> p.containerPort(BackendImage.httpPort()),
                        p -> p.containerPort(BackendImage.linesPort()));
    }

    private void register(String service, int revision, List<String> command) {
        up.ecs().registerTaskDefinition(r -> r.family(service).requiresCompatibilitiesWithStrings("FARGATE")
                .networkMode(NetworkMode.AWSVPC).cpu("256").memory("512")
                .containerDefinitions(container(service, revision).command(command).build()));
    }

    private String group(String name, ProtocolEnum protocol, int port) {
        return group(name, TargetTypeEnum.IP, protocol, port);
    }

    private String group(String name, TargetTypeEnum type, ProtocolEnum protocol, int port) {
        String arn = elb.createTargetGroup(r -> r.name(name).protocol(protocol).port(port).vpcId("vpc-12345")
                .targetType(type).healthCheckIntervalSeconds(5).healthCheckTimeoutSeconds(4)
                .healthyThresholdCount(2)).targetGroups().getFirst().targetGroupArn();
        elb.modifyTargetGroupAttributes(r -> r.targetGroupArn(arn).attributes(TargetGroupAttribute.builder()
                .key("deregistration_delay.timeout_seconds")
                .value(String.valueOf(DEREGISTRATION_DELAY.toSeconds())).build()));
        return arn;
    }

    private static Action forward(String group) {
        return Action.builder().type("forward").targetGroupArn(group).build();
    }

    private static Action forward(String blue, String green) {
        return Action.builder().type("forward").forwardConfig(forward -> forward.targetGroups(
                TargetGroupTuple.builder().targetGroupArn(blue).weight(100).build(),
                TargetGroupTuple.builder().targetGroupArn(green).weight(0).build())).build();
    }

    private static RuleCondition path(String path) {
        return RuleCondition.builder().field("path-pattern").values(path + "/*").build();
    }

    private String listener(String name, String type, ProtocolEnum protocol, int port, String group) {
        String balancer = elb.createLoadBalancer(r -> r.name(name).type(type).subnets("subnet-12345", "subnet-67890"))
                .loadBalancers().getFirst().loadBalancerArn();
        return elb.createListener(r -> r.loadBalancerArn(balancer).port(port).protocol(protocol)
                .defaultActions(forward(group))).listeners().getFirst().listenerArn();
    }

    /** The front's for HTTPS, and so for HTTP/2; its ARN. */
    private String secureListener() {
        var front = elb.describeLoadBalancers(r -> r.names("front")).loadBalancers().getFirst();
        try (var acm = AcmClient.builder()
                .endpointOverride(up.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build()) {
            String certificate = acm.requestCertificate(r -> r.domainName(front.dnsName()).validationMethod("DNS"))
                    .certificateArn();
            acm.waiter().waitUntilCertificateValidated(r -> r.certificateArn(certificate), Waiting::often);
            return elb.createListener(r -> r.loadBalancerArn(front.loadBalancerArn()).port(securePort)
                    .protocol(ProtocolEnum.HTTPS).certificates(c -> c.certificateArn(certificate))
                    .defaultActions(forward(shopPages))).listeners().getFirst().listenerArn();
        }
    }

    private String rule(int priority, RuleCondition condition, Action action) {
        return rule(listener, priority, condition, action);
    }

    private String rule(String of, int priority, RuleCondition condition, Action action) {
        return elb.createRule(r -> r.listenerArn(of).priority(priority).conditions(condition).actions(action))
                .rules().getFirst().ruleArn();
    }

    /**
     * The revision of a third service, of which two run beside each other while traffic is shifted between them, of
     * HTTP, HTTPS and TCP.
     */
    int kiosk() {
        if (!kioskIsOpen) {
            openKiosk();
            kioskIsOpen = true;
        }
        return revision("kiosk");
    }

    private void openKiosk() {
        register("kiosk", 1, BackendImage.command());
        register("kiosk", 2, BackendImage.command());
        int pages = BackendImage.httpPort();
        var balancers = List.of(
                shifting("kiosk", ProtocolEnum.HTTP, pages, (blue, green) ->
                        rule(30, path(KIOSK_PATH), forward(blue, green))),
                shifting("kiosk-secure", ProtocolEnum.HTTP, pages, (blue, green) ->
                        rule(secureListener, 30, path(KIOSK_PATH), forward(blue, green))),
                shifting("kiosk-lines", ProtocolEnum.TCP, BackendImage.linesPort(), this::kioskListener));
        up.ecs().createService(r -> r.cluster(CLUSTER).serviceName("kiosk").taskDefinition("kiosk:1")
                .desiredCount(KIOSKS).launchType(LaunchType.FARGATE).loadBalancers(balancers)
                .deploymentConfiguration(d -> d.strategy(DeploymentStrategy.BLUE_GREEN).bakeTimeInMinutes(0)));
        awaitKiosk(1);
    }

    /** @param production makes what shifts traffic between two target groups; its ARN */
    private LoadBalancer shifting(String name, ProtocolEnum protocol, int port, BinaryOperator<String> production) {
        String blue = group(name + "-blue", protocol, port);
        String green = group(name + "-green", protocol, port);
        String rule = production.apply(blue, green);
        return behind(blue, port).toBuilder().advancedConfiguration(advanced -> advanced
                .alternateTargetGroupArn(green).productionListenerRule(rule)
                .roleArn("arn:aws:iam::000000000000:role/ecsInfrastructureRole")).build();
    }

    private String kioskListener(String blue, String green) {
        String lines = elb.describeLoadBalancers(r -> r.names("lines")).loadBalancers().getFirst().loadBalancerArn();
        return elb.createListener(r -> r.loadBalancerArn(lines).port(kioskPort).protocol(ProtocolEnum.TCP)
                .defaultActions(forward(blue, green))).listeners().getFirst().listenerArn();
    }

    /** A service whose tasks share a machine, each with a port of it that the engine has found. */
    void openStall() {
        machine = Optional.of(Landfall.agent("market-machine", up, "--cluster", CLUSTER));
        for (int revision = 1; revision <= 2; revision++) {
            ContainerDefinition container = container("stall", revision).cpu(128).memory(256).build();
            up.ecs().registerTaskDefinition(r -> r.family("stall").networkMode(NetworkMode.BRIDGE)
                    .containerDefinitions(container));
        }
        String group = group("stall", TargetTypeEnum.INSTANCE, ProtocolEnum.HTTP, BackendImage.httpPort());
        rule(40, path(STALL_PATH), forward(group));
        up.ecs().createService(r -> r.cluster(CLUSTER).serviceName("stall").taskDefinition("stall:1")
                .desiredCount(STALLS).launchType(LaunchType.EC2)
                .loadBalancers(behind(group, BackendImage.httpPort())));
        awaitStall(1);
    }

    /** All of the stall's tasks run that revision. */
    void awaitStall(int revision) {
        up.await("the stall runs revision " + revision, () -> {
            assertSettled("stall", STALLS);
            assertThat(services.service("stall").taskDefinition()).endsWith("stall:" + revision);
        });
    }

    Door stallDoor() {
        return shop().under(STALL_PATH, "stall");
    }

    /** All of the kiosk's tasks run that revision. */
    void awaitKiosk(int revision) {
        up.await("the kiosk runs revision " + revision, () -> {
            assertSettled("kiosk", KIOSKS);
            assertThat(services.service("kiosk").taskDefinition()).endsWith("kiosk:" + revision);
        });
    }

    private static LoadBalancer behind(String group, int port) {
        return LoadBalancer.builder().targetGroupArn(group).containerName(CONTAINER).containerPort(port).build();
    }

    private void service(String name, int desired, List<LoadBalancer> balancers) {
        up.ecs().createService(r -> r.cluster(CLUSTER).serviceName(name).taskDefinition(name + ":1")
                .desiredCount(desired).launchType(LaunchType.FARGATE).loadBalancers(balancers)
                .healthCheckGracePeriodSeconds(60));
    }

    Landfall up() {
        return up;
    }

    Services services() {
        return services;
    }

    /** What the data plane has on its disk. */
    private List<Balancer> balancers() {
        try {
            return EdgeJson.read(Files.readAllBytes(edge.data().resolve("snapshot.json")), EdgeSnapshot.class)
                    .balancers();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Balancer balancer(String name) {
        return balancers().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
    }

    /** The ALB by its name, as browsers find it. */
    Door shop() {
        return Door.at("127.0.0.1", httpPort, balancer("front").dnsName(), "shop");
    }

    /** The same over TLS, by its address. */
    Door secureShop() {
        return Door.at(balancer("front").addresses().getFirst().address(), securePort, "", "shop");
    }

    Door kioskDoor() {
        return shop().under(KIOSK_PATH, "kiosk");
    }

    Door secureKioskDoor() {
        return secureShop().under(KIOSK_PATH, "kiosk");
    }

    Door kioskLines() {
        return Door.at(balancer("lines").addresses().getFirst().address(), kioskPort, "", "kiosk");
    }

    /** The ALB by its address, which any host may be asked of. */
    Door desk() {
        return Door.at(balancer("front").addresses().getFirst().address(), httpPort, DESK_HOST, "desk");
    }

    /** The NLB. */
    Door lines() {
        return Door.at(balancer("lines").addresses().getFirst().address(), linesPort, "", "shop");
    }

    /** As many tasks as that run and are healthy, in every target group, and those before them are gone. */
    void assertSettled(String service, int desired) {
        services.assertSteady(service);
        assertThat(services.service(service).runningCount()).isEqualTo(desired);
        assertThat(services.tasks(DesiredStatus.STOPPED)).filteredOn(task -> of(service, task))
                .allSatisfy(task -> assertThat(task.lastStatus()).isEqualTo("STOPPED"));
        if (service.equals("shop")) {
            assertHealthy(shopPages, desired);
            assertHealthy(shopLines, desired);
        }
    }

    private void assertHealthy(String group, int count) {
        assertThat(elb.describeTargetHealth(r -> r.targetGroupArn(group)).targetHealthDescriptions())
                .hasSize(count).allSatisfy(target ->
                        assertThat(target.targetHealth().state()).isEqualTo(TargetHealthStateEnum.HEALTHY));
    }

    /** Whether the shop's pages are asked of {@code task}. */
    boolean isTarget(Task task) {
        String address = Services.address(task);
        return elb.describeTargetHealth(r -> r.targetGroupArn(shopPages)).targetHealthDescriptions().stream()
                .anyMatch(each -> each.target().id().equals(address)
                        && each.targetHealth().state() != TargetHealthStateEnum.DRAINING);
    }

    private static boolean of(String service, Task task) {
        return task.group().equals("service:" + service);
    }

    /** The shop's tasks that are to run. */
    List<Task> shops() {
        return services.tasks(DesiredStatus.RUNNING).stream().filter(task -> of("shop", task)).toList();
    }

    /** How many of them are of that revision. */
    long shops(int revision) {
        return shops().stream().filter(task -> task.taskDefinitionArn().endsWith("shop:" + revision)).count();
    }

    /** The revision that the shop is to run. */
    int revision() {
        return revision("shop");
    }

    private int revision(String service) {
        String arn = services.service(service).taskDefinition();
        return Integer.parseInt(arn.substring(arn.lastIndexOf(':') + 1));
    }

    /** The one of the two that {@code revision} is not. */
    static int other(int revision) {
        return 3 - revision;
    }

    void awaitSettled(int shops) {
        up.await(shops + " shops, and none besides", () -> assertSettled("shop", shops));
    }

    @Override
    public void close() {
        elb.close();
        machine.ifPresent(Landfall::close);
        edge.close();
        up.close();
    }
}
