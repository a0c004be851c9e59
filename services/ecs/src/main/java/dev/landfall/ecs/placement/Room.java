package dev.landfall.ecs.placement;

import dev.landfall.ecs.EcsTables;
import dev.landfall.state.Image;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.SortedMap;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * The instances of some zones of a pool by what they have left, one after the other, without a look at those nobody
 * asks for: iterators that read {@link EcsTables#LOADS_BY_ROOM} and {@link EcsTables#LOADS_BY_CPU}.
 *
 * <p>What follows the zone in a value of the first is the instance's rank: {@code 0}, {@code 1} or {@code 2}, then ten
 * digits that fall as the memory left rises, then eight of its tasks. In the second the CPU left stands before it.
 */
final class Room {
    private static final int KIND = 1;

    /** The characters of a rank. */
    private static final int RANK = KIND + EcsTables.MEMORY_DIGITS + EcsTables.TASKS_DIGITS;

    /** A rank's first character where an instance takes tasks, the most promising first. */
    private static final List<String> OPEN = List.of("0", "1");

    private static final List<String> ALL = List.of("0", "1", "2");

    private Room() {}

    /** Those that take tasks and have {@code memory} MiB left, by rank. */
    static Iterator<Candidate> roomiestFirst(Image image, String pool, List<String> zones, int memory) {
        return byRank(image, pool, zones, OPEN, EcsTables.memoryKey(memory));
    }

    /** All of them, by rank. */
    static Iterator<Candidate> all(Image image, String pool, List<String> zones) {
        return byRank(image, pool, zones, ALL, EcsTables.memoryKey(Integer.MIN_VALUE));
    }

    private static Iterator<Candidate> byRank(
            Image image, String pool, List<String> zones, List<String> kinds, String needed) {
        return merged(zones.stream().map(zone -> {
            String prefix = EcsTables.roomPrefix(pool, zone);
            // Each kind is sought when the one before it is done.
            var blocks = kinds.stream().<SortedMap<String, String>>map(kind ->
                    values(image, prefix + kind, prefix + kind + needed + Character.MAX_VALUE)).iterator();
            return lane(blocks, prefix.length(), value -> 0);
        }), Comparator.naturalOrder());
    }

    /** Those that take tasks and have {@code memory} MiB left, the ones with the least left first, then by rank. */
    static Iterator<Candidate> fullestFirst(Image image, String pool, List<String> zones, int memory) {
        return merged(zones.stream().flatMap(zone -> OPEN.stream().map(kind -> {
            String prefix = EcsTables.roomPrefix(pool, zone);
            int start = prefix.length() + KIND;
            return lane(new Upwards(image, prefix + kind, EcsTables.memoryKey(memory)), prefix.length(), value ->
                    EcsTables.memoryOf(value.substring(start, start + EcsTables.MEMORY_DIGITS)));
        })), BY_WEIGHT);
    }

    /** Those that take tasks and have so many CPU units left, the ones with the least left first, then by rank. */
    static Iterator<Candidate> leastCpuFirst(Image image, String pool, List<String> zones, int cpu) {
        return merged(zones.stream().map(zone -> {
            String prefix = EcsTables.roomPrefix(pool, zone);
            int rank = prefix.length() + EcsTables.CPU_DIGITS;
            var block = image.ordered(EcsTables.LOADS, EcsTables.LOADS_BY_CPU,
                    prefix + EcsTables.cpuKey(Math.max(0, cpu)), prefix + Character.MAX_VALUE);
            return lane(Stream.<SortedMap<String, String>>of(block).iterator(), rank, value ->
                    Long.parseLong(value.substring(prefix.length(), rank)));
        }), BY_WEIGHT);
    }

    private static final Comparator<Candidate> BY_WEIGHT =
            Comparator.comparingLong(Candidate::weight).thenComparing(Comparator.naturalOrder());

    private static Iterator<Candidate> merged(Stream<Iterator<Candidate>> lanes, Comparator<Candidate> order) {
        List<Iterator<Candidate>> all = lanes.toList();
        return all.size() == 1 ? all.getFirst() : new Merged<>(all, order);
    }

    /** The zones of a pool that have instances, in order. */
    static List<String> zones(Image image, String pool) {
        var zones = new ArrayList<String>();
        String prefix = EcsTables.roomPrefix(pool);
        var rest = values(image, prefix, prefix + Character.MAX_VALUE);
        while (!rest.isEmpty()) {
            String key = rest.firstKey();
            String zone = key.substring(prefix.length(), key.indexOf('|', prefix.length()));
            zones.add(zone);
            rest = values(image, EcsTables.roomPrefix(pool, zone) + Character.MAX_VALUE,
                    prefix + Character.MAX_VALUE);
        }
        return zones;
    }

    private static SortedMap<String, String> values(Image image, String from, String to) {
        return image.ordered(EcsTables.LOADS, EcsTables.LOADS_BY_ROOM, from, to);
    }

    private static Iterator<Candidate> lane(Iterator<SortedMap<String, String>> blocks,
            int rank, ToLongFunction<String> weight) {
        return new Lane(blocks, rank, weight);
    }

    /** The instances of some stretches of an index, one stretch after the other. */
    private static final class Lane implements Iterator<Candidate> {
        private final Iterator<SortedMap<String, String>> blocks;

        /** Where the rank begins in a value. */
        private final int start;

        private final ToLongFunction<String> weigh;
        private Iterator<Map.Entry<String, String>> entries =
                Collections.emptyIterator();

        Lane(Iterator<SortedMap<String, String>> blocks, int start,
                ToLongFunction<String> weigh) {
            this.blocks = blocks;
            this.start = start;
            this.weigh = weigh;
        }

        @Override
        public boolean hasNext() {
            while (!entries.hasNext()) {
                if (!blocks.hasNext()) {
                    return false;
                }
                entries = blocks.next().entrySet().iterator();
            }
            return true;
        }

        @Override
        public Candidate next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            var entry = entries.next();
            String value = entry.getKey();
            return new Candidate(
                    entry.getValue(), value.substring(start, start + RANK), weigh.applyAsLong(value));
        }
    }

    /** From the end of a stretch to its beginning: of equal memory forward, but the least memory first. */
    private static final class Upwards implements Iterator<SortedMap<String, String>> {
        private final Image image;
        private final String prefix;
        private SortedMap<String, String> rest;

        Upwards(Image image, String prefix, String needed) {
            this.image = image;
            this.prefix = prefix;
            this.rest = values(image, prefix, prefix + needed + Character.MAX_VALUE);
        }

        @Override
        public boolean hasNext() {
            return !rest.isEmpty();
        }

        @Override
        public SortedMap<String, String> next() {
            String equal = rest.lastKey().substring(0, prefix.length() + EcsTables.MEMORY_DIGITS);
            rest = values(image, prefix, equal);
            return values(image, equal, equal + Character.MAX_VALUE);
        }
    }
}
