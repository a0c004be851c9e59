package dev.landfall.state;

import static dev.landfall.state.Item.BY_GROUP;
import static dev.landfall.state.Item.BY_TAG;
import static dev.landfall.state.Item.ITEMS;
import static dev.landfall.state.Item.OTHERS;
import static dev.landfall.state.Item.SCHEMA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.landfall.state.row.Forms;
import java.nio.file.Files;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

/** The image against sorted maps and a search of every row. */
class ImageTest {
    /** Prefixes of each other, the empty text, the last character, and two that UTF-8 and UTF-16 order differently. */
    private static final List<String> TEXTS = List.of("", "\0", "a", "a\0", "aa", "ab", "a\uFFFF", "a\uFFFF\uFFFF",
            "a\uFFFFb", "b", "ba", "\uE000", "\uD83D\uDE00", "\uFFFF", "\uFFFF\uFFFF", "\uFFFFa");

    /** Sets of tags are drawn with repetitions on purpose. */
    @Provide
    Arbitrary<List<Write<?>>> writes() {
        Arbitrary<String> texts = Arbitraries.of(TEXTS);
        Arbitrary<Item> items = Combinators.combine(texts, texts, texts.list().ofMaxSize(4), Arbitraries.longs())
                .as(Item::new);
        Arbitrary<Table<Item>> tables = Arbitraries.of(List.of(ITEMS, ITEMS, ITEMS, OTHERS));
        Arbitrary<Write<?>> puts = Combinators.combine(tables, items).as(Write::put);
        Arbitrary<Write<?>> deletes = Combinators.combine(tables, texts).as(Write::delete);
        return Arbitraries.frequencyOf(Tuple.of(3, puts), Tuple.of(1, deletes))
                .list().ofMaxSize(60);
    }

    /** Both tables' rows, kept the plain way. */
    private record Model(TreeMap<String, Item> items, TreeMap<String, Item> others) {
        Model() {
            this(new TreeMap<>(), new TreeMap<>());
        }

        Model copy() {
            return new Model(new TreeMap<>(items), new TreeMap<>(others));
        }

        void apply(Write<?> write) {
            var rows = write.table() == ITEMS ? items : others;
            switch (write) {
                case Write.Put<?>(var table, var row) -> rows.put(((Item) row).id(), (Item) row);
                case Write.Delete<?>(var table, var key) -> rows.remove(key);
            }
        }
    }

    @Property(tries = 400, shrinking = ShrinkingMode.BOUNDED)
    void anImageIsTheSameAsSortedMaps(@ForAll("writes") List<Write<?>> writes) {
        var model = new Model();
        var image = Image.empty(SCHEMA);
        var images = new ArrayList<>(List.of(image));
        var models = new ArrayList<>(List.of(model.copy()));
        for (Write<?> write : writes) {
            image = image.apply(List.of(write));
            model.apply(write);
            images.add(image);
            models.add(model.copy());
        }
        int step = Math.max(1, images.size() / 8);
        for (int i = 0; i < images.size(); i += step) { // only now: later changes must not have reached older images
            assertSame(images.get(i), models.get(i));
            assertThat(images.get(i).version()).isEqualTo(i);
        }
        assertSame(image, model);
        assertSame(Image.empty(SCHEMA).apply(writes), model);
    }

    @Property(tries = 60, shrinking = ShrinkingMode.BOUNDED)
    void whatAJournalLoadsIsWhatWasApplied(@ForAll("writes") List<Write<?>> writes) throws Exception {
        var directory = Files.createTempDirectory("image");
        var file = directory.resolve("state");
        var model = new Model();
        writes.forEach(model::apply);
        try {
            for (int opened = 0; opened < 2; opened++) {
                try (var writer = new Writer(new SqliteJournal(file), SCHEMA, Forms.ofRecords(),
                        Clock.systemUTC(), () -> "")) {
                    if (opened == 0) {
                        int half = writes.size() / 2;
                        writer.submit((image, context) -> new Decision<>("", writes.subList(0, half), List.of()));
                        writer.submit((image, context) ->
                                new Decision<>("", writes.subList(half, writes.size()), List.of()));
                    }
                    assertSame(writer.image(), model);
                }
            }
        } finally {
            SavedDirectory.delete(directory);
        }
    }

    private static void assertSame(Image image, Model model) {
        assertRows(image, ITEMS, model.items);
        assertRows(image, OTHERS, model.others);
        assertIndex(image, BY_GROUP, model.items, item -> List.of(item.group()));
        assertIndex(image, BY_TAG, model.items, Item::tags);
    }

