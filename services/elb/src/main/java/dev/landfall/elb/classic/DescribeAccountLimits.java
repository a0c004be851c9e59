package dev.landfall.elb.classic;

import java.util.List;
import software.amazon.awssdk.services.elasticloadbalancing.model.DescribeAccountLimitsRequest;
import software.amazon.awssdk.services.elasticloadbalancing.model.DescribeAccountLimitsResponse;
import software.amazon.awssdk.services.elasticloadbalancing.model.Limit;

/** Tells AWS's default quotas of Classic Load Balancers. */
final class DescribeAccountLimits {
    private static final List<Limit> LIMITS = List.of(
            limit("classic-load-balancers", Classic.LOAD_BALANCERS),
            limit("classic-listeners", Classic.LISTENERS),
            limit("classic-registered-instances", Classic.INSTANCES));

    private DescribeAccountLimits() {}

    private static Limit limit(String name, int max) {
        return Limit.builder().name(name).max(Integer.toString(max)).build();
    }

    /** They are on one page of any size but the smallest two, which are answered with the rest behind a marker. */
    static DescribeAccountLimitsResponse read(DescribeAccountLimitsRequest request) {
        int from = request.marker() == null ? 0 : position(request.marker());
        int size = request.pageSize() == null ? LIMITS.size() : request.pageSize();
        int to = Math.min(LIMITS.size(), from + size);
        return DescribeAccountLimitsResponse.builder().limits(LIMITS.subList(from, to))
                .nextMarker(to == LIMITS.size() ? null : "limits-" + to).build();
    }

    private static int position(String marker) {
        for (int i = 1; i < LIMITS.size(); i++) {
            if (marker.equals("limits-" + i)) {
                return i;
            }
        }
        throw ClassicErrors.validation("The marker '" + marker + "' is not valid");
    }
}
