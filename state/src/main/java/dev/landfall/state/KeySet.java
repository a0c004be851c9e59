package dev.landfall.state;

import java.util.AbstractSet;
import java.util.Comparator;
import java.util.Iterator;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * A persistent sorted set of keys, or a range of one. Immutable: the methods of {@link java.util.Set} change nothing.
 */
final class KeySet extends AbstractSet<String> implements SortedSet<String> {
    static final KeySet EMPTY = new KeySet(SortedTree.empty());

    private final SortedTree<Boolean> tree;
    private final SortedMap<String, Boolean> range;

    KeySet(SortedTree<Boolean> tree) {
        this(tree, tree.asMap());
    }

    private KeySet(SortedTree<Boolean> tree, SortedMap<String, Boolean> range) {
        this.tree = tree;
        this.range = range;
    }

    /** The whole set with {@code key}. */
    KeySet plus(String key) {
        return new KeySet(tree.plus(key, true));
    }

    /** The whole set without {@code key}. */
    KeySet minus(String key) {
        return new KeySet(tree.minus(key));
    }

    /** The key of the whole set that has so many before it. */
    String at(int position) {
        return tree.key(position);
    }

    @Override
    public Iterator<String> iterator() {
        return range.keySet().iterator();
    }

    @Override
    public int size() {
        return range.size();
    }

    @Override
    public boolean isEmpty() {
        return range.isEmpty();
    }

    @Override
    public boolean contains(Object key) {
        return range.containsKey(key);
    }

    @Override
    public Comparator<? super String> comparator() {
        return null;
    }

    @Override
    public SortedSet<String> subSet(String from, String to) {
        return new KeySet(tree, range.subMap(from, to));
    }

    @Override
    public SortedSet<String> headSet(String to) {
        return new KeySet(tree, range.headMap(to));
    }

    @Override
    public SortedSet<String> tailSet(String from) {
        return new KeySet(tree, range.tailMap(from));
    }

    @Override
    public String first() {
        return range.firstKey();
    }

    @Override
    public String last() {
        return range.lastKey();
    }
}
