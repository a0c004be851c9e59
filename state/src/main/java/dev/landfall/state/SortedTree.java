package dev.landfall.state;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.BiConsumer;

/**
 * A persistent sorted map: changing one makes another, which shares all but one path of nodes with it. Immutable.
 *
 * <p>A B+ tree of {@linkplain TreeNode nodes}. Every one but the root has between {@link #MIN} and {@link #MAX}
 * entries; values stand in the leaves, all of which are equally deep. {@code keys[i]} of a branch is not greater than
 * any key below its child {@code i}, and greater than all below the child before it. Against a binary tree, which a
 * library would give (docs/adr/0009), a change copies four or five small arrays instead of twenty nodes, and a search
 * follows as few pointers.
 */
final class SortedTree<V> {
    /** Wide nodes are found faster and copied slower; the cost of a change is flat around here. */
    private static final int MAX = 32;

    /** Less than half, so that a key that comes and goes does not split and join nodes each time. */
    private static final int MIN = 12;

    private static final String[] NO_KEYS = new String[0];
    private static final SortedTree<String> EMPTY_SET = new SortedTree<>(TreeNode.leaf(NO_KEYS, NO_KEYS), 0);
    private static final SortedTree<?> EMPTY = new SortedTree<>(TreeNode.leaf(new String[0], new Object[0]), 0);

    private final TreeNode root;

    /** Branches above each leaf. */
    private final int height;

    private SortedTree(TreeNode root, int height) {
        this.root = root;
        this.height = height;
    }

    @SuppressWarnings("unchecked") // holds no value
    static <V> SortedTree<V> empty() {
        return (SortedTree<V>) EMPTY;
    }

    /** An empty set: its keys are its values, and take their place once. */
    static SortedTree<String> emptySet() {
        return EMPTY_SET;
    }

    /** The keys must be in order, each once; one value for each. */
    static <V> SortedTree<V> of(List<String> keys, List<? extends V> values) {
        if (keys.isEmpty()) {
            return empty();
        }
        return of(keys.toArray(String[]::new), values.toArray());
    }

    /** A set of keys, which must be in order, each once. */
    static SortedTree<String> ofKeys(List<String> keys) {
        String[] all = keys.toArray(String[]::new);
        return all.length == 0 ? emptySet() : of(all, all);
    }

    private static <V> SortedTree<V> of(String[] keys, Object[] values) {
        TreeNode[] nodes = packed(keys, values, 0);
        int height = 0;
        while (nodes.length > 1) {
            height++;
            nodes = packed(Arrays.stream(nodes).map(node -> node.keys[0]).toArray(String[]::new), nodes, height);
        }
        return new SortedTree<>(nodes[0], height);
    }

    static <V> SortedTree<V> of(SortedMap<String, ? extends V> sorted) {
        return of(List.copyOf(sorted.sequencedKeySet()), List.copyOf(sorted.sequencedValues()));
    }

    /** Nodes of equal size, three quarters full: what comes between finds room. */
    private static TreeNode[] packed(String[] keys, Object[] items, int level) {
        int count = Math.ceilDiv(keys.length, MAX * 3 / 4);
        var nodes = new TreeNode[count];
        for (int i = 0; i < count; i++) {
            int from = (int) ((long) keys.length * i / count);
            int to = (int) ((long) keys.length * (i + 1) / count);
            String[] its = Arrays.copyOfRange(keys, from, to);
            nodes[i] = TreeNode.at(level, its,
                    items == keys ? its : Arrays.copyOfRange(items, from, to, Object[].class));
        }
        return nodes;
    }

    int size() {
        return root.count;
    }

    boolean isEmpty() {
        return root.count == 0;
    }

    /** The value, or null. */
    @SuppressWarnings("unchecked") // leaves hold what plus and of took
    V get(String key) {
        TreeNode node = root;
        for (int level = height; level > 0; level--) {
            node = node.child(node.childOf(key));
        }
        int found = node.search(key);
        return found >= 0 ? (V) node.items[found] : null;
    }

