package dev.landfall.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.state.Table.Counter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Views that are made later. */
final class DeferredViewTest {
    private record Row(String key, String color) {}

    private static final Counter<Row> COLORS = Counter.on("color", Row::color);
    private static final Table<Row> TABLE = Table.of("deferred", Row.class, Row::key, COLORS);

    private static Image image(int rows) {
        List<Row> all = IntStream.range(0, rows)
                .mapToObj(i -> new Row("%05d".formatted(i), i % 3 == 0 ? "red" : "blue")).toList();
        return Image.withRows(Image.empty(List.of(TABLE)), TABLE, all.stream().map(Row::key).toList(), all);
    }

    @Test
    void isMadeOnceHoweverManyAsk() throws Exception {
        var made = new AtomicInteger();
        var view = new DeferredView<Row>(() -> {
            made.incrementAndGet();
            return CounterView.empty(COLORS);
        });
        int askers = 8;
        var together = new CountDownLatch(askers);
        try (var threads = Executors.newFixedThreadPool(askers)) {
            Callable<View<Row>> ask = () -> {
                together.countDown();
                together.await();
                return view.now();
            };
            for (Future<View<Row>> answer : threads.invokeAll(IntStream.range(0, askers).mapToObj(i -> ask).toList())) {
                assertThat(answer.get()).isSameAs(view.now());
            }
        }
        assertThat(made).hasValue(1);
    }

    @Test
    void failsForEachWhoAsksWhenItCannotBeMade() {
        var view = new DeferredView<Row>(() -> {
            throw new IllegalStateException("no such view");
        });
        assertThatThrownBy(view::now).hasMessage("no such view");
        assertThatThrownBy(view::now).hasMessage("no such view");
    }

    @Test
    void countsAsIfTheRowsHadComeOneByOne() {
        Image read = image(1_000);
        assertThat(read.count(TABLE, COLORS, "red")).isEqualTo(334);
        assertThat(read.count(TABLE, COLORS, "blue")).isEqualTo(666);
    }

    @Test
    void takesPartInTheFirstChange() {
        Image changed = image(1_000).apply(List.of(new Write.Put<>(TABLE, new Row("00000", "blue"))));
        assertThat(changed.count(TABLE, COLORS, "red")).isEqualTo(333);
        assertThat(changed.count(TABLE, COLORS, "blue")).isEqualTo(667);
    }
}
