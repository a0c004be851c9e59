package dev.landfall.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

class SdkJsonTest {
    private static final ObjectMapper MAPPER = JsonMapper.builder().addModule(SdkJson.module()).build();

    record Row(String id, Task task, List<Container> containers, Map<String, Service> services) {}

    @Property(tries = 200)
    void whatIsWrittenIsRead(@ForAll long seed) {
        var shapes = new RandomShapes(seed, false, true);
        var definition = shapes.next(TaskDefinition.class);
        assertThat(SdkJson.read(SdkJson.write(definition), TaskDefinition.class)).isEqualTo(definition);
        assertThat(SdkJson.write(SdkJson.read(SdkJson.write(definition), TaskDefinition.class)))
                .isEqualTo(SdkJson.write(definition));
        var service = shapes.next(Service.class);
        assertThat(SdkJson.read(SdkJson.write(service), Service.class)).isEqualTo(service);
    }

    @Property(tries = 100)
    void recordsMayHoldShapes(@ForAll long seed) throws Exception {
        var shapes = new RandomShapes(seed, false, true);
        var row = new Row("r", shapes.next(Task.class), List.of(shapes.next(Container.class)),
                Map.of("s", shapes.next(Service.class)));
        assertThat(MAPPER.readValue(MAPPER.writeValueAsBytes(row), Row.class)).isEqualTo(row);
    }

    @Test
    void theFormIsAwsJsons() {
        var task = Task.builder()
                .taskArn("arn")
                .launchType("NEW_LAUNCH_TYPE")
                .createdAt(Instant.ofEpochMilli(1_763_632_345_120L))
                .startedAt(Instant.ofEpochMilli(-1_500))
                .stoppedAt(Instant.ofEpochSecond(7))
                .version(3L)
                .tags(List.of())
                .build();
        assertThat(new String(SdkJson.write(task), UTF_8))
                .isEqualTo("{\"createdAt\":1763632345.12,\"launchType\":\"NEW_LAUNCH_TYPE\",\"startedAt\":-1.5,"
                        + "\"stoppedAt\":7,\"tags\":[],\"taskArn\":\"arn\",\"version\":3}");
        assertThat(SdkJson.read(SdkJson.write(task), Task.class).launchTypeAsString()).isEqualTo("NEW_LAUNCH_TYPE");
    }

    @Test
    void noIdempotencyTokenIsMadeUp() {
        var request = CreateServiceRequest.builder().serviceName("s").build();
        assertThat(new String(SdkJson.write(request), UTF_8)).isEqualTo("{\"serviceName\":\"s\"}");
    }

    @Test
    void otherJsonIsRefused() {
        for (var json : List.of("[]", "{\"taskArn\":1}", "{", "{\"createdAt\":\"soon\"}", "{\"createdAt\":1e99999999}",
                "{\"version\":1.5}", "{\"version\":99999999999999999999}")) {
            assertThatThrownBy(() -> SdkJson.read(json.getBytes(UTF_8), Task.class))
                    .as(json)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
