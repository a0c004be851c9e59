package dev.landfall.ecs.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.World;
import dev.landfall.ecs.instance.InstanceRow;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MarksTest {
    private final World world = new World();

    private Image changed(Image image, String arn) {
        InstanceRow row = image.get(EcsTables.INSTANCES, arn).orElseThrow();
        InstanceRow next = row.with(row.instance().toBuilder().version(row.instance().version() + 1).build());
        var decision = new Decision<>("", List.of(Write.put(EcsTables.INSTANCES, next)), List.of());
        return image.apply(Marks.beside(image, decision, world.context()).writes());
    }

    private static Image cleared(Image image, String arn, long change) {
        return image.apply(Marks.clear(image, new TreeMap<>(Map.of(arn, change))).writes());
    }

    private static long mark(Image image, String arn) {
        return image.get(EcsTables.UNSENT, arn).orElseThrow().change();
    }

    @Test
    void aMarkGoesOnlyForTheChangeThatWasTold() {
        String arn = world.instance(1_000);
        Image once = changed(world.image(), arn);
        Image twice = changed(once, arn);

        assertThat(cleared(once, arn, mark(once, arn)).get(EcsTables.UNSENT, arn)).isEmpty();
        assertThat(cleared(twice, arn, mark(once, arn)).get(EcsTables.UNSENT, arn)).isPresent();
        assertThat(cleared(twice, arn, mark(twice, arn)).get(EcsTables.UNSENT, arn)).isEmpty();
    }

    /** An image counts its versions anew with every start; seed 3727 of the simulator met the same one again. */
    @Test
    void aChangeIsNotTakenForOneBeforeARestart() {
        String arn = world.instance(1_000);
        Image before = changed(world.image(), arn);
        InstanceRow row = before.get(EcsTables.INSTANCES, arn).orElseThrow();
        var restarted = Image.empty(EcsTables.ALL);
        restarted = restarted.apply(List.of(Write.put(EcsTables.INSTANCES, row),
                Write.put(EcsTables.UNSENT, before.get(EcsTables.UNSENT, arn).orElseThrow())));
        while (restarted.version() < mark(before, arn)) {
            restarted = restarted.apply(List.of());
        }

        Image after = changed(restarted, arn);

        assertThat(cleared(after, arn, mark(before, arn)).get(EcsTables.UNSENT, arn)).isPresent();
    }
}
