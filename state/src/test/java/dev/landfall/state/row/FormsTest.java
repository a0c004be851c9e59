package dev.landfall.state.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FormsTest {
    enum Colour { RED, GREEN }

    record Inner(String name, Long number) {}

    record Row(String key, int small, long large, boolean truth, double fraction, Instant since, Colour colour,
            List<Inner> inner, SortedSet<Integer> ports, Map<String, Inner> byName, SortedMap<String, String> labels) {}

    record Older(String key, String gone, List<Inner> goneToo, Map<String, Colour> andThis, int small) {}

    record Newer(int small, String added, boolean also, String key) {}

    record Key(String key) {}

    private final Forms forms = Forms.ofRecords();

    private <R> R again(Form<R> form, R row) {
        var batch = new BatchWriter();
        batch.put("table", "key", form, row);
        return read(batch.take(), form);
    }

    private static <R> R read(byte[] batch, Form<R> form) {
        var reader = new BatchReader(batch);
        return reader.row(reader.entries().getFirst(), form);
    }

    @Property
    void rowsComeBackAsTheyWere(@ForAll String key, @ForAll int small, @ForAll long large, @ForAll double fraction,
            @ForAll @Size(max = 50) List<String> names, @ForAll long number) {
        var inner = names.stream().map(name -> new Inner(name, number)).toList();
        var labels = new TreeMap<String, String>();
        names.forEach(name -> labels.put(name, key));
        var row = new Row(key, small, large, small > 0, fraction, Instant.ofEpochSecond(small, 123_456_789),
                small % 2 == 0 ? Colour.RED : Colour.GREEN, inner,
                new TreeSet<>(IntStream.range(0, names.size()).boxed().toList()),
                Map.of(key, new Inner(null, null)), labels);
        assertThat(again(forms.of(Row.class), row)).isEqualTo(row);
    }

    @Test
    void nothingAndEmptyAreTwoThings() {
        var nothing = new Row(null, 0, 0, false, 0, null, null, null, null, null, null);
        assertThat(again(forms.of(Row.class), nothing)).isEqualTo(nothing);
        var empty = new Row("", 0, 0, false, -0.0, Instant.MAX, Colour.RED, List.of(), Collections.emptySortedSet(),
                Map.of(), Collections.emptySortedMap());
        assertThat(again(forms.of(Row.class), empty)).isEqualTo(empty);
    }

    @Test
    void everyTextComesBack() {
        var texts = List.of(
                "", "\0", "a".repeat(200), "ÿ", "€", "\uD83D\uDE00", "\uD83D", "\uDE00\uD83D", "\uFFFF", "?");
        for (String text : texts) {
            assertThat(again(forms.of(Key.class), new Key(text)).key()).isEqualTo(text);
        }
    }

    @Test
    void componentsMayComeGoAndChangePlaces() {
        var older = new Older("k", "gone", List.of(new Inner("a", 5L), new Inner(null, -5_000_000_000L)),
                Map.of("c", Colour.RED), -7);
        var batch = new BatchWriter();
        batch.put("table", "key", forms.of(Older.class), older);
        assertThat(read(batch.take(), forms.of(Newer.class))).isEqualTo(new Newer(-7, null, false, "k"));
    }

    @Test
    void rowsOfABatchShareTheirTexts() {
        var batch = new BatchWriter();
        var form = forms.of(Inner.class);
        for (int i = 0; i < 1_000; i++) {
            batch.put("table", "key-" + i, form, new Inner("a text that is in all the rows of this batch", (long) i));
        }
        long expected = batch.size();
        byte[] bytes = batch.take();
        assertThat(bytes.length).isBetween(1_000, 25_000);
        assertThat((double) bytes.length / expected).isBetween(0.9, 1.1);
        var reader = new BatchReader(bytes);
        String first = reader.row(reader.entries().getFirst(), form).name();
        for (int i = 0; i < 1_000; i++) {
            var entry = reader.entries().get(i);
            assertThat(entry.key()).isEqualTo("key-" + i);
            assertThat(reader.row(entry, form)).isEqualTo(new Inner(first, (long) i));
            assertThat(reader.row(entry, form).name()).isSameAs(first);
        }
        assertThat(batch.isEmpty()).isTrue();
    }

    @Test
    void deletionsHaveNoRow() {
        var batch = new BatchWriter();
        batch.delete("table", "a");
        batch.put("other", "b", forms.of(Key.class), new Key("b"));
        batch.delete("table", "b");
        assertThat(new BatchReader(batch.take()).entries()).extracting(BatchReader.Entry::deleted)
                .containsExactly(true, false, true);
    }

    @Test
    void whatCannotBeStoredIsRefused() {
        record Loose(Object any) {}
        record Nested(List<Map<Integer, String>> map) {}
        for (Class<?> type : List.of(Loose.class, Nested.class, Object.class)) {
            assertThatIllegalArgumentException().isThrownBy(() -> forms.of(type)).withMessageContaining("no form");
        }
    }

    /** Whatever the bytes are: it is refused or read, and neither hangs nor takes all memory. */
    @Test
    void garbledBytesAreRefusedOrRead() {
        var random = new Random(11);
        var batch = new BatchWriter();
        var form = forms.of(Row.class);
        for (int i = 0; i < 5; i++) {
            batch.put("table", "key-" + i, form, new Row("k" + i, i, -i, true, i, Instant.EPOCH, Colour.GREEN,
                    List.of(new Inner("€", 3L)), new TreeSet<>(List.of(i)), Map.of(), new TreeMap<>(Map.of("a", "b"))));
        }
        byte[] sound = batch.take();
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] garbled = sound.clone();
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                garbled[random.nextInt(garbled.length)] = (byte) random.nextInt();
            }
            try {
                var reader = new BatchReader(garbled);
                reader.entries().stream().filter(entry -> !entry.deleted())
                        .forEach(entry -> reader.row(entry, form));
            } catch (RuntimeException e) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
        assertThatThrownBy(() -> new BatchReader(new byte[0])).isInstanceOf(IllegalArgumentException.class);
    }
}
