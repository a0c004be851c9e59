package dev.landfall.state;

import java.util.Arrays;

/**
 * A node of a {@link SortedTree}. A leaf's {@code items} are values, a branch's are nodes; a leaf of a set has its keys
 * for items, in the same array. The arrays are never changed once the node is made.
 *
 * <p>Keys are long and begin alike. What all keys of the node begin with is compared once in a search; then the four
 * characters behind it, which stand together in {@code heads} ({@link Heads}), tell nearly all keys apart, so that
 * hardly any key is looked at, each of which would be two places in memory more. (Bayer, Unterauer: Prefix B-trees, ACM
 * TODS 2 (1), 1977, of which this keeps the search and not the saving of space.)
 */
final class TreeNode {
    final String[] keys;
    final Object[] items;

    /** Entries in the leaves below, or of this leaf. */
    final int count;

    /** How many characters all keys have in common at least. */
    private final int common;

    /** The first halves of the keys' {@link Heads}, unsigned. */
    private final int[] heads;

    private TreeNode(String[] keys, Object[] items, int count, int common, int[] heads) {
        this.keys = keys;
        this.items = items;
        this.count = count;
        this.common = common;
        this.heads = heads;
    }

    private static TreeNode of(String[] keys, Object[] items, int count) {
        int common = keys.length == 0 ? 0 : Heads.common(keys[0], keys[keys.length - 1]);
        var heads = new int[keys.length];
        for (int i = 0; i < heads.length; i++) {
            heads[i] = head(keys[i], common);
        }
        return new TreeNode(keys, items, count, common, heads);
    }

    static TreeNode leaf(String[] keys, Object[] values) {
        return of(keys, values, keys.length);
    }

    static TreeNode branch(String[] keys, Object[] children) {
        int count = 0;
        for (Object child : children) {
            count += ((TreeNode) child).count;
        }
        return of(keys, children, count);
    }

    /** A leaf at level 0, else a branch. */
    static TreeNode at(int level, String[] keys, Object[] items) {
        return level == 0 ? leaf(keys, items) : branch(keys, items);
    }

    /** Half of a head is enough within a node, and half as much to copy. */
    private static int head(String key, int from) {
        return (int) (Heads.of(key, from) >>> Integer.SIZE);
    }

    int size() {
        return keys.length;
    }

    TreeNode child(int i) {
        return (TreeNode) items[i];
    }

    // ---- searching ----

    /** Where the key is, or where it would be inserted as {@code -(i + 1)}. */
    int search(String key) {
        if (keys.length == 0) {
            return -1;
        }
        if (!key.regionMatches(0, keys[0], 0, common)) {
            return key.compareTo(keys[0]) < 0 ? -1 : -(keys.length + 1);
        }
        int head = head(key, common) + Integer.MIN_VALUE;
        int low = 0;
        int high = keys.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Integer.compare(heads[middle] + Integer.MIN_VALUE, head);
            if (order == 0) {
                order = keys[middle].compareTo(key);
            }
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -(low + 1);
    }

    /** The child below which the key stands if it is there. */
    int childOf(String key) {
        int found = search(key);
        return found >= 0 ? found : Math.max(0, -found - 2);
    }

    // ---- changing ----

    TreeNode withItem(int i, Object item, int added) {
        Object[] next = items.clone();
        next[i] = item;
        return new TreeNode(keys, next, count + added, common, heads);
    }

    TreeNode withChild(int i, TreeNode child) {
        return withItem(i, child, child.count - child(i).count);
    }

    /** With a first key that is less than the one before. */
    TreeNode withFirstKey(String key) {
        String[] next = keys.clone();
        next[0] = key;
        return of(next, items, count);
    }

    TreeNode inserted(int i, String key, Object item, int added) {
        String[] nextKeys = new String[keys.length + 1];
        System.arraycopy(keys, 0, nextKeys, 0, i);
        System.arraycopy(keys, i, nextKeys, i + 1, keys.length - i);
        nextKeys[i] = key;
        Object[] nextItems = nextKeys;
        if (items != keys) {
            nextItems = new Object[items.length + 1];
            System.arraycopy(items, 0, nextItems, 0, i);
            System.arraycopy(items, i, nextItems, i + 1, items.length - i);
            nextItems[i] = item;
        }
        if (keys.length == 0 || !key.regionMatches(0, keys[0], 0, common)) {
            return of(nextKeys, nextItems, count + added);
        }
        int[] nextHeads = new int[heads.length + 1];
        System.arraycopy(heads, 0, nextHeads, 0, i);
        System.arraycopy(heads, i, nextHeads, i + 1, heads.length - i);
        nextHeads[i] = head(key, common);
        return new TreeNode(nextKeys, nextItems, count + added, common, nextHeads);
    }

    TreeNode removed(int i, int taken) {
        String[] nextKeys = without(keys, i);
        int[] nextHeads = Arrays.copyOf(heads, heads.length - 1);
        System.arraycopy(heads, i + 1, nextHeads, i, nextHeads.length - i);
        return new TreeNode(nextKeys, items == keys ? nextKeys : without(items, i), count - taken, common, nextHeads);
    }

    private static <T> T[] without(T[] all, int i) {
        T[] next = Arrays.copyOf(all, all.length - 1);
        System.arraycopy(all, i + 1, next, i, next.length - i);
        return next;
    }

    TreeNode part(int from, int to, int level) {
        String[] nextKeys = Arrays.copyOfRange(keys, from, to);
        return at(level, nextKeys, items == keys ? nextKeys : Arrays.copyOfRange(items, from, to));
    }

    TreeNode followedBy(TreeNode right, int level) {
        String[] nextKeys = joined(keys, right.keys);
        boolean set = items == keys && right.items == right.keys;
        return at(level, nextKeys, set ? nextKeys : joined(items, right.items));
    }

    private static <T> T[] joined(T[] left, T[] right) {
        T[] both = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        return both;
    }

    /** The node with its child {@code i} replaced by the two halves of {@code child}, which is too large. */
    TreeNode withHalves(int i, TreeNode child, int childLevel) {
        int half = child.size() / 2;
        TreeNode right = child.part(half, child.size(), childLevel);
        return withChild(i, child.part(0, half, childLevel)).inserted(i + 1, child.keys[half], right, right.count);
    }
}
