package dev.landfall.elb.classic;

import static dev.landfall.elb.classic.Row.refuses;
import static dev.landfall.elb.classic.Row.works;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Stage;
import dev.landfall.elb.target.FinishDraining;
import dev.landfall.testkit.Await;
import dev.landfall.testkit.Completeness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.elasticloadbalancing.model.AdditionalAttribute;
import software.amazon.awssdk.services.elasticloadbalancing.model.CreateLoadBalancerRequest;
import software.amazon.awssdk.services.elasticloadbalancing.model.Instance;
import software.amazon.awssdk.services.elasticloadbalancing.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancing.model.LoadBalancerDescription;
import software.amazon.awssdk.services.elasticloadbalancing.model.Tag;

class ClassicConformanceTest {
    private static final String CONFIGURATION = "InvalidConfigurationRequest";
    private static final String VALIDATION = "ValidationError";

    static final Completeness SUITE = new Completeness(ClassicElb.class, ClassicConformanceTest.class,
            rows().stream().map(Row::shown).toList(), List.of(VALIDATION));

    private static List<Row> rows() {
        return Stream.of(create(), createRefusals(), describe(), listeners(), certificates(), instances(), health(),
                attributes(), policies(), ownPolicies(), policiesOfListeners(), policiesThere(),
                ClassicPlacesConformanceTest.rows()).flatMap(List::stream).toList();
    }

