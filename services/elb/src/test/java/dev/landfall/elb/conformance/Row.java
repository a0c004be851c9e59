package dev.landfall.elb.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.landfall.elb.Stage;
import dev.landfall.testkit.Lines;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ElasticLoadBalancingV2Exception;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ElasticLoadBalancingV2Response;

/**
 * What one request to an action leads to, played in process and over HTTP, where it must come to the same. The last
 * call that {@code when} makes must be to that action; what it calls before only sets the stage.
 *
 * @param operation the action's name, such as {@code CreateRule}
 * @param name what the row shows, as the end of a sentence that begins with the action's name
 */
record Row(String operation, String name, Stage.Act<? extends ElasticLoadBalancingV2Response> when, Expected then) {
    sealed interface Expected {}

    record Answers(Consumer<ElasticLoadBalancingV2Response> check) implements Expected {}

    /** @param message the whole of it */
    record Refuses(String code, String message) implements Expected {}

    /** The action answers, and the answer passes the checks. */
    static <R extends ElasticLoadBalancingV2Response> Row works(
            String operation, String name, Stage.Act<R> when, Consumer<R> then) {
        @SuppressWarnings("unchecked") // it is what the act returned
        Consumer<ElasticLoadBalancingV2Response> check = answer -> then.accept((R) answer);
        return new Row(operation, name, when, new Answers(check));
    }

    /** The action refuses with exactly this code and message. */
    static Row refuses(String operation, String name, String code, String message,
            Stage.Act<? extends ElasticLoadBalancingV2Response> when) {
        return new Row(operation, name, when, new Refuses(code, message));
    }

    static Stream<Arguments> arguments(List<Row> rows) {
        return rows.stream().map(row -> Arguments.argumentSet(row.operation + ": " + row.name, row));
    }

    void holds() throws Exception {
        List<String> inProcess = outcome(Stage.Way.IN_PROCESS);
        List<String> overHttp = outcome(Stage.Way.OVER_HTTP);
        assertThat(overHttp).as("over HTTP, and in process").isEqualTo(inProcess);
    }

    private List<String> outcome(Stage.Way way) throws Exception {
        return Stage.play(way, stage -> {
            List<String> seen = played(stage);
            assertThat(stage.lastCalled()).as("the last call of the row").isEqualTo(operation);
            return seen;
        });
    }

    private List<String> played(Stage stage) throws Exception {
        ElasticLoadBalancingV2Response answer;
        try {
            answer = when.on(stage);
        } catch (ElasticLoadBalancingV2Exception e) {
            return refused(e);
        }
        return switch (then) {
            case Answers(var check) -> {
                check.accept(answer);
                yield Lines.of(answer);
            }
            case Refuses expected -> fail("answered, where a refusal was expected: %s%n%s", expected, answer);
        };
    }

    private List<String> refused(ElasticLoadBalancingV2Exception refusal) {
        String seen = refusal.awsErrorDetails().errorCode() + ": " + refusal.awsErrorDetails().errorMessage();
        return switch (then) {
            case Answers expected -> throw new AssertionError("refused: " + seen, refusal);
            case Refuses(var code, var message) -> {
                assertThat(seen).isEqualTo(code + ": " + message);
                assertThat(refusal.statusCode()).isEqualTo(400);
                yield List.of(refusal.getClass().getSimpleName(), seen);
            }
        };
    }
}
