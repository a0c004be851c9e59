package dev.landfall.ecs.express;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import software.amazon.awssdk.services.acm.AcmClient;
import software.amazon.awssdk.services.acm.model.CertificateDetail;
import software.amazon.awssdk.services.acm.model.CertificateStatus;
import software.amazon.awssdk.services.acm.model.ValidationMethod;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Certificate;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerAttribute;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Rule;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RuleCondition;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Tag;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupTuple;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;

/**
 * The resources of Express services in other services, made as ECS makes them (ECS Developer Guide, Resources created
 * by Amazon ECS Express Mode services). Each is looked for by its name before it is made, so that what was made before
 * a crash is found after it.
 */
final class Infrastructure {
    private static final int PORT = 443;
    private static final String SSL_POLICY = "ELBSecurityPolicy-TLS-1-2-2017-01";
    private static final String HOST = "host-header";
    private static final int PAGE = 1_000;
    private static final int ALL = 100;

    /** As ECS marks what it made itself. */
    private static final String MANAGED = "AmazonECSManaged";
    private static final Tag TAG = Tag.builder().key(MANAGED).value("true").build();

    private final ElasticLoadBalancingV2Client elb;
    private final AcmClient acm;

    Infrastructure(ElasticLoadBalancingV2Client elb, AcmClient acm) {
        this.elb = elb;
        this.acm = acm;
    }

    // ---- load balancers ----

    Optional<LoadBalancer> findBalancer(GatewayRow gateway) {
        try {
            return elb.describeLoadBalancers(request -> request.names(gateway.name())).loadBalancers().stream()
                    .findFirst();
        } catch (LoadBalancerNotFoundException e) {
            return Optional.empty();
        }
    }

    LoadBalancer balancer(GatewayRow gateway) {
        LoadBalancer balancer = findBalancer(gateway).orElseGet(() -> elb.createLoadBalancer(request -> request
                .name(gateway.name()).subnets(gateway.subnets()).tags(TAG)).loadBalancers().getFirst());
        if (!gateway.balancer().there()) { // what users change later stays
            elb.modifyLoadBalancerAttributes(request -> request.loadBalancerArn(balancer.loadBalancerArn())
                    .attributes(LoadBalancerAttribute.builder()
                            .key("routing.http.desync_mitigation_mode").value("monitor").build()));
        }
        return balancer;
    }

    void removeBalancer(String arn) {
        elb.deleteLoadBalancer(request -> request.loadBalancerArn(arn));
    }

    // ---- certificates ----

    /** The certificate of the service's name, asked for if there is none. */
    CertificateDetail certificate(ExpressRow row) {
        String arn = findCertificate(row).orElseGet(() -> acm.requestCertificate(request -> request
                .domainName(row.host()).validationMethod(ValidationMethod.DNS).idempotencyToken(row.nonce())
                .tags(software.amazon.awssdk.services.acm.model.Tag.builder().key(MANAGED).value("true").build()))
                .certificateArn());
        return acm.describeCertificate(request -> request.certificateArn(arn)).certificate();
    }

    Optional<String> findCertificate(ExpressRow row) {
        String next = null;
        do {
            String token = next;
            var page = acm.listCertificates(request -> request.maxItems(PAGE).nextToken(token));
            Optional<String> found = page.certificateSummaryList().stream()
                    .filter(each -> row.host().equals(each.domainName())
                            && (each.status() == CertificateStatus.ISSUED
                                    || each.status() == CertificateStatus.PENDING_VALIDATION))
                    .map(each -> each.certificateArn()).findFirst();
            if (found.isPresent()) {
                return found;
            }
            next = page.nextToken();
        } while (next != null);
        return Optional.empty();
    }

    void removeCertificate(String arn) {
        acm.deleteCertificate(request -> request.certificateArn(arn));
    }

    // ---- target groups ----

    Optional<TargetGroup> findGroup(String name) {
        try {
            return elb.describeTargetGroups(request -> request.names(name)).targetGroups().stream().findFirst();
        } catch (TargetGroupNotFoundException e) {
            return Optional.empty();
        }
    }

    /** The target group of that name, with that health check. */
    TargetGroup group(String name, Probe probe, String vpcId) {
        TargetGroup group = findGroup(name).orElseGet(() -> elb.createTargetGroup(request -> request
                .name(name).targetType(TargetTypeEnum.IP).protocol(ProtocolEnum.HTTP).protocolVersion("HTTP1")
                .port(probe.port()).vpcId(vpcId).healthCheckPath(probe.path())
                .healthCheckPort(Integer.toString(probe.port())).tags(TAG)).targetGroups().getFirst());
        probe(group, probe);
        return group;
    }

