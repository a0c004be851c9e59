package dev.landfall.agent.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.agent.PullBehavior;
import dev.landfall.agent.engine.EngineError;
import dev.landfall.agent.fake.FakeEngine;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ImagesTest {
    private static final String OURS = "registry.local:5000/app:1";

    private final FakeEngine engine = new FakeEngine();
    private Instant now = Instant.EPOCH;

    private Images images(PullBehavior behavior) {
        return new Images(engine, behavior, () -> now);
    }

    @Test
    void aMissingImageIsPulledWhateverTheBehavior() {
        for (PullBehavior behavior : PullBehavior.values()) {
            var fresh = new FakeEngine();
            assertThat(new Images(fresh, behavior, () -> now).provide(OURS)).contains("sha256:pulled");
            assertThat(fresh.pulls()).as(behavior.name()).containsExactly(OURS);
        }
    }

    @Test
    void aCachedImageIsPulledAsTheBehaviorSays() {
        record Row(PullBehavior behavior, int pulls) {}
        for (Row row : new Row[] {new Row(PullBehavior.DEFAULT, 2), new Row(PullBehavior.ALWAYS, 2),
                new Row(PullBehavior.ONCE, 1), new Row(PullBehavior.PREFER_CACHED, 0)}) {
            var cached = new FakeEngine().withImage(OURS, "sha256:old");
            var images = new Images(cached, row.behavior(), () -> now);
            images.provide(OURS);
            images.provide(OURS);
            assertThat(cached.pulls()).as(row.behavior().name()).hasSize(row.pulls());
        }
    }

    @Test
    void theCachedImageServesWhenThePullFailsExceptWithAlways() {
        engine.withImage(OURS, "sha256:old").failPulls(EngineError.refused(500, "dial tcp: no such host"));
        assertThat(images(PullBehavior.DEFAULT).provide(OURS)).contains("sha256:old");
        assertThat(images(PullBehavior.ONCE).provide(OURS)).contains("sha256:old");
        assertThatThrownBy(() -> images(PullBehavior.ALWAYS).provide(OURS)).isInstanceOf(EngineError.class);
    }

    @Test
    void aRegistryOutOfReachIsLeftAloneForAWhile() {
        engine.withImage(OURS, "").withImage("registry.local:5000/other:1", "")
                .failPulls(EngineError.refused(500, "dial tcp: no such host"));
        var images = images(PullBehavior.DEFAULT);
        images.provide(OURS);
        images.provide("registry.local:5000/other:1");
        assertThat(engine.pulls()).containsExactly(OURS);
        now = now.plus(Duration.ofMinutes(2));
        images.provide(OURS);
        assertThat(engine.pulls()).hasSize(2);
    }

    @Test
    void aRegistryThatLacksOneImageIsAskedForOthers() {
        engine.withImage(OURS, "").withImage("registry.local:5000/other:1", "")
                .failPulls(EngineError.refused(404, "manifest unknown"));
        var images = images(PullBehavior.DEFAULT);
        images.provide(OURS);
        images.provide(OURS);
        images.provide("registry.local:5000/other:1");
        assertThat(engine.pulls()).containsExactly(OURS, "registry.local:5000/other:1");
    }

    @Test
    void aMissingImageIsTriedAlthoughItsRegistryWasOutOfReach() {
        engine.withImage(OURS, "").failPulls(EngineError.refused(500, "dial tcp: no such host"));
        var images = images(PullBehavior.DEFAULT);
        images.provide(OURS);
        assertThatThrownBy(() -> images.provide("registry.local:5000/missing:1")).isInstanceOf(EngineError.class);
    }

    @Test
    void theRegistryIsTheFirstPartIfItLooksLikeAHost() {
        assertThat(Images.registry("busybox")).isEqualTo("docker.io");
        assertThat(Images.registry("library/busybox:1")).isEqualTo("docker.io");
        assertThat(Images.registry("localhost/x")).isEqualTo("localhost");
        assertThat(Images.registry("host:5000/x")).isEqualTo("host:5000");
        assertThat(Images.registry("public.ecr.aws/a/b@sha256:1")).isEqualTo("public.ecr.aws");
    }
}
