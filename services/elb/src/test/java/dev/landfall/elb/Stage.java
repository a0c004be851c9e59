package dev.landfall.elb;

import dev.landfall.state.Image;
import dev.landfall.state.Writer;
import dev.landfall.wire.ApiServer;
import dev.landfall.wire.Call;
import dev.landfall.wire.Exposed;
import dev.landfall.wire.SdkForms;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.elasticloadbalancing.ElasticLoadBalancingClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Certificate;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateTargetGroupRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerAttribute;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RuleCondition;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupTuple;

/**
 * An Elastic Load Balancing of its own, empty and with a clock that tests move, reached in one of two ways. Everything
 * is made through the service's own interface. Used by one thread; ids are counted, so that both ways give the same.
 */
public final class Stage implements AutoCloseable {
    public static final Scope SCOPE = new Scope("123456789012", "eu-central-1");
    public static final String ARN = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:";
    /** The certificates that there are. */
    public static final String CERTIFICATE = "arn:aws:acm:eu-central-1:123456789012:certificate/";
    /** One that is not issued yet. */
    public static final String PENDING = CERTIFICATE + "pending";
    public static final Instant START = Instant.parse("2026-03-04T05:06:07Z");

    private static final Call CALL = new Call("conformance", SCOPE.accountId(), SCOPE.region(), "conformance");

    /** Kept for the run; closing a client leaves it open. */
    private static final SdkHttpClient HTTP = UrlConnectionHttpClient.create();

    /** How the service is reached. */
    public enum Way { IN_PROCESS, OVER_HTTP }

    private final AtomicLong ids = new AtomicLong();
    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final Writer writer;
    private final Elb service;
    private final ElasticLoadBalancingV2Client client;
    private final ElasticLoadBalancingClient classic;
    private final Runnable end;
    private String lastCalled = "";

    private Stage(Way way, Surroundings around) {
        InstantSource clock = now::get;
        writer = new Writer(new MemoryJournal(), ElbTables.ALL, SdkForms.rows(), clock.withZone(ZoneOffset.UTC),
                () -> "%032x".formatted(ids.incrementAndGet()));
        service = new Elb(writer, clock, around);
        if (way == Way.IN_PROCESS) {
            client = watched(ElasticLoadBalancingV2Client.class, service);
            classic = watched(ElasticLoadBalancingClient.class, service.classic());
            end = () -> { };
        } else {
            var server = new ApiServer(ApiServer.Config.on("127.0.0.1", 0),
                    List.of(new Exposed(ElasticLoadBalancingV2Client.class, service),
                            new Exposed(ElasticLoadBalancingClient.class, service.classic())), service.sockets());
            ElasticLoadBalancingV2Client remote = client(server.uri());
            ElasticLoadBalancingClient remoteClassic = classicClient(server.uri());
            client = watched(ElasticLoadBalancingV2Client.class, remote);
            classic = watched(ElasticLoadBalancingClient.class, remoteClassic);
            end = () -> {
                remote.close();
                remoteClassic.close();
                server.close();
                if (server.faults() > 0) {
                    throw new AssertionError("the server counts " + server.faults() + " faults of its own");
                }
            };
        }
    }

    /** A client whose account and region are those of {@link Call#current}, as for a caller in this process. */
    public static ElasticLoadBalancingV2Client client(URI endpoint) {
        return ElasticLoadBalancingV2Client.builder()
                .endpointOverride(endpoint)
                .region(Region.of(SCOPE.region()))
                .credentialsProvider(() -> AwsBasicCredentials.create(Call.current().accountId(), "secret"))
                .overrideConfiguration(options -> options.retryStrategy(retry -> retry.maxAttempts(1)))
                .httpClient(HTTP)
                .build();
    }

    private static ElasticLoadBalancingClient classicClient(URI endpoint) {
        return ElasticLoadBalancingClient.builder()
                .endpointOverride(endpoint)
                .region(Region.of(SCOPE.region()))
                .credentialsProvider(() -> AwsBasicCredentials.create(Call.current().accountId(), "secret"))
                .overrideConfiguration(options -> options.retryStrategy(retry -> retry.maxAttempts(1)))
                .httpClient(HTTP)
                .build();
    }

