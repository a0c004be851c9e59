package dev.landfall.elb.conformance;

import static dev.landfall.elb.conformance.Row.refuses;
import static dev.landfall.elb.conformance.Row.works;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Quotas;
import dev.landfall.elb.Stage;
import dev.landfall.elb.targetgroup.TargetGroupRow;
import dev.landfall.state.Decision;
import dev.landfall.state.Write;
import dev.landfall.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateTargetGroupRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateTargetGroupResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetHealthResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Tag;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;

class TargetGroupConformanceTest {
    private static final String VALIDATION = "ValidationError";
    private static final String CONFIGURATION = "InvalidConfigurationRequest";
    private static final String NO_GROUP = Stage.ARN + "targetgroup/gone/0123456789abcdef";

    static List<Row> rows() {
        return Stream.of(createTargetGroup(), createTargetGroupRefusals(), describeTargetGroups(), modifyTargetGroup(),
                deleteTargetGroup(), registerTargets(), registerTargetsRefusals(), deregisterTargets(), targetHealth())
                .flatMap(List::stream).toList();
    }

    static Stream<Arguments> arguments() {
        return Row.arguments(rows());
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void holds(Row row) throws Exception {
        row.holds();
    }

    private static CreateTargetGroupResponse create(Stage on, Consumer<CreateTargetGroupRequest.Builder> change) {
        return on.elb().createTargetGroup(request -> {
            request.name("targets").protocol("HTTP").port(80).vpcId("vpc-1");
            change.accept(request);
        });
    }

    private static Row refused(String name, String code, String message,
            Consumer<CreateTargetGroupRequest.Builder> change) {
        return refuses("CreateTargetGroup", name, code, message, on -> create(on, change));
    }

    /** Protocol, path, port, interval, timeout, thresholds and matcher. */
    private static String check(TargetGroup group) {
        String codes = group.matcher() == null ? "none"
                : group.matcher().httpCode() == null ? group.matcher().grpcCode() : group.matcher().httpCode();
        return String.join(" ", group.healthCheckProtocolAsString(), String.valueOf(group.healthCheckPath()),
                group.healthCheckPort(), group.healthCheckIntervalSeconds().toString(),
                group.healthCheckTimeoutSeconds().toString(), group.healthyThresholdCount().toString(),
                group.unhealthyThresholdCount().toString(), codes);
    }

    private static Row defaults(String name, String expected, Consumer<CreateTargetGroupRequest.Builder> change) {
        return works("CreateTargetGroup", "checks the health of " + name, on -> create(on, change),
                answer -> assertThat(check(answer.targetGroups().getFirst())).isEqualTo(expected));
    }

    private static List<Row> createTargetGroup() {
        String action = "CreateTargetGroup";
        return List.of(
                works(action, "shows the defaults", on -> create(on, request -> { }), answer -> {
                    TargetGroup made = answer.targetGroups().getFirst();
                    assertThat(made.targetGroupArn()).isEqualTo(Stage.ARN + "targetgroup/targets/0000000000000001");
                    assertThat(made.targetTypeAsString()).isEqualTo("instance");
                    assertThat(made.protocolVersion()).isEqualTo("HTTP1");
                    assertThat(made.ipAddressTypeAsString()).isEqualTo("ipv4");
                    assertThat(made.healthCheckEnabled()).isTrue();
                    assertThat(made.loadBalancerArns()).isEmpty();
                }),
                defaults("HTTP groups", "HTTP / traffic-port 30 5 5 2 200", request -> { }),
                defaults("HTTPS groups over HTTP", "HTTP / traffic-port 30 5 5 2 200",
                        request -> request.protocol("HTTPS")),
                defaults("gRPC groups", "HTTP /AWS.ALB/healthcheck traffic-port 30 5 5 2 12",
                        request -> request.protocolVersion("GRPC")),
                defaults("TCP groups", "TCP null traffic-port 30 10 5 2 none", request -> request.protocol("TCP")),
                defaults("UDP groups over HTTP", "HTTP / traffic-port 30 6 5 2 200-399",
                        request -> request.protocol("UDP").healthCheckProtocol("HTTP")),
                defaults("GENEVE groups", "TCP null 80 10 5 5 2 none",
                        request -> request.protocol("GENEVE").port(6081)),
                defaults("groups of load balancers", "HTTP / traffic-port 30 6 5 2 200-399",
                        request -> request.protocol("TCP").targetType("alb")),
                defaults("a group as it is told", "HTTPS /health?full=1 8443 15 14 3 4 200-204,301",
                        request -> request.healthCheckProtocol("HTTPS").healthCheckPath("/health?full=1")
                                .healthCheckPort("8443").healthCheckIntervalSeconds(15).healthCheckTimeoutSeconds(14)
                                .healthyThresholdCount(3).unhealthyThresholdCount(4)
                                .matcher(it -> it.httpCode("200-204,301"))),
                works(action, "repeated with the same settings answers the one that is there", on -> {
                    create(on, request -> { });
                    return create(on, request -> request.healthCheckPath("/"));
                }, answer -> assertThat(answer.targetGroups().getFirst().targetGroupArn()).endsWith("1")));
    }

    private static List<Row> createTargetGroupRefusals() {
        String action = "CreateTargetGroup";
        return List.of(
                refused("a name of 33 characters", VALIDATION, "Target group name '" + "a".repeat(33)
                        + "' cannot be longer than '32' characters", request -> request.name("a".repeat(33))),
                refused("a name with a dot", VALIDATION, "Target group name 'a.b' can only contain characters that are "
                        + "alphanumeric characters or hyphens(-)", request -> request.name("a.b")),
                refused("a name that begins with a hyphen", VALIDATION,
                        "Target group name '-a' cannot begin or end with '-'", request -> request.name("-a")),
                refused("no protocol", VALIDATION, "A target group of type 'instance' must have a protocol and a port",
                        request -> request.protocol((String) null)),
                refused("no port", VALIDATION, "A target group of type 'instance' must have a protocol and a port",
                        request -> request.port(null)),
                refused("no VPC", VALIDATION, "A VPC ID must be specified", request -> request.vpcId(null)),
                refused("what is no VPC", VALIDATION, "The VPC ID 'x' is not found", request -> request.vpcId("x")),
                refused("several at once", VALIDATION, "2 validation errors detected: Value '0' at 'port' failed to "
                        + "satisfy constraint: Member must have value greater than or equal to 1; Value 'x' at "
                        + "'protocol' failed to satisfy constraint: Member must satisfy enum value set: [HTTP, "
                        + "HTTPS, TCP, TLS, UDP, "
                        + "TCP_UDP, GENEVE, QUIC, TCP_QUIC]", request -> request.port(0).protocol("x")),
                refused("a timeout above the interval", VALIDATION,
                        "Health check timeout '20' must be smaller than the interval '10'",
                        request -> request.healthCheckIntervalSeconds(10).healthCheckTimeoutSeconds(20)),
                refused("a timeout above the interval for TCP", VALIDATION,
                        "Health check timeout '20' must be smaller than or equal to the interval '10'", request ->
                                request
                                .protocol("TCP").healthCheckIntervalSeconds(10).healthCheckTimeoutSeconds(20)),
                refused("TCP checks of HTTP", VALIDATION, "Health check protocol 'TCP' must be one of 'HTTP, HTTPS'",
                        request -> request.healthCheckProtocol("TCP")),
                refused("codes of 5xx for HTTP", VALIDATION, "Health check matcher HTTP code '200-599' must be within "
                        + "'200-499'", request -> request.matcher(it -> it.httpCode("200-599"))),
                refused("no checks", CONFIGURATION, "Health check enabled must be true for target groups with "
                        + "target type 'instance'", request -> request.healthCheckEnabled(false)),
                refused("Lambda, of which there is none", CONFIGURATION, "The target type 'lambda' is not supported",
                        request -> request.targetType("lambda")),
                refused("51 tags", "TooManyTags", "You've reached the limit on the number of tags for this resource.",
                        request -> request.tags(IntStream.range(0, 51).mapToObj(i -> Tag.builder().key("k" + i)
                                .value("").build()).toList())),
                refuses(action, "the name of one with other settings", "DuplicateTargetGroupName",
                        "A target group with the same name 'targets' exists, but with different settings", on -> {
                            create(on, request -> { });
                            return create(on, request -> request.port(81));
                        }),
                refuses(action, "one more than the quota", "TooManyTargetGroups", "You've reached the limit on the "
                        + "number of target groups for your Amazon Web Services account.", on -> {
                            String first = on.group("first");
                            TargetGroupRow row = on.image().get(ElbTables.TARGET_GROUPS, first).orElseThrow();
                            on.writer().submit((image, context) -> new Decision<>("", IntStream.range(1,
                                    Quotas.TARGET_GROUPS).<Write<?>>mapToObj(i -> Write.put(ElbTables.TARGET_GROUPS,
                                    row.with(row.group().toBuilder().targetGroupName("g" + i)
                                            .targetGroupArn(Stage.ARN + "targetgroup/g" + i + "/0123456789abcdef")
                                            .build()))).toList(), List.of()));
                            return create(on, request -> { });
                        }));
    }

    private static List<Row> describeTargetGroups() {
        String action = "DescribeTargetGroups";
        return List.of(
                works(action, "shows all by their names, page by page", on -> {
                    on.group("b");
                    on.group("a");
                    on.group("c");
                    var first = on.elb().describeTargetGroups(request -> request.pageSize(2));
                    assertThat(first.targetGroups()).extracting(TargetGroup::targetGroupName)
                            .containsExactly("a", "b");
                    return on.elb().describeTargetGroups(request -> request.pageSize(2).marker(first.nextMarker()));
                }, answer -> assertThat(answer.targetGroups()).extracting(TargetGroup::targetGroupName)
                        .containsExactly("c")),
                works(action, "shows those of a load balancer, which they name", on -> {
                    on.group("unused");
                    on.listener();
                    String balancer = on.alb();
                    return on.elb().describeTargetGroups(request -> request.loadBalancerArn(balancer));
                }, answer -> assertThat(answer.targetGroups()).singleElement().satisfies(group ->
                        assertThat(group.loadBalancerArns())
                                .containsExactly(Stage.ARN + "loadbalancer/app/web/0000000000000002"))),
                works(action, "shows those that are named", on -> {
                    on.group("a");
                    on.group("b");
                    return on.elb().describeTargetGroups(request -> request.names("b"));
                }, answer -> assertThat(answer.targetGroups()).extracting(TargetGroup::targetGroupName)
                        .containsExactly("b")),
                refuses(action, "names and ARNs", VALIDATION, "Target group names, target group ARNs, and a load "
                        + "balancer "
                        + "ARN cannot be specified at the same time", on -> on.elb().describeTargetGroups(request ->
                                request.names("a").targetGroupArns(NO_GROUP))),
                refuses(action, "one that is gone", "TargetGroupNotFound", "One or more target groups not found",
                        on -> on.elb().describeTargetGroups(request -> request.targetGroupArns(NO_GROUP))),
                refuses(action, "what is no ARN", VALIDATION, "'a' is not a valid target group ARN",
                        on -> on.elb().describeTargetGroups(request -> request.targetGroupArns("a"))),
                refuses(action, "a load balancer that is gone", "LoadBalancerNotFound", "Load balancer '" + Stage.ARN
                        + "loadbalancer/app/gone/0123456789abcdef' not found", on -> on.elb().describeTargetGroups(
                                request -> request.loadBalancerArn(Stage.ARN
                                        + "loadbalancer/app/gone/0123456789abcdef"))));
    }

    private static List<Row> modifyTargetGroup() {
        String action = "ModifyTargetGroup";
        return List.of(
                works(action, "changes what it is told", on -> {
                    String group = on.group();
                    return on.elb().modifyTargetGroup(request -> request.targetGroupArn(group).healthCheckPath("/up")
                            .healthCheckIntervalSeconds(6).matcher(it -> it.httpCode("204")));
                }, answer -> assertThat(check(answer.targetGroups().getFirst()))
                        .isEqualTo("HTTP /up traffic-port 6 5 5 2 204")),
                works(action, "to TCP checks drops path and codes", on -> {
                    String group = on.group(request -> request.name("tcp").protocol("TCP").healthCheckProtocol("HTTP"));
                    return on.elb().modifyTargetGroup(request -> request.targetGroupArn(group)
                            .healthCheckProtocol("TCP"));
                }, answer -> assertThat(check(answer.targetGroups().getFirst()))
                        .isEqualTo("TCP null traffic-port 30 6 5 2 none")),
                refuses(action, "no checks", CONFIGURATION, "Health check enabled must be true for target groups with "
                        + "target type 'ip'", on -> {
                            String group = on.group();
                            return on.elb().modifyTargetGroup(request -> request.targetGroupArn(group)
                                    .healthCheckEnabled(false));
                        }),
                refuses(action, "one that is gone", "TargetGroupNotFound", "Target group '" + NO_GROUP + "' not found",
                        on -> on.elb().modifyTargetGroup(request -> request.targetGroupArn(NO_GROUP))));
    }

    private static List<Row> deleteTargetGroup() {
        String action = "DeleteTargetGroup";
        return List.of(
                works(action, "takes registrations with it", on -> {
                    String group = on.group();
                    on.register(group, "10.0.0.1");
                    var answer = on.elb().deleteTargetGroup(request -> request.targetGroupArn(group));
                    assertThat(on.image().all(ElbTables.TARGETS)).isEmpty();
                    return answer;
                }, answer -> { }),
                works(action, "answers for one that is gone",
                        on -> on.elb().deleteTargetGroup(request -> request.targetGroupArn(NO_GROUP)), answer -> { }),
                refuses(action, "one that a listener forwards to", "ResourceInUse", "Target group '" + Stage.ARN
                        + "targetgroup/targets/0000000000000002' is currently in use by a listener or a rule", on -> {
                            on.listener();
                            String group = on.group();
                            return on.elb().deleteTargetGroup(request -> request.targetGroupArn(group));
                        }));
    }

    private static List<Row> registerTargets() {
        String action = "RegisterTargets";
        return List.of(
                works(action, "registers each once, with the group's port or its own", on -> {
                    String group = on.group();
                    on.register(group, "10.0.0.1");
                    var answer = on.elb().registerTargets(request -> request.targetGroupArn(group).targets(
                            Stage.target("10.0.0.1", 80), Stage.target("10.0.0.1", 81), Stage.target("10.0.0.2")));
                    assertThat(on.elb().describeTargetHealth(request -> request.targetGroupArn(group))
                            .targetHealthDescriptions()).extracting(each -> each.target().id() + ':'
                                    + each.target().port())
                            .containsExactly("10.0.0.1:80", "10.0.0.1:81", "10.0.0.2:80");
                    on.elb().registerTargets(request -> request.targetGroupArn(group)
                            .targets(Stage.target("10.0.0.2")));
                    return answer;
                }, answer -> { }),
                works(action, "takes instances", on -> {
                    String group = on.group(request -> request.targetType("instance"));
                    return on.elb().registerTargets(request -> request.targetGroupArn(group)
                            .targets(Stage.target("i-0123456789abcdef0", 32768)));
                }, answer -> { }),
                works(action, "takes an ALB that listens on the port", on -> {
                    on.listener();
                    String balancer = on.alb();
                    String group = on.group(request -> request.name("albs").protocol("TCP").targetType("alb"));
                    return on.elb().registerTargets(request -> request.targetGroupArn(group)
                            .targets(Stage.target(balancer)));
                }, answer -> { }),
                works(action, "takes back one that drains", on -> {
                    on.listener();
                    String group = on.group();
                    on.register(group, "10.0.0.1");
                    on.elb().deregisterTargets(request -> request.targetGroupArn(group)
                            .targets(Stage.target("10.0.0.1")));
                    var answer = on.elb().registerTargets(request -> request.targetGroupArn(group)
                            .targets(Stage.target("10.0.0.1")));
                    assertThat(on.image().all(ElbTables.TARGETS)).singleElement().satisfies(target ->
                            assertThat(target.draining()).isFalse());
                    return answer;
                }, answer -> { }));
    }

    private static Row registrationRefused(String name, String code, String message, TargetDescription target) {
        return refuses("RegisterTargets", name, code, message, on -> {
            String group = on.group();
            return on.elb().registerTargets(request -> request.targetGroupArn(group).targets(target));
        });
    }

    private static List<Row> registerTargetsRefusals() {
        String action = "RegisterTargets";
        return List.of(
                registrationRefused("a name for an address", VALIDATION,
                        "The IP address 'localhost' is not a valid IPv4 address", Stage.target("localhost")),
                registrationRefused("a public address", "InvalidTarget",
                        "The IP address '8.8.8.8' is not in a permitted range", Stage.target("8.8.8.8")),
                registrationRefused("port 0", VALIDATION, "1 validation error detected: Value '0' at "
                        + "'targets.1.member.port' failed to satisfy constraint: Member must have value greater "
                        + "than or equal to 1", Stage.target("10.0.0.1", 0)),
                refuses(action, "an address for an instance", VALIDATION, "Instance ID '10.0.0.1' is not valid", on -> {
                    String group = on.group(request -> request.targetType("instance"));
                    return on.elb().registerTargets(request -> request.targetGroupArn(group)
                            .targets(Stage.target("10.0.0.1")));
                }),
                refuses(action, "a group that is gone", "TargetGroupNotFound", "Target group '" + NO_GROUP
                        + "' not found", on -> on.elb().registerTargets(request -> request.targetGroupArn(NO_GROUP)
                                .targets(Stage.target("10.0.0.1")))),
                refuses(action, "nothing", VALIDATION, "1 validation error detected: Value null at 'targets' failed to "
                        + "satisfy constraint: Member must not be null", on -> {
                            String group = on.group();
                            return on.elb().registerTargets(request -> request.targetGroupArn(group));
                        }),
                refuses(action, "one more than a group may have", "TooManyTargets",
                        "You've reached the limit on the number of targets.", on -> {
                            String group = on.fill(on.group(), Quotas.TARGETS_PER_TARGET_GROUP);
                            return on.elb().registerTargets(request -> request.targetGroupArn(group)
                                    .targets(Stage.target("10.9.9.9")));
                        }),
                refuses(action, "one id 101 times", "TooManyRegistrationsForTargetId", "You've reached the limit on "
                        + "the number of times a target can be registered with a load balancer.", on -> {
                            on.listener();
                            String group = on.group();
                            return on.elb().registerTargets(request -> request.targetGroupArn(group)
                                    .targets(IntStream.rangeClosed(1, Quotas.REGISTRATIONS_PER_TARGET + 1)
                                            .mapToObj(port -> Stage.target("10.0.0.1", port)).toList()));
                        }));
    }

    private static List<Row> deregisterTargets() {
        String action = "DeregisterTargets";
        return List.of(
                works(action, "lets targets of a used group drain for its delay", on -> {
                    on.listener();
                    String group = on.group();
                    on.register(group, "10.0.0.1");
                    var answer = on.elb().deregisterTargets(request -> request.targetGroupArn(group)
                            .targets(Stage.target("10.0.0.1")));
                    Await.until("all data planes, of which there is none, know of it", Duration.ofSeconds(20), () ->
                            on.image().all(ElbTables.TARGETS).iterator().next().drainingUntil()
                                    .equals(Stage.START.plus(Duration.ofMinutes(5))));
                    return answer;
                }, answer -> { }),
                works(action, "forgets targets of an unused group at once, and those that are not there", on -> {
                    String group = on.group();
                    on.register(group, "10.0.0.1");
                    var answer = on.elb().deregisterTargets(request -> request.targetGroupArn(group)
                            .targets(Stage.target("10.0.0.1"), Stage.target("10.0.0.9")));
                    assertThat(on.image().all(ElbTables.TARGETS)).isEmpty();
                    return answer;
                }, answer -> { }),
                refuses(action, "a group that is gone", "TargetGroupNotFound", "Target group '" + NO_GROUP
                        + "' not found", on -> on.elb().deregisterTargets(request -> request.targetGroupArn(NO_GROUP)
                                .targets(Stage.target("10.0.0.1")))));
    }

    private static String first(DescribeTargetHealthResponse answer) {
        var health = answer.targetHealthDescriptions().getFirst().targetHealth();
        return health.stateAsString() + ", " + health.reasonAsString() + ": " + health.description();
    }

    private static List<Row> targetHealth() {
        String action = "DescribeTargetHealth";
        return List.of(
                works(action, "of an unused group is unused", on -> {
                    String group = on.group();
                    on.register(group, "10.0.0.1");
                    return on.elb().describeTargetHealth(request -> request.targetGroupArn(group));
                }, answer -> {
                    assertThat(first(answer)).isEqualTo("unused, Target.NotInUse: Target group is not configured to "
                            + "receive traffic from the load balancer");
                    assertThat(answer.targetHealthDescriptions().getFirst().healthCheckPort()).isEqualTo("80");
                }),
                works(action, "that no data plane has reported is initial", on -> {
                    on.listener();
                    String group = on.group();
                    on.register(group, "10.0.0.1");
                    return on.elb().describeTargetHealth(request -> request.targetGroupArn(group)
                            .includeWithStrings("All"));
                }, answer -> {
                    assertThat(first(answer)).isEqualTo("initial, Elb.RegistrationInProgress: Target registration "
                            + "is in progress");
                    assertThat(answer.targetHealthDescriptions().getFirst().anomalyDetection().resultAsString())
                            .isEqualTo("normal");
                }),
                works(action, "of a deregistered target is draining", on -> {
                    on.listener();
                    String group = on.group();
                    on.register(group, "10.0.0.1");
                    on.elb().deregisterTargets(request -> request.targetGroupArn(group)
                            .targets(Stage.target("10.0.0.1")));
                    return on.elb().describeTargetHealth(request -> request.targetGroupArn(group));
                }, answer -> assertThat(first(answer)).isEqualTo(
                        "draining, Target.DeregistrationInProgress: Target deregistration is in progress")),
                works(action, "of a target that is not registered is unused", on -> {
                    String group = on.group();
                    return on.elb().describeTargetHealth(request -> request.targetGroupArn(group)
                            .targets(Stage.target("10.0.0.9")));
                }, answer -> assertThat(first(answer)).isEqualTo(
                        "unused, Target.NotRegistered: Target is not registered to the target group")),
                refuses(action, "a group that is gone", "TargetGroupNotFound", "One or more target groups not found",
                        on -> on.elb().describeTargetHealth(request -> request.targetGroupArn(NO_GROUP))));
    }
}
