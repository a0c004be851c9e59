package dev.landfall.ecs.express;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.state.Commit;
import dev.landfall.state.Decisions;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import dev.landfall.wire.Call;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.acm.AcmClient;
import software.amazon.awssdk.services.acm.model.CertificateDetail;
import software.amazon.awssdk.services.acm.model.CertificateStatus;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;

/**
 * What makes and removes the infrastructure of Express services, without threads and timers. A look goes from one
 * resource to the next, makes or removes what is not as it is to be, and notes each; none depends on those before it,
 * so that a control plane may die at any point of one. Looks at services that share a load balancer must not overlap.
 */
public final class ExpressLooks {
    /** When to look again where something has to happen elsewhere. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    /** When to look again after another service has refused something. */
    private static final Duration AFTER_REFUSAL = Duration.ofSeconds(5);

    private static final int CALLER_MISTAKEN = 400;
    private static final int OWN_FAULT = 500;

    private final Decisions decisions;
    private final Infrastructure infrastructure;

    public ExpressLooks(Decisions decisions, ElasticLoadBalancingV2Client elb, AcmClient acm) {
        this.decisions = decisions;
        this.infrastructure = new Infrastructure(elb, acm);
    }

    /** The services to look at after a commit, by their ARNs. */
    public Set<String> concerned(Commit commit) {
        var concerned = new LinkedHashSet<String>();
        for (Write<?> write : commit.writes()) {
            if (write instanceof Write.Put<?>(var table, ExpressRow row) && row.busy()) {
                concerned.add(row.serviceArn());
            }
        }
        return concerned;
    }

    /** The ARNs of all services whose infrastructure is not as it is to be. */
    public List<String> all() {
        return decisions.image().all(EcsTables.EXPRESS_SERVICES).stream().filter(ExpressRow::busy)
                .map(ExpressRow::serviceArn).toList();
    }

    /**
     * Makes or removes what is not as it is to be; when to look again, where only time will tell.
     *
     * @throws AwsServiceException if another service does not answer
     */
    public Optional<Duration> look(String serviceArn) {
        Optional<ExpressRow> row =
                decisions.image().get(EcsTables.EXPRESS_SERVICES, serviceArn).filter(ExpressRow::busy);
        if (row.isEmpty()) {
            return Optional.empty();
        }
        Scope scope = Scope.of(serviceArn);
        try {
            return Call.as(new Call("express-service", scope.accountId(), scope.region(), "landfall"),
                    () -> look(row.get()));
        } catch (AwsServiceException e) {
            if (e.statusCode() < CALLER_MISTAKEN || e.statusCode() >= OWN_FAULT) {
                throw e;
            }
            String why = e.awsErrorDetails() == null ? e.getMessage() : e.awsErrorDetails().errorMessage();
            note(serviceArn, ingress -> ingress.withRefusal(why));
            return Optional.of(AFTER_REFUSAL);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("a look at the infrastructure of " + serviceArn + " failed", e);
        }
    }

    private Optional<Duration> look(ExpressRow row) {
        return switch (row.phase()) {
            case PROVISIONING -> provision(row, Gateways.of(decisions.image(), row).orElseThrow());
            case UPDATING -> update(row);
            case DISMANTLING -> dismantle(row, Gateways.of(decisions.image(), row).orElseThrow());
            case SETTLED, DRAINING, GONE -> Optional.empty();
        };
    }

    private void note(String serviceArn, Function<Ingress, Ingress> change) {
        decisions.submit((image, context) -> ObserveIngress.noted(image, serviceArn, change));
    }