    boolean contains(String key) {
        return get(key) != null;
    }

    // ---- changing ----

    SortedTree<V> plus(String key, V value) {
        TreeNode next = plus(root, height, key, value);
        if (next == root) {
            return this;
        }
        if (next.size() <= MAX) {
            return new SortedTree<>(next, height);
        }
        TreeNode above = TreeNode.branch(new String[] {next.keys[0]}, new Object[] {next});
        return new SortedTree<>(above.withHalves(0, next, height), height + 1);
    }

    /** The node with the entry; it may be one too large. */
    private static TreeNode plus(TreeNode node, int level, String key, Object value) {
        int found = node.search(key);
        if (level == 0) {
            return found < 0 ? node.inserted(-found - 1, key, value, 1)
                    : node.items == node.keys ? node : node.withItem(found, value, 0);
        }
        int at = found >= 0 ? found : Math.max(0, -found - 2);
        TreeNode child = plus(node.child(at), level - 1, key, value);
        if (child == node.items[at]) {
            return node;
        }
        TreeNode next = found == -1 ? node.withFirstKey(key) : node; // less than all that was here
        return child.size() <= MAX ? next.withChild(at, child) : next.withHalves(at, child, level - 1);
    }

    SortedTree<V> minus(String key) {
        if (!contains(key)) {
            return this;
        }
        TreeNode next = minus(root, height, key);
        int nextHeight = height;
        while (nextHeight > 0 && next.size() == 1) {
            next = next.child(0);
            nextHeight--;
        }
        return new SortedTree<>(next, nextHeight);
    }

    /** The node without the entry; it may be one too small. */
    private static TreeNode minus(TreeNode node, int level, String key) {
        if (level == 0) {
            return node.removed(node.search(key), 1);
        }
        int at = node.childOf(key);
        TreeNode child = minus(node.child(at), level - 1, key);
        TreeNode next = node.withChild(at, child);
        if (child.size() >= MIN || node.size() == 1) {
            return next;
        }
        int left = Math.max(0, at - 1);
        TreeNode right = next.child(left + 1);
        TreeNode joined = next.child(left).followedBy(right, level - 1);
        TreeNode without = next.removed(left + 1, right.count);
        return joined.size() <= MAX ? without.withChild(left, joined) : without.withHalves(left, joined, level - 1);
    }

    // ---- reading in order ----

    /** How many keys are less than this one. */
    private int rank(String key) {
        int rank = 0;
        TreeNode node = root;
        for (int level = height; level > 0; level--) {
            int at = node.childOf(key);
            for (int i = 0; i < at; i++) {
                rank += node.child(i).count;
            }
            node = node.child(at);
        }
        int found = node.search(key);
        return rank + (found >= 0 ? found : -found - 1);
    }

    /** The key with so many less than it. */
    String key(int rank) {
        TreeNode node = root;
        int left = rank;
        for (int level = height; level > 0; level--) {
            int at = 0;
            while (left >= node.child(at).count) {
                left -= node.child(at).count;
                at++;
            }
            node = node.child(at);
        }
        return node.keys[left];
    }

    void forEach(BiConsumer<String, V> action) {
        forEach(root, height, action);
    }

    @SuppressWarnings("unchecked") // leaves hold what plus and of took
    private static <V> void forEach(TreeNode node, int level, BiConsumer<String, V> action) {
        for (int i = 0; i < node.size(); i++) {
            if (level == 0) {
                action.accept(node.keys[i], (V) node.items[i]);
            } else {
                forEach(node.child(i), level - 1, action);
            }
        }
    }

    /** All entries, as an unmodifiable map. */
    SortedMap<String, V> asMap() {
        return new Range<>(this, null, null);
    }

