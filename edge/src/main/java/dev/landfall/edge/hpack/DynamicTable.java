package dev.landfall.edge.hpack;

import java.util.Arrays;

/** The fields that a client has had remembered, the newest first (RFC 7541, 2.3.2). Of one connection. */
final class DynamicTable {
    /** A ring; an entry takes 32 bytes of the table at least, which bounds it. */
    private Entry[] ring = new Entry[16];
    private int newest;
    private int count;
    private int size;
    private int capacity;

    DynamicTable(int capacity) {
        this.capacity = capacity;
    }

    int count() {
        return count;
    }

    /** @param index from 1, the newest */
    Entry entry(int index) {
        return ring[newest - index + 1 & ring.length - 1];
    }

    void capacity(int capacity) {
        this.capacity = capacity;
        evict(0);
    }

    /** Adds an entry; one that is larger than the table empties it (RFC 7541, 4.4). */
    void add(Entry entry) {
        evict(entry.size());
        if (entry.size() > capacity) {
            return;
        }
        if (count == ring.length) {
            var larger = new Entry[ring.length * 2];
            for (int i = 0; i < count; i++) {
                larger[count - 1 - i] = entry(i + 1);
            }
            ring = larger;
            newest = count - 1;
        }
        newest = newest + 1 & ring.length - 1;
        ring[newest] = entry;
        count++;
        size += entry.size();
    }

    private void evict(int room) {
        if (room > capacity) {
            Arrays.fill(ring, null);
            count = 0;
            size = 0;
            return;
        }
        while (size + room > capacity) {
            int oldest = newest - count + 1 & ring.length - 1;
            size -= ring[oldest].size();
            ring[oldest] = null;
            count--;
        }
    }
}
