package dev.landfall.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What works by itself waits for its beginning, and ends whether that comes or not. */
@Timeout(30)
class BackgroundTest {
    private final CompletableFuture<Void> beginning = new CompletableFuture<>();
    private final Background background = new Background(beginning);

    @Test
    void nothingIsDoneBeforeTheBeginning() {
        var begunWhenDone = new CompletableFuture<Boolean>();
        background.start("work", () -> begunWhenDone.complete(beginning.isDone()));
        var passBegun = new CompletableFuture<Boolean>();
        background.repeat("pass", Duration.ofHours(1), () -> passBegun.complete(beginning.isDone()));
        beginning.complete(null);
        assertThat(begunWhenDone.join()).isTrue();
        assertThat(passBegun.join()).isTrue();
        background.close();
    }

    @Test
    void whatNeverBeginsEndsAsWell() {
        var done = new AtomicInteger();
        background.start("work", done::incrementAndGet);
        background.close();
        beginning.complete(null);
        assertThat(done).hasValue(0);
    }

    @Test
    void nothingIsDoneWhenTheBeginningFails() {
        var done = new AtomicInteger();
        background.start("work", done::incrementAndGet);
        beginning.completeExceptionally(new IllegalStateException("the port is taken"));
        background.close();
        assertThat(done).hasValue(0);
    }
}
