package dev.landfall.state;

import java.util.AbstractSet;
import java.util.Comparator;
import java.util.Iterator;
import java.util.SortedMap;
import java.util.SortedSet;

/** A persistent sorted set of keys. Immutable: the methods of {@link java.util.Set} change nothing. */
final class KeySet extends AbstractSet<String> implements SortedSet<String> {
    static final KeySet EMPTY = new KeySet(SortedTree.emptySet());

    private final SortedTree<String> tree;

    KeySet(SortedTree<String> tree) {
        this.tree = tree;
    }

    KeySet plus(String key) {
        return new KeySet(tree.plus(key, key));
    }

    KeySet minus(String key) {
        return new KeySet(tree.minus(key));
    }

    /** The key that has so many before it. */
    String at(int position) {
        return tree.key(position);
    }

    @Override
    public Iterator<String> iterator() {
        return tree.asMap().keySet().iterator();
    }

    @Override
    public int size() {
        return tree.size();
    }

    @Override
    public boolean isEmpty() {
        return tree.isEmpty();
    }

    @Override
    public boolean contains(Object key) {
        return key instanceof String text && tree.contains(text);
    }

    @Override
    public Comparator<? super String> comparator() {
        return null;
    }

    @Override
    public SortedSet<String> subSet(String from, String to) {
        return new Range(tree.asMap().subMap(from, to));
    }

    @Override
    public SortedSet<String> headSet(String to) {
        return new Range(tree.asMap().headMap(to));
    }

    @Override
    public SortedSet<String> tailSet(String from) {
        return new Range(tree.asMap().tailMap(from));
    }

    @Override
    public String first() {
        return tree.asMap().firstKey();
    }

    @Override
    public String last() {
        return tree.asMap().lastKey();
    }

    /** Part of a set. */
    private static final class Range extends AbstractSet<String> implements SortedSet<String> {
        private final SortedMap<String, String> keys;

        Range(SortedMap<String, String> keys) {
            this.keys = keys;
        }

        @Override
        public Iterator<String> iterator() {
            return keys.keySet().iterator();
        }

        @Override
        public int size() {
            return keys.size();
        }

        @Override
        public boolean isEmpty() {
            return keys.isEmpty();
        }

        @Override
        public boolean contains(Object key) {
            return keys.containsKey(key);
        }

        @Override
        public Comparator<? super String> comparator() {
            return null;
        }

        @Override
        public SortedSet<String> subSet(String from, String to) {
            return new Range(keys.subMap(from, to));
        }

        @Override
        public SortedSet<String> headSet(String to) {
            return new Range(keys.headMap(to));
        }

        @Override
        public SortedSet<String> tailSet(String from) {
            return new Range(keys.tailMap(from));
        }

        @Override
        public String first() {
            return keys.firstKey();
        }

        @Override
        public String last() {
            return keys.lastKey();
        }
    }
}
