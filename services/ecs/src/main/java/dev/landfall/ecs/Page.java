package dev.landfall.ecs;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One page of a list operation and, where more follow, the token for the next. A token names the last key before it.
 */
public record Page(List<String> keys, Optional<String> nextToken) {
    private static final String INVALID_TOKEN = "Invalid token: ";

    /**
     * Takes up to {@code maxResults} keys that pass {@code filter} behind {@code token}.
     *
     * @param token what the caller sent, or null
     * @param maxResults what the caller sent, or null for {@code defaultMax}
     * @throws software.amazon.awssdk.services.ecs.model.InvalidParameterException for a token that is not ours
     *     or a size
     *     out of bounds
     */
    public static Page of(
            SortedSet<String> keys, Predicate<String> filter, String token, Integer maxResults, int defaultMax) {
        return of(from -> keys.tailSet(from + '\0'), keys, filter, token, maxResults, defaultMax);
    }

    private static Page of(Function<String, Collection<String>> following, Collection<String> all,
            Predicate<String> filter, String token, Integer maxResults, int defaultMax) {
        int size = maxResults == null ? defaultMax : maxResults;
        if (size < 1 || size > defaultMax) {
            throw EcsErrors.invalidParameter("maxResults should be between 1 and " + defaultMax + ".");
        }
        Collection<String> rest = token == null ? all : following.apply(decode(token));
        var page = new ArrayList<String>();
        for (String key : rest) {
            if (filter.test(key)) {
                if (page.size() == size) {
                    return new Page(List.copyOf(page), Optional.of(encode(page.getLast())));
                }
                page.add(key);
            }
        }
        return new Page(List.copyOf(page), Optional.empty());
    }

    /** As {@link #of}, from the greatest key to the smallest. */
    public static Page descending(
            SortedSet<String> keys, Predicate<String> filter, String token, Integer maxResults, int defaultMax) {
        return of(to -> keys.headSet(to).reversed(), keys.reversed(), filter, token, maxResults, defaultMax);
    }

    private static String encode(String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(("1|" + key).getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String token) {
        try {
            String key = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            if (key.startsWith("1|")) {
                return key.substring(2);
            }
        } catch (IllegalArgumentException e) {
            // answered below, as any other text that is not a token
        }
        throw EcsErrors.invalidParameter(INVALID_TOKEN + token);
    }
}
