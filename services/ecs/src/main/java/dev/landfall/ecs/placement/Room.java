package dev.landfall.ecs.placement;

import dev.landfall.ecs.EcsTables;
import dev.landfall.state.Image;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * The instances of some zones of a pool that have enough memory left, one after the other, without a look at those
 * nobody asks for. Confined to one thread.
 *
 * <p>The values of {@link EcsTables#LOADS_BY_ROOM} sort each zone's instances; this merges the zones. What follows the
 * zone in such a value is the instance's rank: {@code 0}, {@code 1} or {@code 2}, then ten digits that fall as the
 * memory left rises, then eight of its tasks. Less is better, in the order of texts; of equals the ARN decides.
 */
final class Room implements Iterator<Room.Candidate> {
    private static final int MEMORY_START = 1;
    private static final int MEMORY_END = MEMORY_START + EcsTables.MEMORY_DIGITS;

    /** The instances of a rank's first character, the most promising first. */
    private static final List<String> KINDS = List.of("0", "1", "2");

    private final Image image;
    private final Order order;

    /** The least memory of interest, as ranks have it. */
    private final String needed;

    private final List<Lane> lanes = new ArrayList<>();

    /** In which order instances come; those of equal memory in any where the fullest come first. */
    enum Order {
        BY_RANK,
        FULLEST_FIRST
    }

    record Candidate(String arn, String rank) implements Comparable<Candidate> {
        /** MiB. */
        long memoryLeft() {
            return EcsTables.memoryOf(rank.substring(MEMORY_START, MEMORY_END));
        }

        @Override
        public int compareTo(Candidate other) {
            int byRank = rank.compareTo(other.rank);
            return byRank != 0 ? byRank : arn.compareTo(other.arn);
        }
    }

    /** @param memory MiB that an instance must have left to be of interest */
    Room(Image image, String pool, List<String> zones, int memory, Order order) {
        this.image = image;
        this.order = order;
        this.needed = EcsTables.memoryKey(memory);
        for (String zone : zones) {
            String prefix = EcsTables.roomPrefix(pool, zone);
            switch (order) {
                case BY_RANK -> add(new Lane(prefix, ""));
                case FULLEST_FIRST -> KINDS.forEach(kind -> add(new Lane(prefix, kind)));
            }
        }
    }

    private void add(Lane lane) {
        lane.begin();
        if (lane.next.isPresent()) {
            lanes.add(lane);
        }
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

    private static SortedMap<String, ? extends SortedSet<String>> values(Image image, String from, String to) {
        return image.values(EcsTables.LOADS, EcsTables.LOADS_BY_ROOM, from, to);
    }

    @Override
    public boolean hasNext() {
        return !lanes.isEmpty();
    }

    @Override
    public Candidate next() {
        if (lanes.isEmpty()) {
            throw new NoSuchElementException();
        }
        Lane best = lanes.getFirst();
        for (int i = 1; i < lanes.size(); i++) {
            if (before(lanes.get(i).next.get(), best.next.get())) {
                best = lanes.get(i);
            }
        }
        Candidate candidate = best.next.get();
        best.advance();
        if (best.next.isEmpty()) {
            lanes.remove(best);
        }
        return candidate;
    }

    private boolean before(Candidate a, Candidate b) {
        return switch (order) {
            case BY_RANK -> a.compareTo(b) < 0;
            case FULLEST_FIRST -> a.memoryLeft() < b.memoryLeft();
        };
    }

    /** One zone, or one kind of instances of it; holds the next of its instances. */
    private final class Lane {
        private final String zone;
        private final String prefix;

        /** What follows in the order of ranks. */
        private Iterator<? extends Map.Entry<String, ? extends SortedSet<String>>> entries =
                Collections.emptyIterator();

        private String key = "";
        private Iterator<String> arns = Collections.emptyIterator();
        private Optional<Candidate> next = Optional.empty();

        Lane(String zone, String kind) {
            this.zone = zone;
            this.prefix = zone + kind;
        }

        void begin() {
            switch (order) {
                case BY_RANK -> {
                    entries = values(image, prefix, prefix + Character.MAX_VALUE).entrySet().iterator();
                    forward();
                }
                case FULLEST_FIRST -> backward(prefix + needed + Character.MAX_VALUE);
            }
        }

        void advance() {
            if (arns.hasNext()) {
                next = Optional.of(new Candidate(arns.next(), key.substring(zone.length())));
                return;
            }
            switch (order) {
                case BY_RANK -> forward();
                case FULLEST_FIRST -> backward(key);
            }
        }

        private void forward() {
            next = Optional.empty();
            if (!entries.hasNext()) {
                return;
            }
            var entry = entries.next();
            key = entry.getKey();
            int memory = zone.length() + MEMORY_START;
            if (key.substring(memory, memory + EcsTables.MEMORY_DIGITS).compareTo(needed) > 0) {
                // Nor has any behind it enough, up to the next kind.
                String kind = zone + (char) (key.charAt(zone.length()) + 1);
                entries = values(image, kind, prefix + Character.MAX_VALUE).entrySet().iterator();
                forward();
                return;
            }
            arns = entry.getValue().iterator();
            advance();
        }

        private void backward(String before) {
            var rest = values(image, prefix, before);
            next = Optional.empty();
            if (!rest.isEmpty()) {
                key = rest.lastKey();
                arns = rest.get(key).iterator();
                advance();
            }
        }
    }
}
