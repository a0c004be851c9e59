package dev.landfall.elb.listener;

import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Scope;
import dev.landfall.elb.loadbalancer.LoadBalancerRow;
import dev.landfall.elb.rule.Actions;
import dev.landfall.elb.rule.RuleRow;
import dev.landfall.elb.rule.Rules;
import dev.landfall.elb.targetgroup.Protocols;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Certificate;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyListenerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyListenerResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.MutualAuthenticationAttributes;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;

/**
 * Replaces what the request names of a listener. One that is no longer encrypted loses its certificates and its policy,
 * as AWS does it.
 */
public final class ModifyListener {
    private ModifyListener() {}

    public static Decision<ModifyListenerResponse> decide(Image image, ModifyListenerRequest request, Scope scope) {
        ListenerRow row = Listeners.require(image, request.listenerArn(), scope);
        LoadBalancerRow balancer = Listeners.balancer(image, row);
        Listener next = ListenerRules.completed(balancer, changed(row.listener(), request));
        boolean taken = image.find(ElbTables.LISTENERS, ElbTables.LISTENERS_BY_LOAD_BALANCER, balancer.arn()).stream()
                .anyMatch(other -> !other.arn().equals(row.arn())
                        && Objects.equals(other.listener().port(), next.port()));
        if (taken) {
            throw ElbErrors.duplicateListener(balancer.arn());
        }
        var writes = new ArrayList<Write<?>>();
        var place = CreateListener.place(balancer, next);
        var actions = image.get(ElbTables.RULES, row.defaultRuleArn()).orElseThrow().rule().actions();
        if (!request.defaultActions().isEmpty()) {
            actions = Actions.validated(image, scope, place, request.defaultActions());
            RuleRow rule = image.get(ElbTables.RULES, row.defaultRuleArn()).orElseThrow();
            writes.add(Write.put(ElbTables.RULES, new RuleRow(rule.rule().toBuilder().actions(actions).build())));
        }
        if (next.protocol() != row.listener().protocol()) {
            requireFitting(image, row, place, request);
        }
        boolean encrypted = Protocols.isEncrypted(next.protocol());
        // Attributes are the protocol's: those of another one mean nothing.
        ListenerRow after = new ListenerRow(next, row.defaultRuleArn(), encrypted ? row.moreCertificates() : List.of(),
                next.protocol() == row.listener().protocol()
                        ? row.attributes() : Collections.emptySortedMap());
        writes.add(Write.put(ElbTables.LISTENERS, after));
        return new Decision<>(ModifyListenerResponse.builder()
                .listeners(next.toBuilder().defaultActions(actions).build()).build(), writes, List.of());
    }

    /** That the rules which stay go with another protocol. */
    private static void requireFitting(
            Image image, ListenerRow row, Actions.Place place, ModifyListenerRequest request) {
        for (RuleRow rule : Rules.of(image, row.arn())) {
            if (rule.rule().isDefault() && !request.defaultActions().isEmpty()) {
                continue;
            }
            boolean fits = rule.targetGroupArns().stream()
                    .map(arn -> image.get(ElbTables.TARGET_GROUPS, arn).orElseThrow().group())
                    .allMatch(group -> Protocols.goTogether(place.protocol(), group.protocol())
                            && (place.protocol() != ProtocolEnum.HTTP || !"GRPC".equals(group.protocolVersion())));
            boolean asks = rule.rule().actions().stream().anyMatch(action -> switch (action.type()) {
                case AUTHENTICATE_OIDC, AUTHENTICATE_COGNITO, JWT_VALIDATION -> true;
                case FORWARD, REDIRECT, FIXED_RESPONSE, UNKNOWN_TO_SDK_VERSION -> false;
            });
            if (!fits || asks && place.protocol() != ProtocolEnum.HTTPS) {
                throw ElbErrors.incompatibleProtocols();
            }
        }
    }

    private static Listener changed(Listener listener, ModifyListenerRequest request) {
        ProtocolEnum protocol = request.protocol() == null ? listener.protocol() : request.protocol();
        boolean encrypted = Protocols.isEncrypted(protocol);
        List<Certificate> kept = encrypted ? listener.certificates() : List.of();
        var certificates = request.certificates().isEmpty() ? kept : request.certificates();
        var alpn = !request.alpnPolicy().isEmpty() ? request.alpnPolicy()
                : protocol == ProtocolEnum.TLS ? listener.alpnPolicy() : List.<String>of();
        var next = Listener.builder()
                .listenerArn(listener.listenerArn())
                .loadBalancerArn(listener.loadBalancerArn())
                .port(request.port() == null ? listener.port() : request.port())
                .protocol(protocol)
                .sslPolicy(request.sslPolicy() == null ? (encrypted ? listener.sslPolicy() : null)
                        : request.sslPolicy())
                .mutualAuthentication(request.mutualAuthentication() == null
                        ? (protocol == ProtocolEnum.HTTPS ? listener.mutualAuthentication()
                                : (MutualAuthenticationAttributes) null)
                        : request.mutualAuthentication());
        if (!certificates.isEmpty()) {
            next.certificates(certificates);
        }
        if (!alpn.isEmpty()) {
            next.alpnPolicy(alpn);
        }
        return next.build();
    }
}
