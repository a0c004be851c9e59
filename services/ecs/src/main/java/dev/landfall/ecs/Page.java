package dev.landfall.ecs;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One page of a list operation and, where more follow, the token for the next. A token names the last key before it.
 */
public record Page(List<String> keys, Optional<String> nextToken) {
    private static final String INVALID_TOKEN = "Invalid token: ";

    /**
     * Takes up to {@code maxResults} keys that pass {@code filter} behind {@code token}.
     *
     * @param listing what is listed, such as {@code ListTasks} and the cluster: only its own tokens are taken
     * @param token what the caller sent, or null
     * @param maxResults what the caller sent, or null for {@code defaultMax}
     * @throws software.amazon.awssdk.services.ecs.model.InvalidParameterException for a token that is not ours
     *     or a size
     *     out of bounds
     */
    public static Page of(String listing, SortedSet<String> keys, Predicate<String> filter, String token,
            Integer maxResults, int defaultMax) {
        return of(listing, after -> (after.isEmpty() ? keys : keys.tailSet(after + '\0')).stream().filter(filter),
                token, maxResults, defaultMax);
    }

    /** As the other, from the greatest key to the smallest. */
    public static Page descending(String listing, SortedSet<String> keys, Predicate<String> filter, String token,
            Integer maxResults, int defaultMax) {
        return of("-" + listing,
                before -> (before.isEmpty() ? keys : keys.headSet(before)).reversed().stream().filter(filter),
                token, maxResults, defaultMax);
    }

    /**
     * As the other, for keys that are made as they are needed.
     *
     * @param behind the keys, in order, behind the one it is given, which may be any text; all for the empty text
     */
    public static Page of(String listing, Function<String, Stream<String>> behind, String token, Integer maxResults,
            int defaultMax) {
        int size = maxResults == null ? defaultMax : maxResults;
        if (size < 1 || size > defaultMax) {
            throw EcsErrors.invalidParameter("maxResults should be between 1 and " + defaultMax + ".");
        }
        String prefix = "1|" + listing + '|';
        List<String> found = behind.apply(token == null ? "" : decode(prefix, token)).limit(size + 1L).toList();
        return found.size() <= size ? new Page(found, Optional.empty())
                : new Page(found.subList(0, size), Optional.of(encode(prefix, found.get(size - 1))));
    }

    private static String encode(String prefix, String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString((prefix + key).getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String prefix, String token) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            if (text.startsWith(prefix)) {
                return text.substring(prefix.length());
            }
        } catch (IllegalArgumentException e) {
            // answered below, as any other text that is not a token
        }
        throw EcsErrors.invalidParameter(INVALID_TOKEN + token);
    }
}
