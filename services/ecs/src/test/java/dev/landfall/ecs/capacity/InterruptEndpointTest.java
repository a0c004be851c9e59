package dev.landfall.ecs.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.wire.LocalEndpoint;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InterruptEndpointTest {
    private final List<Interrupt.Request> asked = new ArrayList<>();
    private final InterruptEndpoint endpoint = new InterruptEndpoint(request -> {
        asked.add(request);
        if (request.cluster().equals("nowhere")) {
            throw EcsErrors.invalidParameter("nothing there");
        }
        return new Interrupt.Reply(request.tasks(), List.of("i"));
    });

    @Test
    void readsARequestOfAnyOfItsMembersAndAnswersWithWhatWasInterrupted() {
        assertThat(endpoint.answer("{\"tasks\":[\"t\"],\"cluster\":\"c\",\"count\":2}"))
                .isEqualTo("{\"tasks\":[\"t\"],\"containerInstances\":[\"i\"]}");
        endpoint.answer("{}");
        assertThat(asked).containsExactly(
                new Interrupt.Request(List.of("t"), List.of(), "c", 2),
                new Interrupt.Request(List.of(), List.of(), "", 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{\"task\":\"t\"}", "{\"tasks\":\"t\"}", "{\"tasks\":[null]}",
        "{\"count\":\"many\"}", "{\"cluster\":\"nowhere\"}"})
    void refusesWhatIsNone(String json) {
        assertThatThrownBy(() -> endpoint.answer(json)).isInstanceOf(LocalEndpoint.Refused.class);
    }
}
