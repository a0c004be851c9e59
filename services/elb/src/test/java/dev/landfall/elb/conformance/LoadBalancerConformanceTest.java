package dev.landfall.elb.conformance;

import static dev.landfall.elb.conformance.Row.refuses;
import static dev.landfall.elb.conformance.Row.works;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.elb.Quotas;
import dev.landfall.elb.Stage;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.AvailabilityZone;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateLoadBalancerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateLoadBalancerResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerAddress;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerStateEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.SubnetMapping;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Tag;

class LoadBalancerConformanceTest {
    private static final String VALIDATION = "ValidationError";
    private static final String CONFIGURATION = "InvalidConfigurationRequest";
    private static final String NOWHERE = Stage.ARN + "loadbalancer/app/gone/0123456789abcdef";

    static List<Row> rows() {
        return Stream.of(createLoadBalancer(), createLoadBalancerRefusals(), describeLoadBalancers(),
                deleteLoadBalancer(), settings(), capacity()).flatMap(List::stream).toList();
    }

    static Stream<Arguments> arguments() {
        return Row.arguments(rows());
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void holds(Row row) throws Exception {
        row.holds();
    }

    private static CreateLoadBalancerResponse create(Stage on, Consumer<CreateLoadBalancerRequest.Builder> change) {
        return on.elb().createLoadBalancer(request -> {
            request.name("web").subnets("subnet-1", "subnet-2");
            change.accept(request);
        });
    }

    private static Row refused(String name, String code, String message,
            Consumer<CreateLoadBalancerRequest.Builder> change) {
        return refuses("CreateLoadBalancer", name, code, message, on -> create(on, change));
    }

    private static List<Row> createLoadBalancer() {
        String action = "CreateLoadBalancer";
        return List.of(
                works(action, "shows the defaults of an ALB", on -> create(on, request -> { }), answer -> {
                    LoadBalancer made = answer.loadBalancers().getFirst();
                    assertThat(made.loadBalancerArn()).isEqualTo(Stage.ARN + "loadbalancer/app/web/0000000000000001");
                    assertThat(made.dnsName()).isEqualTo("web-0000000001.eu-central-1.elb.localhost");
                    assertThat(made.canonicalHostedZoneId()).isEqualTo("Z215JYRZR1TBD5");
                    assertThat(made.createdTime()).isEqualTo(Stage.START);
                    assertThat(made.schemeAsString()).isEqualTo("internet-facing");
                    assertThat(made.typeAsString()).isEqualTo("application");
                    assertThat(made.ipAddressTypeAsString()).isEqualTo("ipv4");
                    assertThat(made.state().code()).isEqualTo(LoadBalancerStateEnum.PROVISIONING);
                    assertThat(made.vpcId()).matches("vpc-[0-9a-f]{17}");
                    assertThat(made.securityGroups()).singleElement().asString().matches("sg-[0-9a-f]{17}");
                    assertThat(made.availabilityZones()).extracting(AvailabilityZone::zoneName,
                            AvailabilityZone::subnetId).containsExactly(
                            org.assertj.core.groups.Tuple.tuple("eu-central-1a", "subnet-1"),
                            org.assertj.core.groups.Tuple.tuple("eu-central-1b", "subnet-2"));
                }),
                works(action, "makes an internal NLB in one subnet with an address", on -> on.elb().createLoadBalancer(
                        request -> request.name("net").type("network").scheme("internal")
                                .subnetMappings(SubnetMapping.builder().subnetId("subnet-1")
                                        .privateIPv4Address("10.0.0.7").build())), answer -> {
                            LoadBalancer made = answer.loadBalancers().getFirst();
                            assertThat(made.loadBalancerArn())
                                    .isEqualTo(Stage.ARN + "loadbalancer/net/net/0000000000000001");
                            assertThat(made.dnsName())
                                    .isEqualTo("internal-net-0000000000000001.eu-central-1.elb.localhost");
                            assertThat(made.canonicalHostedZoneId()).isEqualTo("Z3F0SRJ5LGBH90");
                            assertThat(made.securityGroups()).isEmpty();
                            assertThat(made.enablePrefixForIpv6SourceNatAsString()).isEqualTo("off");
                            assertThat(made.availabilityZones().getFirst().loadBalancerAddresses())
                                    .containsExactly(LoadBalancerAddress.builder()
                                            .privateIPv4Address("10.0.0.7").build());
                        }),
                works(action, "stores a gateway load balancer", on -> on.elb().createLoadBalancer(request -> request
                        .name("gate").type("gateway").subnets("subnet-1")), answer -> {
                            assertThat(answer.loadBalancers().getFirst().loadBalancerArn())
                                    .isEqualTo(Stage.ARN + "loadbalancer/gwy/gate/0000000000000001");
                            assertThat(answer.loadBalancers().getFirst().scheme()).isNull();
                        }),
                works(action, "repeated with the same settings answers the one that is there", on -> {
                    create(on, request -> request.tags(Tag.builder().key("a").value("1").build()));
                    return create(on, request -> { });
                }, answer -> assertThat(answer.loadBalancers().getFirst().loadBalancerArn()).endsWith("1")),
                works(action, "of the same name in another account makes another one", on -> {
                    on.alb();
                    return on.as("999999999999", "eu-central-1", there -> create(there, request -> { }));
                }, answer -> assertThat(answer.loadBalancers().getFirst().loadBalancerArn()).isEqualTo(
                        Stage.ARN.replace("123456789012", "999999999999") + "loadbalancer/app/web/0000000000000002")),
                works(action, "keeps all it is told", on -> create(on, request -> request.scheme("internal")
                        .ipAddressType("dualstack").securityGroups("sg-1", "sg-2")), answer -> {
                            LoadBalancer made = answer.loadBalancers().getFirst();
                            assertThat(made.schemeAsString()).isEqualTo("internal");
                            assertThat(made.ipAddressTypeAsString()).isEqualTo("dualstack");
                            assertThat(made.securityGroups()).containsExactly("sg-1", "sg-2");
                        }));
    }

    private static List<Row> createLoadBalancerRefusals() {
        String action = "CreateLoadBalancer";
        return List.of(
                refused("a name of 33 characters", VALIDATION, "The load balancer name '" + "a".repeat(33)
                        + "' cannot be longer than '32' characters", request -> request.name("a".repeat(33))),
                refused("a name with a dot", VALIDATION, "The load balancer name 'a.b' can only contain characters "
                        + "that are alphanumeric characters or hyphens(-)", request -> request.name("a.b")),
                refused("a name that ends with a hyphen", VALIDATION,
                        "The load balancer name 'a-' cannot begin or end with '-'", request -> request.name("a-")),
                refused("an internal name", VALIDATION,
                        "The load balancer name 'internal-a' cannot begin with 'internal-'",
                        request -> request.name("internal-a")),
                refused("no name", VALIDATION, "1 validation error detected: Value null at 'name' failed to satisfy "
                        + "constraint: Member must not be null", request -> request.name(null)),
                refused("a type that there is not", VALIDATION, "1 validation error detected: Value 'classic' at "
                        + "'type' failed to satisfy constraint: Member must satisfy enum value set: [application, "
                        + "network, gateway]", request -> request.type("classic")),
                refused("one subnet for an ALB", VALIDATION,
                        "At least two subnets in two different Availability Zones must be specified",
                        request -> request.subnets("subnet-1")),
                refused("no subnet", VALIDATION, "At least one subnet must be specified",
                        request -> request.subnets(List.of())),
                refused("a subnet twice", CONFIGURATION,
                        "A load balancer cannot be attached to multiple subnets in the same Availability Zone",
                        request -> request.subnets("subnet-1", "subnet-1")),
                refused("what is no subnet", VALIDATION, "The subnet ID 'net' is not valid",
                        request -> request.subnets("subnet-1", "net")),
                refused("an Elastic IP address, of which there are none", "AllocationIdNotFound",
                        "The specified allocation ID does not exist.", request -> request.type("network")
                                .subnets(List.of()).subnetMappings(SubnetMapping.builder().subnetId("subnet-1")
                                        .allocationId("eipalloc-1").build())),
                refused("what is no security group", "InvalidSecurityGroup", "Security group 'x' does not exist",
                        request -> request.securityGroups("x")),
                refused("a scheme for a gateway", "InvalidScheme", "The requested scheme is not valid.",
                        request -> request.type("gateway").scheme("internal")),
                refused("a tag key twice", "DuplicateTagKeys", "A tag key was specified more than once.",
                        request -> request.tags(Tag.builder().key("a").value("1").build(),
                                Tag.builder().key("a").value("2").build())),
                refused("51 tags", "TooManyTags", "You've reached the limit on the number of tags for this resource.",
                        request -> request.tags(tags(51))),
                refuses(action, "the name of one with other settings", "DuplicateLoadBalancerName",
                        "A load balancer with the same name 'web' exists, but with different settings", on -> {
                            on.alb();
                            return create(on, request -> request.scheme("internal"));
                        }),
                refuses(action, "one more than the quota", "TooManyLoadBalancers", "You've reached the limit on the "
                        + "number of load balancers for your Amazon Web Services account.", on -> {
                            for (int i = 0; i < Quotas.APPLICATION_LOAD_BALANCERS; i++) {
                                on.alb("web" + i);
                            }
                            on.nlb();
                            return create(on, request -> { });
                        }));
    }

    private static List<Tag> tags(int count) {
        return Stream.iterate(0, i -> i + 1).limit(count)
                .map(i -> Tag.builder().key("k" + i).value("v").build()).toList();
    }

    private static List<Row> describeLoadBalancers() {
        String action = "DescribeLoadBalancers";
        return List.of(
                works(action, "shows all of the account and region by their names, active", on -> {
                    on.alb("b");
                    on.alb("a");
                    on.as("999999999999", "eu-central-1", there -> there.alb("c"));
                    return on.elb().describeLoadBalancers(request -> { });
                }, answer -> {
                    assertThat(answer.loadBalancers()).extracting(LoadBalancer::loadBalancerName)
                            .containsExactly("a", "b");
                    assertThat(answer.loadBalancers().getFirst().state().code())
                            .isEqualTo(LoadBalancerStateEnum.ACTIVE);
                    assertThat(answer.nextMarker()).isNull();
                }),
                works(action, "shows those that are named", on -> {
                    on.alb("a");
                    on.alb("b");
                    return on.elb().describeLoadBalancers(request -> request.names("b"));
                }, answer -> assertThat(answer.loadBalancers()).extracting(LoadBalancer::loadBalancerName)
                        .containsExactly("b")),
                works(action, "goes on behind a marker", on -> {
                    on.alb("a");
                    on.alb("b");
                    on.alb("c");
                    String marker = on.elb().describeLoadBalancers(request -> request.pageSize(2)).nextMarker();
                    return on.elb().describeLoadBalancers(request -> request.pageSize(2).marker(marker));
                }, answer -> {
                    assertThat(answer.loadBalancers()).extracting(LoadBalancer::loadBalancerName)
                            .containsExactly("c");
                    assertThat(answer.nextMarker()).isNull();
                }),
                refuses(action, "a marker of its own making", VALIDATION, "The marker 'x' is not valid",
                        on -> on.elb().describeLoadBalancers(request -> request.marker("x"))),
                refuses(action, "a page of none", VALIDATION, "1 validation error detected: Value '0' at 'pageSize' "
                        + "failed to satisfy constraint: Member must have value greater than or equal to 1",
                        on -> on.elb().describeLoadBalancers(request -> request.pageSize(0))),
                refuses(action, "a name that nobody has", "LoadBalancerNotFound", "Load balancers '[x]' not found",
                        on -> on.elb().describeLoadBalancers(request -> request.names("x"))),
                refuses(action, "an ARN that nobody has", "LoadBalancerNotFound", "One or more load balancers not "
                        + "found",
                        on -> on.elb().describeLoadBalancers(request -> request.loadBalancerArns(NOWHERE))),
                refuses(action, "an ARN of another "
                        + "account", VALIDATION, "'" + NOWHERE.replace("123456789012", "999999999999")
                        + "' is not a valid load balancer ARN", on -> on.elb()
                        .describeLoadBalancers(request -> request.loadBalancerArns(
                                NOWHERE.replace("123456789012", "999999999999")))),
                refuses(action, "names and ARNs", VALIDATION, "Load balancer names and load balancer ARNs cannot be "
                        + "specified at the same time", on -> on.elb().describeLoadBalancers(request -> request
                        .names("a").loadBalancerArns(NOWHERE))));
    }

    private static List<Row> deleteLoadBalancer() {
        String action = "DeleteLoadBalancer";
        return List.of(
                works(action, "takes listeners and rules with it, and leaves target groups", on -> {
                    String listener = on.listener();
                    on.rule(listener, 1, "/a");
                    String balancer = on.alb();
                    var answer = on.elb().deleteLoadBalancer(request -> request.loadBalancerArn(balancer));
                    assertThat(on.image().all(dev.landfall.elb.ElbTables.LISTENERS)).isEmpty();
                    assertThat(on.image().all(dev.landfall.elb.ElbTables.RULES)).isEmpty();
                    assertThat(on.image().all(dev.landfall.elb.ElbTables.TARGET_GROUPS)).hasSize(1);
                    return answer;
                }, answer -> { }),
                works(action, "answers for one that is gone", on -> on.elb().deleteLoadBalancer(request -> request
                        .loadBalancerArn(NOWHERE)), answer -> { }),
                refuses(action, "one that is protected", "OperationNotPermitted", "Load balancer '" + Stage.ARN
                        + "loadbalancer/app/web/0000000000000001' cannot be deleted because deletion protection is "
                        + "enabled", on -> {
                            String balancer = on.alb();
                            on.elb().modifyLoadBalancerAttributes(request -> request.loadBalancerArn(balancer)
                                    .attributes(Stage.balancerAttribute("deletion_protection.enabled", "true")));
                            return on.elb().deleteLoadBalancer(request -> request.loadBalancerArn(balancer));
                        }),
                refuses(action, "one that is a target", "ResourceInUse", "Load balancer '" + Stage.ARN
                        + "loadbalancer/app/web/0000000000000001' cannot be deleted because it is currently "
                        + "associated with another service", on -> {
                            String balancer = on.alb();
                            on.listener(balancer, 80, on.group());
                            String group = on.group(request -> request.name("albs").protocol("TCP")
                                    .targetType("alb"));
                            on.register(group, balancer);
                            return on.elb().deleteLoadBalancer(request -> request.loadBalancerArn(balancer));
                        }),
                refuses(action, "what is no ARN", VALIDATION, "'web' is not a valid load balancer ARN",
                        on -> on.elb().deleteLoadBalancer(request -> request.loadBalancerArn("web"))));
    }

    private static List<Row> settings() {
        return List.of(
                works("SetSecurityGroups", "stores them", on -> {
                    String balancer = on.alb();
                    return on.elb().setSecurityGroups(request -> request.loadBalancerArn(balancer)
                            .securityGroups("sg-7"));
                }, answer -> assertThat(answer.securityGroupIds()).containsExactly("sg-7")),
                refuses("SetSecurityGroups", "what is none", "InvalidSecurityGroup", "Security group 'x' does not "
                        + "exist",
                        on -> {
                            String balancer = on.alb();
                            return on.elb().setSecurityGroups(request -> request.loadBalancerArn(balancer)
                                    .securityGroups("x"));
                        }),
                refuses("SetSecurityGroups", "them for an NLB that has none", CONFIGURATION, "You cannot add security "
                        + "groups to a Network Load Balancer that was created without security groups", on -> {
                            String balancer = on.nlb();
                            return on.elb().setSecurityGroups(request -> request.loadBalancerArn(balancer)
                                    .securityGroups("sg-7"));
                        }),
                refuses("SetSecurityGroups", "a load balancer that is gone", "LoadBalancerNotFound",
                        "Load balancer '" + NOWHERE + "' not found", on -> on.elb().setSecurityGroups(request ->
                                request.loadBalancerArn(NOWHERE).securityGroups("sg-7"))),
                works("SetSubnets", "stores them", on -> {
                    String balancer = on.alb();
                    return on.elb().setSubnets(request -> request.loadBalancerArn(balancer)
                            .subnets("subnet-3", "subnet-4", "subnet-5"));
                }, answer -> assertThat(answer.availabilityZones()).extracting(AvailabilityZone::subnetId)
                        .containsExactly("subnet-3", "subnet-4", "subnet-5")),
                refuses("SetSubnets", "one twice", CONFIGURATION, "A load balancer cannot be attached to multiple "
                        + "subnets in the same Availability Zone", on -> {
                            String balancer = on.alb();
                            return on.elb().setSubnets(request -> request.loadBalancerArn(balancer)
                                    .subnets("subnet-3", "subnet-3"));
                        }),
                refuses("SetSubnets", "an Elastic IP address", "AllocationIdNotFound",
                        "The specified allocation ID does not exist.", on -> {
                            String balancer = on.nlb();
                            return on.elb().setSubnets(request -> request.loadBalancerArn(balancer)
                                    .subnetMappings(SubnetMapping.builder().subnetId("subnet-1")
                                            .allocationId("eipalloc-1").build()));
                        }),
                refuses("SetSubnets", "a load balancer that is gone", "LoadBalancerNotFound",
                        "Load balancer '" + NOWHERE + "' not found",
                        on -> on.elb().setSubnets(request -> request.loadBalancerArn(NOWHERE))),
                works("SetIpAddressType", "stores it", on -> {
                    String balancer = on.alb();
                    on.elb().setIpAddressType(request -> request.loadBalancerArn(balancer).ipAddressType("dualstack"));
                    assertThat(on.elb().describeLoadBalancers(request -> { }).loadBalancers().getFirst()
                            .ipAddressTypeAsString()).isEqualTo("dualstack");
                    return on.elb().setIpAddressType(request -> request.loadBalancerArn(balancer)
                            .ipAddressType("ipv4"));
                }, answer -> assertThat(answer.ipAddressTypeAsString()).isEqualTo("ipv4")),
                refuses("SetIpAddressType", "one for ALBs", CONFIGURATION,
                        "The specified IP address type is not supported on load balancers with type 'network'.",
                        on -> {
                            String balancer = on.nlb();
                            return on.elb().setIpAddressType(request -> request.loadBalancerArn(balancer)
                                    .ipAddressType("dualstack-without-public-ipv4"));
                        }),
                refuses("SetIpAddressType", "a load balancer that is gone", "LoadBalancerNotFound",
                        "Load balancer '" + NOWHERE + "' not found", on -> on.elb().setIpAddressType(request ->
                                request.loadBalancerArn(NOWHERE).ipAddressType("ipv4"))));
    }

    private static List<Row> capacity() {
        String modify = "ModifyCapacityReservation";
        return List.of(
                works(modify, "reserves units in every zone", on -> {
                    String balancer = on.alb();
                    return on.elb().modifyCapacityReservation(request -> request.loadBalancerArn(balancer)
                            .minimumLoadBalancerCapacity(it -> it.capacityUnits(200)));
                }, answer -> {
                    assertThat(answer.minimumLoadBalancerCapacity().capacityUnits()).isEqualTo(200);
                    assertThat(answer.decreaseRequestsRemaining()).isEqualTo(2);
                    assertThat(answer.capacityReservationState()).extracting(zone -> zone.effectiveCapacityUnits())
                            .containsExactly(100.0, 100.0);
                }),
                refuses(modify, "to make it smaller three times a day", "CapacityDecreaseRequestLimitExceeded",
                        "You've exceeded the daily capacity decrease limit for this reservation.", on -> {
                            String balancer = on.alb();
                            for (int units : List.of(400, 300, 200)) {
                                on.elb().modifyCapacityReservation(request -> request.loadBalancerArn(balancer)
                                        .minimumLoadBalancerCapacity(it -> it.capacityUnits(units)));
                            }
                            return on.elb().modifyCapacityReservation(request -> request.loadBalancerArn(balancer)
                                    .resetCapacityReservation(true));
                        }),
                refuses(modify, "too much", "CapacityUnitsLimitExceeded", "You've exceeded the capacity units limit.",
                        on -> {
                            String balancer = on.alb();
                            return on.elb().modifyCapacityReservation(request -> request.loadBalancerArn(balancer)
                                    .minimumLoadBalancerCapacity(it -> it.capacityUnits(2_000)));
                        }),
                refuses(modify, "too little", CONFIGURATION, "The minimum number of capacity units is '100'", on -> {
                    String balancer = on.alb();
                    return on.elb().modifyCapacityReservation(request -> request.loadBalancerArn(balancer)
                            .minimumLoadBalancerCapacity(it -> it.capacityUnits(99)));
                }),
                refuses(modify, "it for a gateway", "OperationNotPermitted", "This operation is not allowed.", on -> {
                    String balancer = on.gateway();
                    return on.elb().modifyCapacityReservation(request -> request.loadBalancerArn(balancer)
                            .minimumLoadBalancerCapacity(it -> it.capacityUnits(99)));
                }),
                refuses(modify, "a load balancer that is gone", "LoadBalancerNotFound",
                        "Load balancer '" + NOWHERE + "' not found", on -> on.elb().modifyCapacityReservation(
                                request -> request.loadBalancerArn(NOWHERE).resetCapacityReservation(true))),
                works("DescribeCapacityReservation", "shows what is reserved, and tomorrow as many decreases", on -> {
                    String balancer = on.alb();
                    for (int units : List.of(400, 300)) {
                        on.elb().modifyCapacityReservation(request -> request.loadBalancerArn(balancer)
                                .minimumLoadBalancerCapacity(it -> it.capacityUnits(units)));
                    }
                    assertThat(on.elb().describeCapacityReservation(request -> request.loadBalancerArn(balancer))
                            .decreaseRequestsRemaining()).isEqualTo(1);
                    return on.later(java.time.Duration.ofDays(1)).elb().describeCapacityReservation(request ->
                            request.loadBalancerArn(balancer));
                }, answer -> {
                    assertThat(answer.minimumLoadBalancerCapacity().capacityUnits()).isEqualTo(300);
                    assertThat(answer.decreaseRequestsRemaining()).isEqualTo(2);
                    assertThat(answer.lastModifiedTime()).isEqualTo(Stage.START);
                }),
                refuses("DescribeCapacityReservation", "a load balancer that is gone", "LoadBalancerNotFound",
                        "Load balancer '" + NOWHERE + "' not found", on -> on.elb().describeCapacityReservation(
                                request -> request.loadBalancerArn(NOWHERE))));
    }
}
