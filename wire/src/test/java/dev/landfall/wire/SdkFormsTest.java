package dev.landfall.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.state.row.BatchReader;
import dev.landfall.state.row.BatchWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.DeploymentLifecycleHook;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

class SdkFormsTest {
    record Inner(String name, int count) {}

    record Row(Cluster cluster, String arn, boolean managed, Instant since, List<Inner> inner,
            Map<String, Cluster> byName) {}

    private static <R> R again(Class<R> type, R row) {
        var form = SdkForms.rows().of(type);
        var batch = new BatchWriter();
        batch.put("table", "key", form, row);
        var reader = new BatchReader(batch.take());
        return reader.row(reader.entries().getFirst(), form);
    }

    @Test
    void aRowReadsBackAsItWas() {
        var cluster = Cluster.builder().clusterName("a").runningTasksCount(3).build();
        var row = new Row(cluster, "arn:1", true, Instant.parse("2026-01-02T03:04:05.678901234Z"),
                List.of(new Inner("x", 1)), Map.of("y", cluster));

        assertThat(again(Row.class, row)).isEqualTo(row);
    }

    @Test
    void shapesComeBackWhateverTheyHold() {
        var shapes = new RandomShapes(5, false, true);
        for (Class<?> type : List.of(Task.class, TaskDefinition.class, Service.class, ContainerInstance.class)) {
            for (int i = 0; i < 200; i++) {
                comesBack(type, shapes);
            }
        }
    }

    @Test
    void whatMayBeAnythingComesBack() {
        var anything = DocumentJson.read("{\"bucket\":\"b\",\"n\":[1,2.5,true,null,{}]}");
        assertThat(DocumentJson.write(anything)).isEqualTo("{\"bucket\":\"b\",\"n\":[1,2.5,true,null,{}]}");
        var hook = DeploymentLifecycleHook.builder().hookTargetArn("http://h").hookDetails(anything).build();
        assertThat(again(DeploymentLifecycleHook.class, hook)).isEqualTo(hook);
        assertThatThrownBy(() -> DocumentJson.read("{")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DocumentJson.read("")).isInstanceOf(IllegalArgumentException.class);
    }

    private static <T> void comesBack(Class<T> type, RandomShapes shapes) {
        T shape = shapes.next(type);
        assertThat(again(type, shape)).isEqualTo(shape);
    }
}
