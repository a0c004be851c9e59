package dev.landfall.ecs.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.EcsResponse;

/**
 * What one request to an action leads to. The last call that {@code when} makes must be to that action; what it calls
 * before only sets the stage.
 *
 * @param operation the action's name, such as {@code CreateCluster}
 * @param name what the row shows, as the end of a sentence that begins with the action's name
 */
record Row(String operation, String name, Stage.Act<? extends EcsResponse> when, Expected then) {
    /** What is to come of it. */
    sealed interface Expected {}

    record Answers(Consumer<EcsResponse> check) implements Expected {}

    /**
     * @param message the whole message, as {@link Canonical} shows it
     */
    record Refuses(Class<? extends EcsException> error, Predicate<String> message, String expected)
            implements Expected {}

    /** The action answers, and the answer passes the checks. */
    static <R extends EcsResponse> Row works(String operation, String name, Stage.Act<R> when, Consumer<R> then) {
        @SuppressWarnings("unchecked") // it is what the act returned
        Consumer<EcsResponse> check = answer -> then.accept((R) answer);
        return new Row(operation, name, when, new Answers(check));
    }

    /** The action refuses with exactly this message; ids in it are written as {@link Canonical} does. */
    static Row refuses(String operation, String name, Class<? extends EcsException> error, String message,
            Stage.Act<? extends EcsResponse> when) {
        return new Row(operation, name, when, new Refuses(error, message::equals, message));
    }

    /** The rows of several actions. */
    static List<Row> all(List<List<Row>> rows) {
        return rows.stream().flatMap(List::stream).toList();
    }

    /** The rows as JUnit's arguments, with their names. */
    static Stream<Arguments> arguments(List<Row> rows) {
        return rows.stream().map(row -> Arguments.argumentSet(row.operation + ": " + row.name, row));
    }

    /** Plays it on both targets, whose outcomes must be the same. */
    void holds() throws Exception {
        List<String> inProcess = outcome(Target.IN_PROCESS);
        List<String> overHttp = outcome(Target.OVER_HTTP);
        assertThat(overHttp).as("over HTTP, and in process").isEqualTo(inProcess);
    }

    private List<String> outcome(Target target) throws Exception {
        try {
            return Stage.play(target, stage -> {
                List<String> seen = played(stage);
                assertThat(stage.lastCalled()).as("the last call of the row").isEqualTo(operation);
                return seen;
            });
        } catch (AssertionError e) {
            throw new AssertionError(target + ": " + e.getMessage(), e);
        }
    }

    private List<String> played(Stage stage) {
        EcsResponse answer;
        try {
            answer = when.on(stage);
        } catch (EcsException e) {
            return refused(e);
        }
        return switch (then) {
            case Answers(var check) -> {
                check.accept(answer);
                yield Canonical.of(answer);
            }
            case Refuses(var error, var message, var expected) ->
                fail("answered, where a refusal was expected: %s: %s%n%s", error.getSimpleName(), expected,
                        Canonical.of(answer).stream().collect(Collectors.joining("\n")));
        };
    }

    private List<String> refused(EcsException refusal) {
        String message = Canonical.text(String.valueOf(refusal.awsErrorDetails().errorMessage()));
        return switch (then) {
            case Answers expected -> throw new AssertionError("refused: " + refusal.getClass().getSimpleName() + ": "
                    + message, refusal);
            case Refuses(var error, var matches, var expected) -> {
                assertThat(refusal.getClass().getSimpleName() + ": " + message)
                        .isEqualTo(error.getSimpleName() + ": " + expected);
                assertThat(refusal.statusCode()).isEqualTo(400);
                assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo(error.getSimpleName());
                yield Stream.concat(Stream.of(message), Canonical.of((SdkPojo) refusal).stream()).toList();
            }
        };
    }
}
