package dev.landfall.elb.listener;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Certificate;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;

/**
 * A listener as it is stored. Its default actions are those of its default rule.
 *
 * @param listener without default actions
 * @param moreCertificates beside the default one, by ARN, in the order they were added
 * @param attributes those that were set
 */
public record ListenerRow(
        Listener listener, String defaultRuleArn, List<String> moreCertificates, SortedMap<String, String> attributes) {
    public ListenerRow {
        moreCertificates = List.copyOf(moreCertificates);
        attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
    }

    public String arn() {
        return listener.listenerArn();
    }

    /** Each once, the default one first. */
    public List<String> certificateArns() {
        return Stream.concat(listener.certificates().stream().map(Certificate::certificateArn),
                moreCertificates.stream()).distinct().toList();
    }

    public ListenerRow with(Listener next) {
        return new ListenerRow(next, defaultRuleArn, moreCertificates, attributes);
    }

    public ListenerRow with(List<String> nextCertificates) {
        return new ListenerRow(listener, defaultRuleArn, nextCertificates, attributes);
    }

    public ListenerRow with(SortedMap<String, String> nextAttributes) {
        return new ListenerRow(listener, defaultRuleArn, moreCertificates, nextAttributes);
    }
}
