package dev.landfall.elb.listener;

import dev.landfall.elb.Arns;
import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Quotas;
import dev.landfall.elb.Scope;
import dev.landfall.elb.loadbalancer.LoadBalancerRow;
import dev.landfall.elb.loadbalancer.LoadBalancers;
import dev.landfall.elb.rule.Actions;
import dev.landfall.elb.rule.RuleRow;
import dev.landfall.elb.tag.Tags;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateListenerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateListenerResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Rule;

/** Creates a listener with its default rule, or answers the one on that port if it has the same settings. */
public final class CreateListener {
    private CreateListener() {}

    public static Decision<CreateListenerResponse> decide(
            Image image, CreateListenerRequest request, Scope scope, Context context) {
        LoadBalancerRow balancer = LoadBalancers.require(image, request.loadBalancerArn(), scope);
        var described = Listener.builder()
                .loadBalancerArn(balancer.arn())
                .port(request.port())
                .protocol(request.protocol())
                .sslPolicy(request.sslPolicy())
                .mutualAuthentication(request.mutualAuthentication());
        if (!request.certificates().isEmpty()) {
            described.certificates(request.certificates());
        }
        if (!request.alpnPolicy().isEmpty()) {
            described.alpnPolicy(request.alpnPolicy());
        }
        Listener wanted = ListenerRules.completed(balancer, described.build());
        var actions = Actions.validated(image, scope, place(balancer, wanted), request.defaultActions());
        var listeners = image.find(ElbTables.LISTENERS, ElbTables.LISTENERS_BY_LOAD_BALANCER, balancer.arn());
        Optional<ListenerRow> existing = listeners.stream()
                .filter(row -> Objects.equals(row.listener().port(), wanted.port())).findFirst();
        if (existing.isPresent()) {
            Listener there = Listeners.shown(image, existing.get());
            if (!there.equals(wanted.toBuilder().listenerArn(there.listenerArn()).defaultActions(actions).build())) {
                throw ElbErrors.duplicateListener(balancer.arn());
            }
            return Decision.of(CreateListenerResponse.builder().listeners(there).build());
        }
        if (listeners.size() >= Quotas.LISTENERS_PER_LOAD_BALANCER) {
            throw ElbErrors.tooManyListeners();
        }
        String arn = Arns.listener(balancer.arn(), context.ids().next().substring(16));
        Rule rule = Rule.builder().ruleArn(Arns.rule(arn, context.ids().next().substring(16)))
                .priority(RuleRow.DEFAULT_PRIORITY).isDefault(true)
                .conditions(List.of()).transforms(List.of()).actions(actions).build();
        var row = new ListenerRow(wanted.toBuilder().listenerArn(arn).build(), rule.ruleArn(), List.of(),
                Collections.emptySortedMap());
        var writes = new ArrayList<Write<?>>(Tags.ofNewWithoutDuplicates(arn, request.tags()));
        writes.add(Write.put(ElbTables.LISTENERS, row));
        writes.add(Write.put(ElbTables.RULES, new RuleRow(rule)));
        return new Decision<>(CreateListenerResponse.builder()
                .listeners(row.listener().toBuilder().defaultActions(actions).build()).build(), writes, List.of());
    }

    static Actions.Place place(LoadBalancerRow balancer, Listener listener) {
        return new Actions.Place(balancer,
                listener.protocol() == null ? ProtocolEnum.GENEVE : listener.protocol());
    }
}