    /** Has the target group ask for health like that. */
    void probe(TargetGroup group, Probe probe) {
        String port = Integer.toString(probe.port());
        if (!probe.path().equals(group.healthCheckPath()) || !port.equals(group.healthCheckPort())) {
            elb.modifyTargetGroup(request -> request.targetGroupArn(group.targetGroupArn())
                    .healthCheckPath(probe.path()).healthCheckPort(port));
        }
    }

    void removeGroup(String name) {
        findGroup(name).ifPresent(group ->
                elb.deleteTargetGroup(request -> request.targetGroupArn(group.targetGroupArn())));
    }

    // ---- listeners ----

    Optional<Listener> findListener(String balancerArn) {
        return elb.describeListeners(request -> request.loadBalancerArn(balancerArn)).listeners().stream()
                .filter(each -> each.port() == PORT).findFirst();
    }

    /** The ARN of the HTTPS listener, which has that certificate among others. */
    String listener(String balancerArn, String certificateArn) {
        var certificate = Certificate.builder().certificateArn(certificateArn).build();
        Optional<Listener> found = findListener(balancerArn);
        if (found.isEmpty()) {
            return elb.createListener(request -> request.loadBalancerArn(balancerArn).port(PORT)
                    .protocol(ProtocolEnum.HTTPS).sslPolicy(SSL_POLICY).certificates(certificate).tags(TAG)
                    .defaultActions(Action.builder().type(ActionTypeEnum.FIXED_RESPONSE)
                            .fixedResponseConfig(fixed -> fixed.statusCode("404").contentType("text/plain")
                                    .messageBody("Not Found")).build()))
                    .listeners().getFirst().listenerArn();
        }
        if (!isDefault(found.get(), certificateArn)) {
            elb.addListenerCertificates(request -> request.listenerArn(found.get().listenerArn())
                    .certificates(certificate)); // one that is there already is no mistake
        }
        return found.get().listenerArn();
    }

    private static boolean isDefault(Listener listener, String certificateArn) {
        return listener.certificates().stream().anyMatch(each -> certificateArn.equals(each.certificateArn()));
    }

    /**
     * Takes a certificate from the listener.
     *
     * @param others those of the other services, of which one may take its place; without any the listener goes
     */
    void leaveListener(Listener listener, String certificateArn, List<String> others) {
        var certificate = Certificate.builder().certificateArn(certificateArn).build();
        if (!isDefault(listener, certificateArn)) {
            elb.removeListenerCertificates(request -> request.listenerArn(listener.listenerArn())
                    .certificates(certificate));
        } else if (others.isEmpty()) {
            elb.deleteListener(request -> request.listenerArn(listener.listenerArn()));
        } else {
            elb.modifyListener(request -> request.listenerArn(listener.listenerArn())
                    .certificates(Certificate.builder().certificateArn(others.getFirst()).build()));
        }
    }

    // ---- rules ----

    private List<Rule> rules(String listenerArn) {
        return elb.describeRules(request -> request.listenerArn(listenerArn).pageSize(ALL)).rules();
    }

    private static boolean names(Rule rule, String host) {
        return rule.conditions().stream().filter(each -> HOST.equals(each.field()))
                .flatMap(each -> each.hostHeaderConfig() == null ? each.values().stream()
                        : Stream.concat(each.values().stream(), each.hostHeaderConfig().values().stream()))
                .anyMatch(host::equals);
    }

    /** The ARN of the rule for a name: all of its traffic goes to the first target group, until it is shifted. */
    String rule(String listenerArn, String host, String firstGroup, String secondGroup) {
        List<Rule> rules = rules(listenerArn);
        Optional<Rule> found = rules.stream().filter(each -> names(each, host)).findFirst();
        if (found.isPresent()) {
            return found.get().ruleArn();
        }
        return elb.createRule(request -> request.listenerArn(listenerArn).priority(freePriority(rules)).tags(TAG)
                .conditions(RuleCondition.builder().field(HOST).hostHeaderConfig(it -> it.values(host)).build())
                .actions(Action.builder().type(ActionTypeEnum.FORWARD).forwardConfig(forward -> forward
                        .targetGroups(tuple(firstGroup, 100), tuple(secondGroup, 0))).build()))
                .rules().getFirst().ruleArn();
    }

    private static TargetGroupTuple tuple(String arn, int weight) {
        return TargetGroupTuple.builder().targetGroupArn(arn).weight(weight).build();
    }

    private static int freePriority(List<Rule> rules) {
        SortedSet<String> taken = new TreeSet<>();
        rules.forEach(each -> taken.add(each.priority()));
        int priority = 1;
        while (taken.contains(Integer.toString(priority))) {
            priority++;
        }
        return priority;
    }

    void removeRule(String listenerArn, String host) {
        rules(listenerArn).stream().filter(each -> names(each, host))
                .forEach(each -> elb.deleteRule(request -> request.ruleArn(each.ruleArn())));
    }
}
