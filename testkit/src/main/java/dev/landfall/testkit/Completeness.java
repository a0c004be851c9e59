package dev.landfall.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Holds the conformance rows of a service to being complete: every action that it answers has a row in which it works,
 * and every error that AWS's model lists for it has a row or a reason. The model's errors stand in {@code errors.txt},
 * the reasons in {@code never.txt}.
 */
public final class Completeness {
    /**
     * A row.
     *
     * @param code the error it shows; none if the action works in it
     */
    public record Shown(String operation, String name, Optional<String> code) {}

    private final SortedSet<String> answered;
    private final SortedSet<String> modelled;
    private final SortedMap<String, String> reasons = new TreeMap<>();
    private final List<Shown> rows;
    private final SortedSet<String> always;

    /**
     * @param service overrides what it answers of its SDK's interface
     * @param beside a class next to which the two files are
     * @param always the codes that every action may refuse with, and no model lists
     */
    public Completeness(Class<?> service, Class<?> beside, List<Shown> rows, Collection<String> always) {
        this.answered = operations(service).map(Completeness::name).collect(Collectors.toCollection(TreeSet::new));
        this.modelled = lines(beside, "errors.txt").map(line -> line.split(": ?", 2))
                .filter(parts -> answered.contains(parts[0]))
                .flatMap(parts -> Stream.of(parts[1].split(" ")).filter(error -> !error.isEmpty())
                        .map(error -> parts[0] + ' ' + error))
                .collect(Collectors.toCollection(TreeSet::new));
        lines(beside, "never.txt").map(line -> line.split(": ", 2)).forEach(parts -> reasons.put(parts[0], parts[1]));
        this.rows = rows;
        this.always = new TreeSet<>(always);
    }

    /** The operations that a service overrides. */
    public static Stream<Method> operations(Class<?> service) {
        return Arrays.stream(service.getDeclaredMethods())
                .filter(method -> method.getParameterCount() == 1 && !method.isBridge() && !method.isSynthetic()
                        && method.getParameterTypes()[0].getSimpleName()
                        .equalsIgnoreCase(name(method) + "Request"));
    }

    public static String name(Method operation) {
        return Character.toUpperCase(operation.getName().charAt(0)) + operation.getName().substring(1);
    }

    /** Whether an action may refuse with an error. */
    public boolean declares(String operation, String code) {
        return always.contains(code) || modelled.contains(operation + ' ' + code);
    }

    /** @throws AssertionError saying what is missing, or too much */
    public void hold() {
        SortedSet<String> working = rows.stream().filter(row -> row.code().isEmpty()).map(Shown::operation)
                .collect(Collectors.toCollection(TreeSet::new));
        none("actions without a row in which they work", minus(answered, working));
        none("rows of actions that are not answered", minus(working, answered));
        SortedSet<String> shown = rows.stream().filter(row -> row.code().isPresent())
                .map(row -> row.operation() + ' ' + row.code().get()).collect(Collectors.toCollection(TreeSet::new));
        SortedSet<String> open = minus(modelled, shown);
        none("errors without a row, or a line in never.txt", open.stream().filter(key ->
                !reasons.containsKey(key) && !reasons.containsKey("*" + key.substring(key.indexOf(' ')))).toList());
        none("lines of never.txt for what has a row, or is not in the model", reasons.keySet().stream()
                .filter(reason -> reason.startsWith("*")
                        ? open.stream().noneMatch(key -> key.endsWith(reason.substring(1))) : !open.contains(reason))
                .toList());
        none("refusals with an error that is not the action's", minus(shown, modelled).stream()
                .filter(key -> !always.contains(key.substring(key.indexOf(' ') + 1))).toList());
        var names = new TreeSet<String>();
        none("rows of the same name", rows.stream()
                .map(row -> row.operation() + ": " + row.name() + ' ' + row.code().isPresent())
                .filter(name -> !names.add(name)).toList());
    }

    private static SortedSet<String> minus(SortedSet<String> some, SortedSet<String> others) {
        var left = new TreeSet<>(some);
        left.removeAll(others);
        return left;
    }

    private static void none(String what, Collection<String> found) {
        if (!found.isEmpty()) {
            throw new AssertionError(what + ": " + String.join("; ", found));
        }
    }

    private static Stream<String> lines(Class<?> beside, String resource) {
        try (var in = beside.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList().stream()
                    .filter(line -> !line.startsWith("#") && !line.isBlank());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