    @FunctionalInterface
    public interface Act<A> {
        A on(Stage stage) throws Exception;
    }

    /** Certificates by any ARN that begins as {@link #CERTIFICATE} does. */
    private static Surroundings around() {
        return Surroundings.NONE.with(new Certificates() {
            @Override
            public Optional<Certificate> find(String arn, Scope scope) {
                return arn.startsWith(CERTIFICATE) && !arn.equals(PENDING)
                        ? Optional.of(new Certificate("chain of " + arn, "key of " + arn)) : Optional.empty();
            }

            @Override
            public boolean isUnusable(String arn, Scope scope) {
                return arn.equals(PENDING);
            }
        });
    }

    public static <A> A play(Way way, Act<A> act) throws Exception {
        return play(way, around(), act);
    }

    public static <A> A play(Way way, Surroundings around, Act<A> act) throws Exception {
        return Call.as(CALL, () -> {
            try (var stage = new Stage(way, around)) {
                return act.on(stage);
            }
        });
    }

    /** The client under test. */
    public ElasticLoadBalancingV2Client elb() {
        return client;
    }

    /** The client of the API of Classic Load Balancers under test. */
    public ElasticLoadBalancingClient classic() {
        return classic;
    }

    public Elb service() {
        return service;
    }

    /** The name of the action that was asked for last, such as {@code CreateRule}. */
    public String lastCalled() {
        return lastCalled;
    }

    public Image image() {
        return writer.image();
    }

    public Writer writer() {
        return writer;
    }

    /** Moves the service's clock. */
    public Stage later(Duration time) {
        now.updateAndGet(at -> at.plus(time));
        return this;
    }

    /** Runs part of a row as another account or region. */
    public <A> A as(String accountId, String region, Act<A> act) throws Exception {
        return Call.as(new Call("conformance", accountId, region, "conformance"), () -> act.on(this));
    }

