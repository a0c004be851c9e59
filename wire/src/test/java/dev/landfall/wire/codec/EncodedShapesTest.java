package dev.landfall.wire.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.wire.SdkJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;
import software.amazon.awssdk.services.ecs.model.Task;

class EncodedShapesTest {
    private static Task task(int i) {
        return Task.builder().taskArn("arn:" + i).group("ü\u0001\"" + i)
                .containers(Container.builder().name("web").exitCode(i).build()).build();
    }

    private static String text(List<Task> tasks) {
        return new String(SdkJson.write(DescribeTasksResponse.builder().tasks(tasks).build()), StandardCharsets.UTF_8);
    }

    /** Pages of the same tasks in other orders, more of them than there are slots, say what the tasks say. */
    @Test
    void pagesComeBackAsTheyWere() {
        List<Task> all = IntStream.range(0, 40_000).mapToObj(EncodedShapesTest::task).toList();
        var random = new Random(1);
        for (int round = 0; round < 600; round++) {
            List<Task> page = random.ints(100, 0, all.size()).mapToObj(all::get).toList();
            byte[] json = text(page).getBytes(StandardCharsets.UTF_8);
            assertThat(SdkJson.read(json, DescribeTasksResponse.class).tasks()).isEqualTo(page);
        }
    }

    @Test
    void aPageIsWrittenLikeItsTasksAlone() {
        List<Task> tasks = IntStream.range(0, EncodedShapes.LIST_MIN).mapToObj(EncodedShapesTest::task).toList();
        String alone = String.join(",", tasks.stream()
                .map(task -> new String(SdkJson.write(task), StandardCharsets.UTF_8)).toList());
        assertThat(text(tasks)).isEqualTo("{\"tasks\":[" + alone + "]}").isEqualTo(text(tasks));
    }
}
