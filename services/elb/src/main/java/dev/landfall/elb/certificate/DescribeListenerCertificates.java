package dev.landfall.elb.certificate;

import dev.landfall.elb.Page;
import dev.landfall.elb.Scope;
import dev.landfall.elb.listener.ListenerRow;
import dev.landfall.elb.listener.Listeners;
import dev.landfall.state.Image;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Certificate;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeListenerCertificatesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeListenerCertificatesResponse;

/** Describes the certificates of a listener, the default one first. */
public final class DescribeListenerCertificates {
    private DescribeListenerCertificates() {}

    public static DescribeListenerCertificatesResponse read(
            Image image, DescribeListenerCertificatesRequest request, Scope scope) {
        ListenerRow row = Listeners.requireAny(image, List.of(request.listenerArn()), scope).getFirst();
        List<Certificate> all = Stream.concat(
                row.listener().certificates().stream().map(each -> each.toBuilder().isDefault(true).build()),
                row.moreCertificates().stream()
                        .map(arn -> Certificate.builder().certificateArn(arn).isDefault(false).build())).toList();
        Page<Certificate> page = Page.of("DescribeListenerCertificates " + row.arn(), all,
                each -> "%03d".formatted(all.indexOf(each)), request.marker(), request.pageSize());
        return DescribeListenerCertificatesResponse.builder().certificates(page.items())
                .nextMarker(page.nextMarker().orElse(null)).build();
    }
}