    private Optional<Duration> provision(ExpressRow row, GatewayRow gateway) {
        String arn = row.serviceArn();
        LoadBalancer balancer = infrastructure.balancer(gateway);
        decisions.submit((image, context) -> ObserveIngress.balancer(
                image, gateway.key(), balancer.loadBalancerArn(), balancer.securityGroups(), context));
        CertificateDetail certificate = infrastructure.certificate(row);
        if (certificate.status() != CertificateStatus.ISSUED) {
            return Optional.of(AGAIN);
        }
        decisions.submit((image, context) -> ObserveIngress.noted(image, arn, ingress -> ingress.withCertificate(
                ingress.certificate().seen(certificate.certificateArn(), context.now()))));
        String first = group(row, 0, balancer);
        String second = group(row, 1, balancer);
        String listener = infrastructure.listener(balancer.loadBalancerArn(), certificate.certificateArn());
        decisions.submit((image, context) -> ObserveIngress.listener(image, gateway.key(), listener, context));
        String rule = infrastructure.rule(listener, row.host(), first, second);
        decisions.submit((image, context) -> ObserveIngress.noted(image, arn, ingress -> ingress.withRule(
                ingress.rule().seen(rule, context.now()))));
        decisions.submit((image, context) -> ObserveIngress.provisioned(image, arn, context));
        return Optional.empty();
    }

    /** The ARN of one of the two target groups. */
    private String group(ExpressRow row, int which, LoadBalancer balancer) {
        String arn = infrastructure.group(ExpressNames.targetGroup(row.nonce(), which), row.probe(),
                balancer.vpcId()).targetGroupArn();
        seen(row, which, arn);
        return arn;
    }

    /** A target group is there and asks for health as it is to. */
    private void seen(ExpressRow row, int which, String arn) {
        decisions.submit((image, context) -> ObserveIngress.noted(image, row.serviceArn(), ingress ->
                ingress.withGroup(which, ingress.group(which).seen(arn, row.probe(), context.now()))));
    }

    /** The tasks of the revision before are still asked as they were. */
    private Optional<Duration> update(ExpressRow row) {
        Image image = decisions.image();
        Optional<ServiceRow> service = image.get(EcsTables.SERVICES, row.serviceArn());
        List<Group> groups = service.map(each -> ExpressServices.newest(image, each, row)).orElse(List.of());
        for (int which = 0; which < 2; which++) {
            if (groups.contains(row.ingress().group(which))) {
                probe(row, which);
            }
        }
        decisions.submit((now, context) -> ObserveIngress.settled(now, row));
        return Optional.empty();
    }

    private void probe(ExpressRow row, int which) {
        infrastructure.findGroup(ExpressNames.targetGroup(row.nonce(), which)).ifPresent(found -> {
            infrastructure.probe(found, row.probe());
            seen(row, which, found.targetGroupArn());
        });
    }

    /** In the order in which nothing that is removed is still in use. */
    private Optional<Duration> dismantle(ExpressRow row, GatewayRow gateway) {
        Optional<String> certificate = infrastructure.findCertificate(row);
        Optional<LoadBalancer> balancer = infrastructure.findBalancer(gateway);
        if (balancer.isPresent() && gateway.leaving()) {
            infrastructure.removeBalancer(balancer.get().loadBalancerArn());
        } else if (balancer.isPresent()) {
            infrastructure.findListener(balancer.get().loadBalancerArn())
                    .ifPresent(listener -> leave(row, listener, certificate));
        }
        infrastructure.removeGroup(ExpressNames.targetGroup(row.nonce(), 0));
        infrastructure.removeGroup(ExpressNames.targetGroup(row.nonce(), 1));
        certificate.ifPresent(infrastructure::removeCertificate);
        decisions.submit((image, context) -> ObserveIngress.gone(image, row.serviceArn(), context));
        return Optional.empty();
    }

    private void leave(ExpressRow row, Listener listener, Optional<String> certificate) {
        infrastructure.removeRule(listener.listenerArn(), row.host());
        List<String> others = Gateways.services(decisions.image(), row.gateway()).stream()
                .filter(each -> each.phase() != Phase.DISMANTLING && each.ingress().certificate().there())
                .map(each -> each.ingress().certificate().arn()).toList();
        certificate.ifPresent(arn -> infrastructure.leaveListener(listener, arn, others));
    }
}
