package dev.landfall.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every step is done on a TreeMap too; both must be the same, and older trees must stay as they were. */
class SortedTreeTest {
    @ParameterizedTest(name = "seed {0}, {1} keys, {2} steps, {3} % removals")
    @CsvSource({"1, 5, 300, 50", "2, 40, 2000, 50", "3, 400, 6000, 45", "4, 4000, 20000, 30", "5, 20000, 30000, 10",
            "6, 3000, 20000, 60"})
    void isWhatATreeMapIs(int seed, int keys, int steps, int removals) {
        var random = new Random(seed);
        var expected = new TreeMap<String, Integer>();
        SortedTree<Integer> tree = SortedTree.empty();
        var snapshots = new ArrayList<SortedTree<Integer>>();
        var copies = new ArrayList<TreeMap<String, Integer>>();
        for (int i = 0; i < steps; i++) {
            String key = "arn:aws:ecs:" + random.nextInt(keys);
            if (random.nextInt(100) < removals) {
                tree = tree.minus(key);
                expected.remove(key);
            } else {
                tree = tree.plus(key, i);
                expected.put(key, i);
            }
            assertThat(tree.get(key)).isEqualTo(expected.get(key));
            assertThat(tree.size()).isEqualTo(expected.size());
            if (i % (steps / 20) == 0) {
                assertSame(tree, expected, random, keys);
                snapshots.add(tree);
                copies.add(new TreeMap<>(expected));
            }
        }
        for (int i = 0; i < snapshots.size(); i++) {
            assertThat(List.copyOf(snapshots.get(i).asMap().entrySet()))
                    .isEqualTo(List.copyOf(copies.get(i).entrySet()));
        }
        for (String key : List.copyOf(expected.keySet())) {
            tree = tree.minus(key);
        }
        assertThat(tree.isEmpty()).isTrue();
    }

    private static void assertSame(
            SortedTree<Integer> tree, TreeMap<String, Integer> expected, Random random, int keys) {
        assertThat(List.copyOf(tree.asMap().entrySet())).isEqualTo(List.copyOf(expected.entrySet()));
        var inOrder = new ArrayList<String>();
        tree.forEach((key, value) -> inOrder.add(key));
        assertThat(inOrder).containsExactlyElementsOf(expected.keySet());
        for (int i = 0; i < 5; i++) {
            String a = "arn:aws:ecs:" + random.nextInt(keys);
            String b = "arn:aws:ecs:" + random.nextInt(keys);
            String from = a.compareTo(b) < 0 ? a : b;
            String to = a.compareTo(b) < 0 ? b : a;
            var range = tree.asMap().subMap(from, to);
            var wanted = expected.subMap(from, to);
            assertThat(range).isEqualTo(wanted).hasSize(wanted.size());
            assertThat(range.isEmpty()).isEqualTo(wanted.isEmpty());
            assertThat(range.containsKey(to)).isFalse();
            if (!wanted.isEmpty()) {
                assertThat(range.firstKey()).isEqualTo(wanted.firstKey());
                assertThat(range.lastKey()).isEqualTo(wanted.lastKey());
            } else {
                assertThatThrownBy(range::firstKey).isInstanceOf(NoSuchElementException.class);
                assertThatThrownBy(range::lastKey).isInstanceOf(NoSuchElementException.class);
            }
            assertThat(tree.asMap().tailMap(from)).hasSize(expected.tailMap(from).size());
            assertThat(tree.asMap().headMap(to)).hasSize(expected.headMap(to).size());
        }
    }

    @ParameterizedTest(name = "{0} rows")
    @CsvSource({"0", "1", "23", "24", "25", "600", "100000"})
    void loadedAtOnceItIsTheSame(int rows) {
        var expected = new TreeMap<String, Integer>();
        for (int i = 0; i < rows; i++) {
            expected.put("key-" + i, i);
        }
        SortedTree<Integer> tree = SortedTree.of(expected);
        assertThat(tree.size()).isEqualTo(rows);
        assertThat(List.copyOf(tree.asMap().entrySet())).isEqualTo(List.copyOf(expected.entrySet()));
        SortedTree<Integer> more = tree.plus("a", -1).plus("z", -2).plus("key-5", -3);
        assertThat(more.asMap().firstKey()).isEqualTo("a");
        assertThat(more.asMap().lastKey()).isEqualTo("z");
        assertThat(more.get("key-5")).isEqualTo(-3);
        assertThat(tree.get("a")).isNull();
    }

    /** Whatever keys have in common, also nothing, each other or characters that take two bytes. */
    @Property
    void keysOfAnyKindAreFound(@ForAll @Size(max = 200) List<@StringLength(max = 6) @Chars({'\0', 'a', 'b', '\u00FF',
            '\u0100', '\uFFFF'}) String> keys, @ForAll @Size(max = 20) List<@StringLength(max = 6)
            @Chars({'\0', 'a', 'b', '\u00FF', '\u0100', '\uFFFF'}) String> others) {
        SortedTree<Integer> tree = SortedTree.empty();
        KeySet set = KeySet.EMPTY;
        var expected = new TreeMap<String, Integer>();
        for (String key : keys) {
            tree = tree.plus(key, key.length());
            set = set.plus(key);
            expected.put(key, key.length());
        }
        for (String other : others) {
            assertThat(tree.get(other)).isEqualTo(expected.get(other));
            assertThat(set.contains(other)).isEqualTo(expected.containsKey(other));
            assertThat(tree.asMap().tailMap(other)).isEqualTo(expected.tailMap(other));
            assertThat(tree.asMap().headMap(other)).isEqualTo(expected.headMap(other));
            tree = tree.minus(other);
            set = set.minus(other);
            expected.remove(other);
        }
        assertThat(List.copyOf(tree.asMap().entrySet())).isEqualTo(List.copyOf(expected.entrySet()));
        assertThat(List.copyOf(set)).isEqualTo(List.copyOf(expected.keySet()));
        assertThat(List.copyOf(SortedTree.of(expected).asMap().entrySet()))
                .isEqualTo(List.copyOf(expected.entrySet()));
    }

    @Test
    void keysAreASortedSet() {
        KeySet keys = KeySet.EMPTY;
        var expected = new TreeSet<String>();
        for (int i = 0; i < 500; i++) {
            keys = keys.plus("k" + i % 400);
            expected.add("k" + i % 400);
        }
        assertThat(keys).isEqualTo(expected).hasSize(400).contains("k7").doesNotContain("k400");
        assertThat(List.copyOf(keys)).isEqualTo(List.copyOf(expected));
        assertThat(keys.first()).isEqualTo("k0");
        assertThat(keys.last()).isEqualTo(expected.last());
        assertThat(List.copyOf(keys.headSet("k3").reversed()))
                .isEqualTo(List.copyOf(expected.headSet("k3").reversed()));
        assertThat(keys.tailSet("k3")).isEqualTo(expected.tailSet("k3"));
        assertThat(keys.subSet("k2", "k3")).isEqualTo(expected.subSet("k2", "k3"));
        assertThat(keys.minus("k0").first()).isEqualTo("k1");
    }
}
