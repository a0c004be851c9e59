package dev.landfall.wire.rules;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What the service's model demands of one member.
 *
 * @param min the least number, or length
 * @param max the greatest number, or length
 * @param sensitive whether its value is told to nobody
 */
record Constraints(boolean required, Optional<Integer> min, Optional<Integer> max, Optional<Pattern> pattern,
        boolean sensitive) {
    static final Constraints NONE = new Constraints(
            false, Optional.empty(), Optional.empty(), Optional.empty(), false);

    /**
     * Those of one service.
     *
     * @param byMember by shape and member, {@code Tag.Key}; of a list's items under
     *     {@code RemoveTagsRequest.TagKeys[]}
     */
    record Model(SortedMap<String, Constraints> byMember) {
        Constraints of(String shape, String member) {
            return byMember.getOrDefault(shape + '.' + member, NONE);
        }

        Constraints ofItems(String shape, String member) {
            return byMember.getOrDefault(shape + '.' + member + "[]", NONE);
        }
    }

    /** What a number does not meet, in AWS's words. */
    List<String> violatedBy(Number number) {
        var violated = new ArrayList<String>();
        max.filter(most -> number.longValue() > most)
                .ifPresent(most -> violated.add("Member must have value less than or equal to " + most));
        min.filter(least -> number.longValue() < least)
                .ifPresent(least -> violated.add("Member must have value greater than or equal to " + least));
        return violated;
    }

    /** What a text does not meet. */
    List<String> violatedBy(String text) {
        var violated = violatedByLength(text.length());
        // What is too long is not worth a pattern's time, nor its stack.
        boolean tooLong = max.filter(most -> text.length() > most).isPresent();
        pattern.filter(form -> !tooLong && !form.matcher(text).matches()).ifPresent(form ->
                violated.add("Member must satisfy regular expression pattern: " + form));
        return violated;
    }

    /** What a text, a list or bytes of that length does not meet. */
    List<String> violatedByLength(int length) {
        var violated = new ArrayList<String>();
        max.filter(most -> length > most)
                .ifPresent(most -> violated.add("Member must have length less than or equal to " + most));
        min.filter(least -> length < least)
                .ifPresent(least -> violated.add("Member must have length greater than or equal to " + least));
        return violated;
    }

    /** Reads {@code constraints.txt} beside a class of the service. */
    static Model beside(Class<?> service) {
        var all = new TreeMap<String, Constraints>();
        try (var in = service.getResourceAsStream("constraints.txt")) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(line -> {
                        String[] words = line.split(" ");
                        all.put(words[0], parsed(words, ""));
                        all.put(words[0] + "[]", parsed(words, "each."));
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Model(all);
    }

    private static Constraints parsed(String[] words, String prefix) {
        return new Constraints(prefix.isEmpty() && words[1].equals("required"),
                value(words, prefix + "min=").map(Integer::valueOf),
                value(words, prefix + "max=").map(Integer::valueOf),
                value(words, prefix + "pattern=").map(Pattern::compile), List.of(words).contains("sensitive"));
    }

    private static Optional<String> value(String[] words, String name) {
        return List.of(words).stream().filter(word -> word.startsWith(name))
                .map(word -> word.substring(name.length())).findFirst();
    }
}
