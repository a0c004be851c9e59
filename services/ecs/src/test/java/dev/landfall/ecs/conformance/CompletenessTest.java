package dev.landfall.ecs.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.Ecs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.EcsRequest;

/**
 * Holds the suite to being complete: every action that {@link Ecs} answers has a row in which it works, and every error
 * that ECS's model lists for it has a row or a reason.
 */
class CompletenessTest {
    private static final List<List<Row>> ROWS = List.of(
            AccountSettingConformanceTest.rows(),
            AgentReportConformanceTest.rows(),
            AttributeConformanceTest.rows(),
            BalancedServiceConformanceTest.rows(),
            CapacityConformanceTest.rows(),
            ClusterConformanceTest.rows(),
            ConnectConformanceTest.rows(),
            DaemonTaskDefinitionConformanceTest.rows(),
            ExpressConformanceTest.rows(),
            ContainerInstanceConformanceTest.rows(),
            ServiceConformanceTest.rows(),
            ServiceDeploymentConformanceTest.rows(),
            TagConformanceTest.rows(),
            TaskConformanceTest.rows(),
            TaskDefinitionConformanceTest.rows(),
            TaskProtectionConformanceTest.rows(),
            TaskSetConformanceTest.rows());

    /** What is validated and then refused, as docs/features/notes.md says. */
    private static final List<String> NEVER_WORK = List.of("ExecuteCommand", "UpdateContainerAgent");

    /** An action and one of its errors, as {@code RunTask ConflictException}. */
    private static String key(String operation, String error) {
        return operation + ' ' + error;
    }

    private static SortedSet<String> answered() {
        return Arrays.stream(Ecs.class.getDeclaredMethods())
                .filter(method -> method.getParameterCount() == 1 && !method.isBridge() && !method.isSynthetic()
                        && EcsRequest.class.isAssignableFrom(method.getParameterTypes()[0]))
                .map(Method::getName)
                .map(name -> Character.toUpperCase(name.charAt(0)) + name.substring(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What {@code errors.txt} lists for the actions that are answered. */
    private static SortedSet<String> modelled() {
        SortedSet<String> answered = answered();
        return lines("errors.txt").map(line -> line.split(": ", 2))
                .filter(parts -> answered.contains(parts[0]))
                .flatMap(parts -> Stream.of(parts[1].split(" ")).map(error -> key(parts[0], error)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static SortedSet<String> shown() {
        return ROWS.stream().flatMap(List::stream)
                .filter(row -> row.then() instanceof Row.Refuses)
                .map(row -> key(row.operation(), ((Row.Refuses) row.then()).error().getSimpleName()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static SortedMap<String, String> reasons() {
        var reasons = new TreeMap<String, String>();
        lines("never.txt").map(line -> line.split(": ", 2)).forEach(parts ->
                assertThat(reasons.put(parts[0], parts[1])).as("another reason for " + parts[0]).isNull());
        return reasons;
    }

    private static Stream<String> lines(String resource) {
        try (var in = CompletenessTest.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList().stream()
                    .filter(line -> !line.startsWith("#") && !line.isBlank());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everyActionHasARowInWhichItWorks() {
        SortedSet<String> working = ROWS.stream().flatMap(List::stream)
                .filter(row -> row.then() instanceof Row.Answers)
                .map(Row::operation)
                .collect(Collectors.toCollection(TreeSet::new));
        working.addAll(NEVER_WORK);
        assertThat(working).isEqualTo(answered());
    }

    @Test
    void everyErrorOfTheModelHasARowOrAReason() {
        SortedMap<String, String> reasons = reasons();
        SortedSet<String> missing = modelled();
        missing.removeAll(shown());
        missing.removeIf(key -> reasons.containsKey(key) || reasons.containsKey("*" + key.substring(key.indexOf(' '))));
        assertThat(missing).as("add a row, or a line to never.txt").isEmpty();
    }

    @Test
    void noReasonIsNeedless() {
        SortedSet<String> open = modelled();
        open.removeAll(shown());
        var needless = new TreeSet<>(reasons().keySet());
        needless.removeIf(reason -> reason.startsWith("*")
                ? open.stream().anyMatch(key -> key.endsWith(reason.substring(1)))
                : open.contains(reason));
        assertThat(needless).as("lines of never.txt for what has a row, or is not in the model").isEmpty();
    }

    @Test
    void noActionRefusesWithAnErrorThatIsNotItsOwn() {
        SortedSet<String> strange = shown();
        strange.removeAll(modelled());
        assertThat(strange).isEmpty();
    }

    @Test
    void namesTellRowsApart() {
        assertThat(ROWS.stream().flatMap(List::stream).map(row -> row.operation() + ": " + row.name() + ' '
                + row.then().getClass())).doesNotHaveDuplicates();
    }
}