    /** Notes what is called, and holds answers to the invariants and refusals to leaving the state as it was. */
    private <C> C watched(Class<C> type, C target) {
        return type.cast(Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        return invoke(target, method, arguments);
                    } finally { // as a request may be built with other calls
                        lastCalled = Character.toUpperCase(method.getName().charAt(0)) + method.getName().substring(1);
                    }
                }));
    }

    private Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        var before = new AtomicReference<Image>(writer.image());
        if (arguments != null && arguments[0] instanceof Consumer<?> fill) {
            arguments[0] = fill.andThen(built -> before.set(writer.image()));
        }
        try {
            Object answer = method.invoke(target, arguments);
            if (before.get().version() != writer.image().version()) {
                Invariants.hold(writer.image());
            }
            return answer;
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof AwsServiceException refusal
                    && !Images.changed(before.get(), writer.image()).isEmpty()) {
                throw new AssertionError("changed by what was refused: " + refusal.getMessage());
            }
            throw e.getCause();
        }
    }

    // ---- What a row may want to be there ----

    public LoadBalancer alb(String name) {
        return elb().createLoadBalancer(request -> request.name(name).subnets("subnet-1", "subnet-2"))
                .loadBalancers().getFirst();
    }

    public String alb() {
        return alb("web").loadBalancerArn();
    }

    public String nlb() {
        return elb().createLoadBalancer(request -> request.name("net").type("network").subnets("subnet-1"))
                .loadBalancers().getFirst().loadBalancerArn();
    }

    public String gateway() {
        return elb().createLoadBalancer(request -> request.name("gate").type("gateway").subnets("subnet-1"))
                .loadBalancers().getFirst().loadBalancerArn();
    }

    /** An HTTP target group of addresses. */
    public String group(String name) {
        return group(request -> request.name(name));
    }

    public String group() {
        return group("targets");
    }

    public String group(Consumer<CreateTargetGroupRequest.Builder> change) {
        return elb().createTargetGroup(request -> {
            request.name("targets").protocol("HTTP").port(80).vpcId("vpc-1").targetType("ip");
            change.accept(request);
        }).targetGroups().getFirst().targetGroupArn();
    }

    /** A new group that a load balancer forwards to from port 79. */
    public String group(String name, String balancer) {
        String group = group(name);
        listener(balancer, 79, group);
        return group;
    }

    /** Gives a load balancer that many more target groups, which the rules of another listener forward to. */
    public void crowd(String balancer, int groups) {
        String listener = elb().createListener(request -> request.loadBalancerArn(balancer).port(7_000)
                .protocol("HTTP").defaultActions(fixed("404"))).listeners().getFirst().listenerArn();
        for (int i = 0; i < groups; i += 5) {
            var crowd = IntStream.range(i, Math.min(groups, i + 5)).mapToObj(n -> TargetGroupTuple.builder()
                    .targetGroupArn(group("crowd" + n)).build()).toList();
            int priority = i + 1;
            elb().createRule(request -> request.listenerArn(listener).priority(priority).conditions(path("/a"))
                    .actions(Action.builder().type(ActionTypeEnum.FORWARD)
                            .forwardConfig(it -> it.targetGroups(crowd)).build()));
        }
    }

    /** Registers that many targets with a group, which is answered. */
    public String fill(String group, int count) {
        elb().registerTargets(request -> request.targetGroupArn(group).targets(IntStream.range(0, count)
                .mapToObj(i -> target("10.0." + i / 250 + '.' + (i % 250 + 1))).toList()));
        return group;
    }

    /** A new group in which one target is registered more often than a load balancer may have it. */
    public String manifold() {
        String group = group("manifold");
        elb().registerTargets(request -> request.targetGroupArn(group).targets(
                IntStream.rangeClosed(1, Quotas.REGISTRATIONS_PER_TARGET + 1)
                        .mapToObj(port -> target("10.0.0.1", port)).toList()));
        return group;
    }

    public String tcpGroup() {
        return tcpGroup("tcp");
    }

    public String tcpGroup(String name) {
        return group(request -> request.name(name).protocol("TCP"));
    }

    /** A listener on port 80 of a new ALB that forwards to a new group. */
    public String listener() {
        return listener(alb(), 80, group());
    }

    public String listener(String balancer, int port, String group) {
        return elb().createListener(request -> request.loadBalancerArn(balancer).port(port).protocol("HTTP")
                .defaultActions(forward(group))).listeners().getFirst().listenerArn();
    }

    public String httpsListener() {
        String balancer = alb();
        String group = group();
        return elb().createListener(request -> request.loadBalancerArn(balancer).port(443).protocol("HTTPS")
                .certificates(certificate("a"))
                .defaultActions(forward(group))).listeners().getFirst().listenerArn();
    }

    public String tcpListener() {
        String balancer = nlb();
        String group = tcpGroup();
        return elb().createListener(request -> request.loadBalancerArn(balancer).port(80).protocol("TCP")
                .defaultActions(forward(group))).listeners().getFirst().listenerArn();
    }

    public String rule(String listener, int priority, String path) {
        return elb().createRule(request -> request.listenerArn(listener).priority(priority).conditions(path(path))
                .actions(fixed("404"))).rules().getFirst().ruleArn();
    }

    /** The default rule of a listener. */
    public String defaultRule(String listener) {
        return elb().describeRules(request -> request.listenerArn(listener)).rules().getLast().ruleArn();
    }

    public void register(String group, String... addresses) {
        for (String address : addresses) {
            elb().registerTargets(request -> request.targetGroupArn(group).targets(target(address)));
        }
    }

    public static TargetDescription target(String id) {
        return TargetDescription.builder().id(id).build();
    }

    public static TargetDescription target(String id, int port) {
        return TargetDescription.builder().id(id).port(port).build();
    }

    /** One of those that there are. */
    public static Certificate certificate(String name) {
        return Certificate.builder().certificateArn(CERTIFICATE + name).build();
    }

    public static LoadBalancerAttribute balancerAttribute(String key, String value) {
        return LoadBalancerAttribute.builder().key(key).value(value).build();
    }

    public static Action forward(String group) {
        return Action.builder().type(ActionTypeEnum.FORWARD).targetGroupArn(group).build();
    }

    public static Action fixed(String status) {
        return Action.builder().type(ActionTypeEnum.FIXED_RESPONSE)
                .fixedResponseConfig(it -> it.statusCode(status)).build();
    }

    public static RuleCondition path(String path) {
        return RuleCondition.builder().field("path-pattern").values(path).build();
    }

    @Override
    public void close() {
        end.run();
        service.close();
        writer.close();
    }
}