    static Stream<Arguments> arguments() {
        return Row.arguments(rows());
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void holds(Row row) throws Exception {
        row.holds();
    }

    @Test
    void everythingHasARow() {
        SUITE.hold();
    }

    static Listener listener(String protocol, int port, int instancePort) {
        return Listener.builder().protocol(protocol).loadBalancerPort(port).instancePort(instancePort).build();
    }

    static Listener https(String certificate) {
        return Listener.builder().protocol("HTTPS").loadBalancerPort(443).instanceProtocol("HTTP").instancePort(80)
                .sslCertificateId(Stage.CERTIFICATE + certificate).build();
    }

    static Instance instance(String id) {
        return Instance.builder().instanceId(id).build();
    }

    static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    static Consumer<CreateLoadBalancerRequest.Builder> named(String name) {
        return request -> request.loadBalancerName(name).subnets("subnet-1", "subnet-2")
                .listeners(listener("HTTP", 80, 8_080));
    }

    private static String made(Stage on, Consumer<CreateLoadBalancerRequest.Builder> change) {
        return on.classic().createLoadBalancer(named("web").andThen(change)).dnsName();
    }

    static String made(Stage on) {
        return made(on, request -> { });
    }

    static LoadBalancerDescription web(Stage on) {
        return on.classic().describeLoadBalancers(it -> it.loadBalancerNames("web")).loadBalancerDescriptions()
                .getFirst();
    }

    private static List<Row> create() {
        String action = "CreateLoadBalancer";
        return List.of(
                works(action, "answers the name in the DNS", on -> on.classic().createLoadBalancer(named("web")),
                        answer -> assertThat(answer.dnsName())
                                .matches("web-[0-9]{10}\\.eu-central-1\\.elb\\.localhost")),
                works(action, "names an internal one so", on -> on.classic().createLoadBalancer(named("web")
                        .andThen(it -> it.scheme("internal"))),
                        answer -> assertThat(answer.dnsName()).startsWith("internal-web-")),
                works(action, "answers the one that is there with the same settings", on -> {
                    String before = made(on);
                    var again = on.classic().createLoadBalancer(named("web"));
                    assertThat(again.dnsName()).isEqualTo(before);
                    assertThat(on.image().size(ElbTables.CLASSIC)).isEqualTo(1);
                    return again;
                }, answer -> { }));
    }

    private static Row refused(String name, String code, String message,
            Consumer<CreateLoadBalancerRequest.Builder> change) {
        return refuses("CreateLoadBalancer", name, code, message,
                on -> on.classic().createLoadBalancer(named("web").andThen(change)));
    }

    private static List<Row> createRefusals() {
        String action = "CreateLoadBalancer";
        return List.of(
                refused("a name that ends with a hyphen", VALIDATION, "LoadBalancer name must be 32 characters or "
                        + "less, can only contain alphanumeric characters or hyphens, and cannot begin or end with a "
                        + "hyphen: web-", it -> it.loadBalancerName("web-")),
                refused("no listener", VALIDATION, "Listeners: at least one listener must be specified",
                        it -> it.listeners(List.of())),
                refused("neither zones nor subnets", VALIDATION,
                        "Either AvailabilityZones or SubnetIds must be specified", it -> it.subnets(List.of())),
                refused("an unknown scheme", "InvalidScheme", "The specified value for the schema is not valid. You "
                        + "can only specify a scheme for load balancers in a VPC.", it -> it.scheme("public")),
                refused("what is no subnet", "InvalidSubnet", "The specified VPC has no associated Internet gateway, "
                        + "or the subnet is not valid: net-1", it -> it.subnets("net-1")),
                refused("what is no security group", "InvalidSecurityGroup",
                        "One or more of the specified security groups do not exist: group",
                        it -> it.securityGroups("group")),
                refused("an unknown protocol", "UnsupportedProtocol",
                        "The specified protocol or signature version is not supported: UDP",
                        it -> it.listeners(listener("UDP", 80, 80))),
                refused("protocols of two layers", CONFIGURATION,
                        "Listener protocol and instance protocol must be at the same layer: HTTP, TCP",
                        it -> it.listeners(listener("HTTP", 80, 80).toBuilder().instanceProtocol("TCP").build())),
                refused("HTTPS without a certificate", CONFIGURATION,
                        "A listener of protocol HTTPS must have an SSL certificate",
                        it -> it.listeners(listener("HTTPS", 443, 80))),
                refused("a certificate that is not there", "CertificateNotFound", "Server Certificate not found for "
                        + "the key: arn:aws:iam::123456789012:server-certificate/gone", it -> it.listeners(
                        https("a").toBuilder().sslCertificateId("arn:aws:iam::123456789012:server-certificate/gone")
                                .build())),
                refused("port 0", VALIDATION, "LoadBalancerPort must be between 1 and 65535: 0",
                        it -> it.listeners(listener("HTTP", 0, 80))),
                refused("a tag key twice", "DuplicateTagKeys", "A tag key was specified more than once.",
                        it -> it.tags(tag("a", "1"), tag("a", "2"))),
                refused("eleven tags", "TooManyTags",
                        "The quota for the number of tags that can be assigned to a load balancer has been reached.",
                        it -> it.tags(IntStream.range(0, 11).mapToObj(i -> tag("k" + i, "")).toList())),
                refuses(action, "another one of the same name", "DuplicateLoadBalancerName", "Load Balancer named web "
                        + "already exists and it is configured with different parameters.", on -> {
                            made(on);
                            return on.classic().createLoadBalancer(named("web")
                                    .andThen(it -> it.listeners(listener("TCP", 80, 80))));
                        }),
                refuses(action, "a 21st", "TooManyLoadBalancers",
                        "The quota for the number of load balancers has been reached.", on -> {
                            IntStream.range(0, 20).forEach(i -> on.classic().createLoadBalancer(named("web" + i)));
                            return on.classic().createLoadBalancer(named("web"));
                        }));
    }

    private static List<Row> describe() {
        String action = "DescribeLoadBalancers";
        return List.of(
                works(action, "shows the defaults", on -> {
                    made(on);
                    return on.classic().describeLoadBalancers();
                }, answer -> {
                    LoadBalancerDescription shown = answer.loadBalancerDescriptions().getFirst();
                    assertThat(shown.healthCheck().target()).isEqualTo("TCP:8080");
                    assertThat(shown.healthCheck().interval()).isEqualTo(30);
                    assertThat(shown.healthCheck().timeout()).isEqualTo(5);
                    assertThat(shown.healthCheck().healthyThreshold()).isEqualTo(10);
                    assertThat(shown.healthCheck().unhealthyThreshold()).isEqualTo(2);
                    assertThat(shown.availabilityZones()).containsExactly("eu-central-1a", "eu-central-1b");
                    assertThat(shown.scheme()).isEqualTo("internet-facing");
                    assertThat(shown.listenerDescriptions().getFirst().listener().instanceProtocol()).isEqualTo("HTTP");
                    assertThat(shown.createdTime()).isEqualTo(Stage.START);
                    assertThat(shown.canonicalHostedZoneName()).isEqualTo(shown.dnsName());
                }),
                works(action, "gives the pages that are asked for", on -> {
                    List.of("c", "a", "b").forEach(name -> on.classic().createLoadBalancer(named(name)));
                    var names = new ArrayList<String>();
                    on.classic().describeLoadBalancersPaginator(it -> it.pageSize(1)).loadBalancerDescriptions()
                            .forEach(each -> names.add(each.loadBalancerName()));
                    assertThat(names).containsExactly("a", "b", "c");
                    return on.classic().describeLoadBalancers(it -> it.pageSize(2));
                }, answer -> assertThat(answer.nextMarker()).isNotBlank()),
                works(action, "shows nothing of version 2, and version 2 nothing of it", on -> {
                    on.alb("new");
                    made(on);
                    assertThat(on.elb().describeLoadBalancers().loadBalancers()).hasSize(1);
                    return on.classic().describeLoadBalancers();
                }, answer -> assertThat(answer.loadBalancerDescriptions()).hasSize(1)),
                works("DeleteLoadBalancer", "takes it away, and succeeds again", on -> {
                    made(on);
                    on.classic().deleteLoadBalancer(it -> it.loadBalancerName("web"));
                    assertThat(on.image().size(ElbTables.CLASSIC)).isZero();
                    return on.classic().deleteLoadBalancer(it -> it.loadBalancerName("web"));
                }, answer -> { }),
                works("DescribeAccountLimits", "tells AWS's quotas",
                        on -> on.classic().describeAccountLimits(it -> { }),
                        answer -> assertThat(answer.limits()).extracting(each -> each.name() + ' ' + each.max())
                                .containsExactly("classic-load-balancers 20", "classic-listeners 100",
                                        "classic-registered-instances 1000")),
                works("DescribeAccountLimits", "tells the rest behind a marker", on -> {
                    String marker = on.classic().describeAccountLimits(it -> it.pageSize(2)).nextMarker();
                    return on.classic().describeAccountLimits(it -> it.marker(marker));
                }, answer -> assertThat(answer.limits()).hasSize(1)));
    }

    private static List<Row> listeners() {
        String create = "CreateLoadBalancerListeners";
        return List.of(
                works(create, "adds listeners, and leaves one alone that is there just so", on -> {
                    made(on);
                    var answer = on.classic().createLoadBalancerListeners(it -> it.loadBalancerName("web")
                            .listeners(listener("http", 80, 8_080), listener("TCP", 25, 25), https("a")));
                    LoadBalancerDescription web = web(on);
                    assertThat(web.listenerDescriptions()).extracting(each -> each.listener().loadBalancerPort())
                            .containsExactly(25, 80, 443);
                    assertThat(web.listenerDescriptions().getLast().policyNames())
                            .containsExactly("ELBSecurityPolicy-2016-08");
                    assertThat(web.policies().otherPolicies()).containsExactly("ELBSecurityPolicy-2016-08");
                    on.classic().createLoadBalancerListeners(it -> it.loadBalancerName("web")
                            .listeners(listener("TCP", 26, 26)));
                    return answer;
                }, answer -> { }),
                refuses(create, "another one at the same port", "DuplicateListener", "A listener already exists for "
                        + "web with LoadBalancerPort 80, but with a different InstancePort, Protocol, or "
                        + "SSLCertificateId", on -> {
                            made(on);
                            return on.classic().createLoadBalancerListeners(it -> it.loadBalancerName("web")
                                    .listeners(listener("HTTP", 80, 80)));
                        }),
                refuses(create, "a certificate for TCP", CONFIGURATION,
                        "A listener of protocol TCP cannot have an SSL certificate", on -> {
                            made(on);
                            return on.classic().createLoadBalancerListeners(it -> it.loadBalancerName("web")
                                    .listeners(https("a").toBuilder().protocol("TCP").instanceProtocol("TCP").build()));
                        }),
                refuses(create, "a certificate that is not there", "CertificateNotFound",
                        "Server Certificate not found for the key: gone", on -> {
                            made(on);
                            return on.classic().createLoadBalancerListeners(it -> it.loadBalancerName("web")
                                    .listeners(https("a").toBuilder().sslCertificateId("gone").build()));
                        }),
                refuses(create, "an unknown protocol", "UnsupportedProtocol",
                        "The specified protocol or signature version is not supported: TLS", on -> {
                            made(on);
                            return on.classic().createLoadBalancerListeners(it -> it.loadBalancerName("web")
                                    .listeners(listener("TLS", 81, 80)));
                        }),
                works("DeleteLoadBalancerListeners", "takes away what stands at the ports", on -> {
                    made(on);
                    on.classic().deleteLoadBalancerListeners(it -> it.loadBalancerName("web")
                            .loadBalancerPorts(80, 81));
                    assertThat(web(on).listenerDescriptions()).isEmpty();
                    return on.classic().deleteLoadBalancerListeners(it -> it.loadBalancerName("web")
                            .loadBalancerPorts(80));
                }, answer -> { }));
    }

    private static List<Row> certificates() {
        String action = "SetLoadBalancerListenerSSLCertificate";
        return List.of(
                works(action, "gives another certificate", on -> {
                    made(on, it -> it.listeners(https("a")));
                    on.classic().setLoadBalancerListenerSSLCertificate(it -> it.loadBalancerName("web")
                            .loadBalancerPort(443).sslCertificateId(Stage.CERTIFICATE + "b"));
                    assertThat(on.service().balancersWith(Stage.CERTIFICATE + "a")).isEmpty();
                    assertThat(on.service().balancersWith(Stage.CERTIFICATE + "b"))
                            .containsExactly(Stage.ARN + "loadbalancer/web");
                    return on.classic().setLoadBalancerListenerSSLCertificate(it -> it.loadBalancerName("web")
                            .loadBalancerPort(443).sslCertificateId(Stage.CERTIFICATE + "b"));
                }, answer -> { }),
                refuses(action, "a port without a listener", "ListenerNotFound",
                        "The load balancer web does not have a listener configured at the port 443.", on -> {
                            made(on);
                            return on.classic().setLoadBalancerListenerSSLCertificate(it -> it.loadBalancerName("web")
                                    .loadBalancerPort(443).sslCertificateId(Stage.CERTIFICATE + "b"));
                        }),
                refuses(action, "a listener of HTTP", CONFIGURATION,
                        "A listener of protocol HTTP cannot have an SSL certificate", on -> {
                            made(on);
                            return on.classic().setLoadBalancerListenerSSLCertificate(it -> it.loadBalancerName("web")
                                    .loadBalancerPort(80).sslCertificateId(Stage.CERTIFICATE + "b"));
                        }),
                refuses(action, "a certificate that is not there", "CertificateNotFound",
                        "Server Certificate not found for the key: gone", on -> {
                            made(on, it -> it.listeners(https("a")));
                            return on.classic().setLoadBalancerListenerSSLCertificate(it -> it.loadBalancerName("web")
                                    .loadBalancerPort(443).sslCertificateId("gone"));
                        }));
    }

    private static List<Row> instances() {
        String register = "RegisterInstancesWithLoadBalancer";
        String deregister = "DeregisterInstancesFromLoadBalancer";
        return List.of(
                works(register, "answers all that are registered, each once", on -> {
                    made(on);
                    on.classic().registerInstancesWithLoadBalancer(it -> it.loadBalancerName("web")
                            .instances(instance("i-1")));
                    return on.classic().registerInstancesWithLoadBalancer(it -> it.loadBalancerName("web")
                            .instances(instance("i-2"), instance("i-1")));
                }, answer -> assertThat(answer.instances()).containsExactly(instance("i-1"), instance("i-2"))),
                refuses(register, "what is no instance", "InvalidInstance", "Could not find EC2 instance web.", on -> {
                    made(on);
                    return on.classic().registerInstancesWithLoadBalancer(it -> it.loadBalancerName("web")
                            .instances(instance("web")));
                }),
                works(deregister, "answers those that remain, and forgets those drained in time", on -> {
                    made(on);
                    on.classic().modifyLoadBalancerAttributes(request -> request.loadBalancerName("web")
                            .loadBalancerAttributes(it -> it.connectionDraining(each -> each.enabled(true)
                                    .timeout(60))));
                    on.classic().registerInstancesWithLoadBalancer(it -> it.loadBalancerName("web")
                            .instances(instance("i-1"), instance("i-2"), instance("i-3")));
                    on.classic().deregisterInstancesFromLoadBalancer(it -> it.loadBalancerName("web")
                            .instances(instance("i-1")));
                    assertThat(on.image().all(ElbTables.CLASSIC).iterator().next().leaving()).hasSize(1);
                    assertThat(on.classic().describeInstanceHealth(it -> it.loadBalancerName("web")).instanceStates()
                            .stream().filter(each -> each.instanceId().equals("i-1"))).singleElement()
                            .satisfies(each -> {
                                assertThat(each.state()).isEqualTo("InService");
                                assertThat(each.description())
                                        .isEqualTo("Instance deregistration currently in progress.");
                            });
                    Await.until("all data planes, of which there is none, know of it", Duration.ofSeconds(20), () ->
                            on.image().all(ElbTables.CLASSIC).iterator().next().leaving().getFirst().until()
                                    .equals(Stage.START.plusSeconds(60)));
                    on.later(Duration.ofSeconds(60)).writer().submit((image, context) -> FinishDraining.decide(
                            image, FinishDraining.due(image, context.now(), arn -> true)));
                    assertThat(on.image().all(ElbTables.CLASSIC).iterator().next().leaving()).isEmpty();
                    return on.classic().deregisterInstancesFromLoadBalancer(it -> it.loadBalancerName("web")
                            .instances(instance("i-2")));
                }, answer -> assertThat(answer.instances()).containsExactly(instance("i-3"))),
                works(deregister, "one that comes back is not leaving", on -> {
                    made(on);
                    on.classic().modifyLoadBalancerAttributes(request -> request.loadBalancerName("web")
                            .loadBalancerAttributes(it -> it.connectionDraining(each -> each.enabled(true))));
                    on.classic().registerInstancesWithLoadBalancer(it -> it.loadBalancerName("web")
                            .instances(instance("i-1")));
                    var answer = on.classic().deregisterInstancesFromLoadBalancer(it -> it.loadBalancerName("web")
                            .instances(instance("i-1")));
                    on.classic().registerInstancesWithLoadBalancer(it -> it.loadBalancerName("web")
                            .instances(instance("i-1")));
                    assertThat(on.image().all(ElbTables.CLASSIC).iterator().next().leaving()).isEmpty();
                    on.classic().deregisterInstancesFromLoadBalancer(it -> it.loadBalancerName("web")
                            .instances(instance("i-1")));
                    return answer;
                }, answer -> assertThat(answer.instances()).isEmpty()),
                refuses(deregister, "what is no instance", "InvalidInstance", "Could not find EC2 instance i_1.",
                        on -> {
                            made(on);
                            return on.classic().deregisterInstancesFromLoadBalancer(it -> it.loadBalancerName("web")
                                    .instances(instance("i_1")));
                        }));
    }

    private static List<Row> health() {
        String action = "DescribeInstanceHealth";
        return List.of(
                works(action, "waits for a data plane to look", on -> {
                    made(on);
                    on.classic().registerInstancesWithLoadBalancer(it -> it.loadBalancerName("web")
                            .instances(instance("i-1")));
                    return on.classic().describeInstanceHealth(it -> it.loadBalancerName("web")
                            .instances(instance("i-1"), instance("i-2")));
                }, answer -> assertThat(answer.instanceStates()).extracting(each -> each.instanceId() + ' '
                        + each.state() + ' ' + each.reasonCode() + ' ' + each.description()).containsExactly(
                        "i-1 OutOfService ELB Instance registration is still in progress.",
                        "i-2 OutOfService Instance Instance is not currently registered with the LoadBalancer.")),
                refuses(action, "what is no instance", "InvalidInstance", "Could not find EC2 instance web.", on -> {
                    made(on);
                    return on.classic().describeInstanceHealth(it -> it.loadBalancerName("web")
                            .instances(instance("web")));
                }),
                works("ConfigureHealthCheck", "answers what is checked", on -> {
                    made(on);
                    return on.classic().configureHealthCheck(request -> request.loadBalancerName("web")
                            .healthCheck(it -> it.target("HTTP:80/health?full=1").interval(10).timeout(5)
                                    .healthyThreshold(3).unhealthyThreshold(4)));
                }, answer -> assertThat(answer.healthCheck().target()).isEqualTo("HTTP:80/health?full=1")),
                refuses("ConfigureHealthCheck", "HTTP without a path", VALIDATION, "HealthCheck HTTP Target must "
                        + "specify a port followed by a path that begins with a slash. e.g. HTTP:80/ping/this/path",
                        on -> {
                            made(on);
                            return on.classic().configureHealthCheck(request -> request.loadBalancerName("web")
                                    .healthCheck(it -> it.target("HTTP:80").interval(10).timeout(5)
                                            .healthyThreshold(3).unhealthyThreshold(4)));
                        }),
                refuses("ConfigureHealthCheck", "a timeout as long as the interval", VALIDATION,
                        "HealthCheck timeout must be less than interval", on -> {
                            made(on);
                            return on.classic().configureHealthCheck(request -> request.loadBalancerName("web")
                                    .healthCheck(it -> it.target("TCP:80").interval(10).timeout(10)
                                            .healthyThreshold(3).unhealthyThreshold(4)));
                        }));
    }

    private static List<Row> attributes() {
        String modify = "ModifyLoadBalancerAttributes";
        return List.of(
                works("DescribeLoadBalancerAttributes", "shows the defaults", on -> {
                    made(on);
                    return on.classic().describeLoadBalancerAttributes(it -> it.loadBalancerName("web"));
                }, answer -> {
                    var shown = answer.loadBalancerAttributes();
                    assertThat(shown.crossZoneLoadBalancing().enabled()).isFalse();
                    assertThat(shown.connectionDraining().enabled()).isFalse();
                    assertThat(shown.connectionDraining().timeout()).isEqualTo(300);
                    assertThat(shown.connectionSettings().idleTimeout()).isEqualTo(60);
                    assertThat(shown.accessLog().enabled()).isFalse();
                    assertThat(shown.additionalAttributes()).extracting(each -> each.key() + '=' + each.value())
                            .containsExactly("elb.http.desyncmitigationmode=defensive");
                }),
                works(modify, "changes what is given", on -> {
                    made(on);
                    on.classic().modifyLoadBalancerAttributes(request -> request.loadBalancerName("web")
                            .loadBalancerAttributes(it -> it.connectionSettings(each -> each.idleTimeout(10))));
                    return on.classic().modifyLoadBalancerAttributes(request -> request.loadBalancerName("web")
                            .loadBalancerAttributes(it -> it.crossZoneLoadBalancing(each -> each.enabled(true))
                                    .accessLog(each -> each.enabled(true).s3BucketName("logs"))
                                    .additionalAttributes(AdditionalAttribute.builder()
                                            .key("elb.http.desyncmitigationmode").value("strictest").build())));
                }, answer -> {
                    assertThat(answer.loadBalancerAttributes().connectionSettings().idleTimeout()).isEqualTo(10);
                    assertThat(answer.loadBalancerAttributes().accessLog().emitInterval()).isEqualTo(60);
                }),
                refuses(modify, "an unknown attribute", "LoadBalancerAttributeNotFound",
                        "The specified load balancer attribute does not exist: colour", on -> {
                            made(on);
                            return on.classic().modifyLoadBalancerAttributes(request -> request.loadBalancerName("web")
                                    .loadBalancerAttributes(it -> it.additionalAttributes(AdditionalAttribute.builder()
                                            .key("colour").value("red").build())));
                        }),
                refuses(modify, "logs without a bucket", CONFIGURATION,
                        "S3BucketName must be specified to enable access logs", on -> {
                            made(on);
                            return on.classic().modifyLoadBalancerAttributes(request -> request.loadBalancerName("web")
                                    .loadBalancerAttributes(it -> it.accessLog(each -> each.enabled(true))));
                        }));
    }

    private static List<Row> policies() {
        String app = "CreateAppCookieStickinessPolicy";
        return List.of(
                works(app, "makes a policy", on -> {
                    made(on);
                    return on.classic().createAppCookieStickinessPolicy(it -> it.loadBalancerName("web")
                            .policyName("app").cookieName("session"));
                }, answer -> { }),
                refuses(app, "a cookie of ours", CONFIGURATION, "The cookie name is not valid: AWSELB", on -> {
                    made(on);
                    return on.classic().createAppCookieStickinessPolicy(it -> it.loadBalancerName("web")
                            .policyName("app").cookieName("AWSELB"));
                }),
                refuses(app, "a name that is taken", "DuplicatePolicyName",
                        "A policy with the specified name already exists for this load balancer: p", on -> {
                            made(on);
                            on.classic().createLBCookieStickinessPolicy(it -> it.loadBalancerName("web")
                                    .policyName("p"));
                            return on.classic().createAppCookieStickinessPolicy(it -> it.loadBalancerName("web")
                                    .policyName("p").cookieName("session"));
                        }),
                refuses(app, "a 101st policy", "TooManyPolicies",
                        "The quota for the number of policies for this load balancer has been reached.", on -> {
                            crowd(on);
                            return on.classic().createAppCookieStickinessPolicy(it -> it.loadBalancerName("web")
                                    .policyName("p").cookieName("session"));
                        }));
    }

    private static List<Row> ownPolicies() {
        String own = "CreateLBCookieStickinessPolicy";
        return List.of(
                works(own, "makes a policy", on -> {
                    made(on);
                    return on.classic().createLBCookieStickinessPolicy(it -> it.loadBalancerName("web")
                            .policyName("own").cookieExpirationPeriod(60L));
                }, answer -> { }),
                refuses(own, "no time at all", CONFIGURATION, "CookieExpirationPeriod must be a positive number",
                        on -> {
                            made(on);
                            return on.classic().createLBCookieStickinessPolicy(it -> it.loadBalancerName("web")
                                    .policyName("own").cookieExpirationPeriod(0L));
                        }),
                refuses(own, "a name that is taken", "DuplicatePolicyName",
                        "A policy with the specified name already exists for this load balancer: p", on -> {
                            made(on);
                            on.classic().createLBCookieStickinessPolicy(it -> it.loadBalancerName("web")
                                    .policyName("p"));
                            return on.classic().createLBCookieStickinessPolicy(it -> it.loadBalancerName("web")
                                    .policyName("p"));
                        }),
                refuses(own, "a 101st policy", "TooManyPolicies",
                        "The quota for the number of policies for this load balancer has been reached.", on -> {
                            crowd(on);
                            return on.classic().createLBCookieStickinessPolicy(it -> it.loadBalancerName("web")
                                    .policyName("p"));
                        }));
    }

    private static List<Row> policiesOfListeners() {
        String set = "SetLoadBalancerPoliciesOfListener";
        return List.of(
                works(set, "gives a listener a policy, and takes it again", on -> {
                    made(on);
                    on.classic().createLBCookieStickinessPolicy(it -> it.loadBalancerName("web").policyName("p"));
                    on.classic().setLoadBalancerPoliciesOfListener(it -> it.loadBalancerName("web")
                            .loadBalancerPort(80).policyNames("p"));
                    assertThat(web(on).listenerDescriptions().getFirst().policyNames()).containsExactly("p");
                    return on.classic().setLoadBalancerPoliciesOfListener(it -> it.loadBalancerName("web")
                            .loadBalancerPort(80).policyNames(List.of()));
                }, answer -> { }),
                refuses(set, "a policy that is not there", "PolicyNotFound",
                        "There is no policy with name p for load balancer web", on -> {
                            made(on);
                            return on.classic().setLoadBalancerPoliciesOfListener(it -> it.loadBalancerName("web")
                                    .loadBalancerPort(80).policyNames("p"));
                        }),
                refuses(set, "a port without a listener", "ListenerNotFound",
                        "The load balancer web does not have a listener configured at the port 81.", on -> {
                            made(on);
                            return on.classic().setLoadBalancerPoliciesOfListener(it -> it.loadBalancerName("web")
                                    .loadBalancerPort(81).policyNames(List.of()));
                        }),
                refuses(set, "stickiness of TCP", CONFIGURATION,
                        "A cookie stickiness policy can be set only for an HTTP or HTTPS listener", on -> {
                            made(on, it -> it.listeners(listener("TCP", 80, 80)));
                            on.classic().createLBCookieStickinessPolicy(it -> it.loadBalancerName("web")
                                    .policyName("p"));
                            return on.classic().setLoadBalancerPoliciesOfListener(it -> it.loadBalancerName("web")
                                    .loadBalancerPort(80).policyNames("p"));
                        }));
    }

    private static List<Row> policiesThere() {
        return List.of(
                works("DeleteLoadBalancerPolicy", "takes a policy away", on -> {
                    made(on);
                    on.classic().createLBCookieStickinessPolicy(it -> it.loadBalancerName("web").policyName("p"));
                    on.classic().deleteLoadBalancerPolicy(it -> it.loadBalancerName("web").policyName("p"));
                    assertThat(web(on).policies().lbCookieStickinessPolicies()).isEmpty();
                    return on.classic().deleteLoadBalancerPolicy(it -> it.loadBalancerName("web").policyName("p"));
                }, answer -> { }),
                refuses("DeleteLoadBalancerPolicy", "one that a listener has", CONFIGURATION,
                        "You cannot delete policy p while it is associated with a listener", on -> {
                            made(on);
                            on.classic().createLBCookieStickinessPolicy(it -> it.loadBalancerName("web")
                                    .policyName("p"));
                            on.classic().setLoadBalancerPoliciesOfListener(it -> it.loadBalancerName("web")
                                    .loadBalancerPort(80).policyNames("p"));
                            return on.classic().deleteLoadBalancerPolicy(it -> it.loadBalancerName("web")
                                    .policyName("p"));
                        }),
                works("DescribeLoadBalancerPolicies", "describes each with its attribute", on -> {
                    made(on, it -> it.listeners(https("a")));
                    on.classic().createLBCookieStickinessPolicy(it -> it.loadBalancerName("web").policyName("own")
                            .cookieExpirationPeriod(60L));
                    on.classic().createAppCookieStickinessPolicy(it -> it.loadBalancerName("web").policyName("app")
                            .cookieName("session"));
                    return on.classic().describeLoadBalancerPolicies(it -> it.loadBalancerName("web"));
                }, answer -> assertThat(answer.policyDescriptions()).extracting(each -> each.policyName() + ' '
                        + each.policyAttributeDescriptions().getFirst().attributeValue()).containsExactly(
                        "app session", "own 60", "ELBSecurityPolicy-2016-08 ELBSecurityPolicy-2016-08")),
                refuses("DescribeLoadBalancerPolicies", "one that is not there", "PolicyNotFound",
                        "There is no policy with name p for load balancer web", on -> {
                            made(on);
                            return on.classic().describeLoadBalancerPolicies(it -> it.loadBalancerName("web")
                                    .policyNames("p"));
                        }));
    }

    private static void crowd(Stage on) {
        made(on);
        IntStream.range(0, 100).forEach(i -> on.classic().createLBCookieStickinessPolicy(it ->
                it.loadBalancerName("web").policyName("p" + i)));
    }
}
