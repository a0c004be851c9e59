package dev.landfall.iam.certificate;

import dev.landfall.iam.IamErrors;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** One page of a list and, where more follow, the marker of the next. A marker names the last key before it. */
record Page<T>(List<T> items, Optional<String> nextMarker) {
    /** API reference, MaxItems: what is answered without a number. */
    private static final int SIZE_DEFAULT = 100;

    /**
     * Takes up to {@code size} items behind {@code marker}.
     *
     * @param listing what is listed: only its own markers are taken
     * @param all in the order of {@code key}
     * @param marker what the caller sent, or null
     * @param size what the caller sent, or null
     */
    static <T> Page<T> of(String listing, List<T> all, Function<T, String> key, String marker, Integer size) {
        int most = size == null ? SIZE_DEFAULT : size;
        String prefix = "1|" + listing + '|';
        String after = marker == null ? "" : decoded(prefix, marker);
        List<T> found = all.stream().filter(item -> key.apply(item).compareTo(after) > 0).limit(most + 1L).toList();
        return found.size() <= most ? new Page<>(found, Optional.empty())
                : new Page<>(found.subList(0, most), Optional.of(Base64.getUrlEncoder().withoutPadding()
                        .encodeToString((prefix + key.apply(found.get(most - 1))).getBytes(StandardCharsets.UTF_8))));
    }

    private static String decoded(String prefix, String marker) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(marker), StandardCharsets.UTF_8);
            if (text.startsWith(prefix)) {
                return text.substring(prefix.length());
            }
        } catch (IllegalArgumentException e) {
            // answered below, as any other text that is no marker
        }
        throw IamErrors.validation("Invalid Marker.");
    }
}