    /** Walks the leaves from the first key that is not less than {@code from}. */
    private static final class Entries<V> implements Iterator<Map.Entry<String, V>> {
        private final TreeNode[] path;
        private final int[] at;
        private final int height;
        private final String to;

        Entries(SortedTree<V> tree, String from, String to) {
            this.height = tree.height;
            this.to = to;
            this.path = new TreeNode[height + 1];
            this.at = new int[height + 1];
            TreeNode node = tree.root;
            for (int level = height; level >= 0; level--) {
                path[level] = node;
                if (level > 0) {
                    at[level] = from == null ? 0 : node.childOf(from);
                    node = node.child(at[level]);
                }
            }
            int found = from == null ? 0 : node.search(from);
            at[0] = found >= 0 ? found : -found - 1;
            settle();
        }

        /** Goes on to the next leaf when this one is done. */
        private void settle() {
            int level = 0;
            while (level < height && at[level] >= path[level].size()) {
                level++;
                at[level]++;
            }
            while (level > 0 && at[level] < path[level].size()) {
                path[level - 1] = path[level].child(at[level]);
                level--;
                at[level] = 0;
            }
        }

        @Override
        public boolean hasNext() {
            return at[height] < path[height].size() && at[0] < path[0].size()
                    && (to == null || path[0].keys[at[0]].compareTo(to) < 0);
        }

        @Override
        @SuppressWarnings("unchecked") // leaves hold what plus and of took
        public Map.Entry<String, V> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            var entry = Map.entry(path[0].keys[at[0]], (V) path[0].items[at[0]]);
            at[0]++;
            settle();
            return entry;
        }
    }

    /** The entries from {@code from} (inclusive) to {@code to} (exclusive); null is no bound. */
    private static final class Range<V> extends AbstractMap<String, V> implements SortedMap<String, V> {
        private final SortedTree<V> tree;
        private final String from;
        private final String to;

        Range(SortedTree<V> tree, String from, String to) {
            this.tree = tree;
            this.from = from;
            this.to = to;
        }

        private boolean covers(Object key) {
            return key instanceof String text && (from == null || text.compareTo(from) >= 0)
                    && (to == null || text.compareTo(to) < 0);
        }

        @Override
        public V get(Object key) {
            return covers(key) ? tree.get((String) key) : null;
        }

        @Override
        public boolean containsKey(Object key) {
            return get(key) != null;
        }

        @Override
        public int size() {
            return Math.max(0, (to == null ? tree.size() : tree.rank(to)) - (from == null ? 0 : tree.rank(from)));
        }

        @Override
        public boolean isEmpty() {
            return !new Entries<>(tree, from, to).hasNext();
        }

        @Override
        public Set<Map.Entry<String, V>> entrySet() {
            return new AbstractSet<>() {
                @Override
                public Iterator<Map.Entry<String, V>> iterator() {
                    return new Entries<>(tree, from, to);
                }

                @Override
                public int size() {
                    return Range.this.size();
                }
            };
        }

        @Override
        public Comparator<? super String> comparator() {
            return null;
        }

        @Override
        public SortedMap<String, V> subMap(String fromKey, String toKey) {
            return tailMap(fromKey).headMap(toKey);
        }

        @Override
        public SortedMap<String, V> headMap(String toKey) {
            return new Range<>(tree, from, to == null || toKey.compareTo(to) < 0 ? toKey : to);
        }

        @Override
        public SortedMap<String, V> tailMap(String fromKey) {
            return new Range<>(tree, from == null || fromKey.compareTo(from) > 0 ? fromKey : from, to);
        }

        @Override
        public String firstKey() {
            return new Entries<>(tree, from, to).next().getKey();
        }

        @Override
        public String lastKey() {
            int last = (to == null ? tree.size() : tree.rank(to)) - 1;
            String key = last < 0 ? null : tree.key(last);
            if (!covers(key)) {
                throw new NoSuchElementException();
            }
            return key;
        }
    }
}