    private static void assertRows(Image image, Table<Item> table, SortedMap<String, Item> rows) {
        assertThat(image.all(table)).containsExactlyElementsOf(rows.values());
        assertThat(image.size(table)).isEqualTo(rows.size());
        for (String text : TEXTS) {
            assertThat(image.get(table, text).orElse(null)).isEqualTo(rows.get(text));
            assertThat(image.startingWith(table, text)).containsExactlyElementsOf(
                    rows.values().stream().filter(row -> row.id().startsWith(text)).toList());
            assertThat(image.after(table, text).values()).containsExactlyElementsOf(
                    rows.values().stream().filter(row -> row.id().compareTo(text) > 0).toList());
        }
    }

    private static void assertIndex(
            Image image, Table.Index<Item> index, SortedMap<String, Item> rows, Function<Item, List<String>> values) {
        for (String value : TEXTS) {
            var found = rows.values().stream().filter(row -> values.apply(row).contains(value)).toList();
            assertThat(image.find(ITEMS, index, value)).containsExactlyElementsOf(found);
            var keys = found.stream().map(Item::id).toList();
            assertThat(image.keys(ITEMS, index, value)).containsExactlyElementsOf(keys);
            assertThat(image.count(ITEMS, index, value)).isEqualTo(found.size());
            assertThat(IntStream.range(0, found.size()).mapToObj(at -> image.keyAt(ITEMS, index, value, at)))
                    .containsExactlyElementsOf(keys);
            assertThatThrownBy(() -> image.keyAt(ITEMS, index, value, found.size()))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
        var all = new TreeSet<String>();
        rows.values().forEach(row -> all.addAll(values.apply(row)));
        for (String from : TEXTS) {
            for (String to : List.of("", "a", "a\uFFFF", "ba", "\uFFFF\uFFFF")) {
                var between = all.stream()
                        .filter(value -> value.compareTo(from) >= 0 && value.compareTo(to) < 0).toList();
                var found = image.values(ITEMS, index, from, to);
                assertThat(found.keySet()).containsExactlyElementsOf(between);
                found.forEach((value, keys) -> assertThat(keys).isEqualTo(image.keys(ITEMS, index, value)));
            }
        }
    }

    @Test
    void aDecisionWithMoreWritesLeadsToBoth() {
        var image = Image.empty(SCHEMA);
        var draft = new Draft(image);
        draft.put(ITEMS, Item.of("a"));
        var more = List.<Write<?>>of(Write.put(ITEMS, Item.of("b")), Write.put(ITEMS, Item.counted("a", 2)));
        for (var decision : List.of(draft.reply("r").and(more), Decision.of("r", Write.put(ITEMS, Item.of("a")))
                .and(more))) {
            assertThat(decision.writes()).hasSize(3);
            assertThat(decision.after(image).all(ITEMS)).containsExactly(Item.counted("a", 2), Item.of("b"));
            assertThat(decision.after(image).version()).isEqualTo(1);
        }
    }

    @Test
    void aDraftSeesItsOwnWrites() {
        var draft = new Draft(Image.empty(SCHEMA));
        draft.put(ITEMS, Item.counted("a", 1));
        draft.put(ITEMS, Item.counted("a", draft.image().get(ITEMS, "a").orElseThrow().count() + 1));
        draft.put(ITEMS, Item.of("b"));
        draft.delete(ITEMS, "b");
        Decision<String> decision = draft.reply("done");
        assertThat(decision.reply()).isEqualTo("done");
        assertThat(decision.writes()).hasSize(4);
        assertThat(Image.empty(SCHEMA).apply(decision.writes()).all(ITEMS)).containsExactly(Item.counted("a", 2));
    }

    @Test
    void tablesKeepTheirOrderAndStrangersAreRefused() {
        var image = Image.empty(SCHEMA);
        Table<Item> twin = Table.of("items", Item.class, Item::id, BY_GROUP);
        assertThat(image.tables()).containsExactly(ITEMS, OTHERS);
        assertThatIllegalArgumentException().isThrownBy(() -> image.all(twin)).withMessageContaining("items");
        assertThatIllegalArgumentException().isThrownBy(() -> image.apply(List.of(Write.put(twin, Item.of("a")))));
        assertThatIllegalArgumentException().isThrownBy(() -> image.find(OTHERS, BY_TAG, "a"))
                .withMessageContaining("tag");
        assertThatIllegalArgumentException().isThrownBy(() -> Image.empty(List.of(ITEMS, twin)));
        assertThatIllegalArgumentException().isThrownBy(() -> Table.of("sqlite_x", Item.class, Item::id));
        assertThatIllegalArgumentException().isThrownBy(() -> Table.of("a b", Item.class, Item::id));
    }

    @Test
    void aRowWithoutKeyIsRefusedWhereItIsMade() {
        assertThatNullPointerException().isThrownBy(() -> Write.put(ITEMS, new Item(null, "g", List.of(), 0)));
        assertThatNullPointerException().isThrownBy(() -> Write.delete(ITEMS, null));
        var untagged = new Item("a", null, List.of(), 0);
        assertThatNullPointerException().isThrownBy(() ->
                Image.empty(SCHEMA).apply(List.of(Write.put(ITEMS, untagged))));
    }
}
