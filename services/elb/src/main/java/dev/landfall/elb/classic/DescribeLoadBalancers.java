package dev.landfall.elb.classic;

import dev.landfall.elb.Scope;
import dev.landfall.state.Image;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.elasticloadbalancing.model.DescribeLoadBalancersRequest;
import software.amazon.awssdk.services.elasticloadbalancing.model.DescribeLoadBalancersResponse;

/** Describes Classic Load Balancers in the order of their names: those that are named, or all. */
final class DescribeLoadBalancers {
    /** API reference, PageSize: the default. */
    private static final int PAGE_SIZE = 400;
    private static final String MARKER = "1|DescribeLoadBalancers|";

    private DescribeLoadBalancers() {}

    static DescribeLoadBalancersResponse read(Image image, DescribeLoadBalancersRequest request, Scope scope) {
        List<ClassicRow> asked = request.loadBalancerNames().isEmpty() ? Classic.all(image, scope)
                : request.loadBalancerNames().stream().distinct()
                        .map(name -> Classic.require(image, name, scope)).toList();
        String after = Optional.ofNullable(request.marker()).map(DescribeLoadBalancers::decoded).orElse("");
        int most = request.pageSize() == null ? PAGE_SIZE : request.pageSize();
        List<ClassicRow> found = asked.stream().sorted(Comparator.comparing(ClassicRow::name))
                .filter(row -> row.name().compareTo(after) > 0).limit(most + 1L).toList();
        List<ClassicRow> shown = found.size() <= most ? found : found.subList(0, most);
        return DescribeLoadBalancersResponse.builder()
                .loadBalancerDescriptions(shown.stream().map(ClassicRow::description).toList())
                .nextMarker(found.size() <= most ? null : Base64.getUrlEncoder().withoutPadding()
                        .encodeToString((MARKER + shown.getLast().name()).getBytes(StandardCharsets.UTF_8)))
                .build();
    }

    private static String decoded(String marker) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(marker), StandardCharsets.UTF_8);
            if (text.startsWith(MARKER)) {
                return text.substring(MARKER.length());
            }
        } catch (IllegalArgumentException e) {
            // answered below, as any other text that is no marker
        }
        throw ClassicErrors.validation("The marker '" + marker + "' is not valid");
    }
}
