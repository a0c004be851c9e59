package dev.landfall.elb;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** One page of a description and, where more follow, the marker of the next. A marker names the last key before it. */
public record Page<T>(List<T> items, Optional<String> nextMarker) {
    /** The API reference gives 400 as the most; without a size, that is what is answered. */
    private static final int SIZE_MAX = 400;

    /**
     * Takes up to {@code size} items behind {@code marker}.
     *
     * @param listing what is listed, such as {@code DescribeRules} and the listener: only its own markers are taken
     * @param all in the order of {@code key}
     * @param marker what the caller sent, or null
     * @param size what the caller sent, or null
     * @throws software.amazon.awssdk.services.elasticloadbalancingv2.model.ElasticLoadBalancingV2Exception for a marker
     *     that is not ours
     */
    public static <T> Page<T> of(
            String listing, List<T> all, Function<T, String> key, String marker, Integer size) {
        int most = size == null ? SIZE_MAX : size;
        String prefix = "1|" + listing + '|';
        String after = marker == null ? "" : decode(prefix, marker);
        List<T> found = all.stream().filter(item -> key.apply(item).compareTo(after) > 0).limit(most + 1L).toList();
        return found.size() <= most ? new Page<>(found, Optional.empty())
                : new Page<>(found.subList(0, most), Optional.of(encode(prefix, key.apply(found.get(most - 1)))));
    }

    private static String encode(String prefix, String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString((prefix + key).getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String prefix, String marker) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(marker), StandardCharsets.UTF_8);
            if (text.startsWith(prefix)) {
                return text.substring(prefix.length());
            }
        } catch (IllegalArgumentException e) {
            // answered below, as any other text that is no marker
        }
        throw ElbErrors.validation("The marker '" + marker + "' is not valid");
    }
}
