package dev.landfall.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class KeyedQueueTest {
    /** Added last and taken last: shows that nothing else was waiting. */
    private static final int END = -1;

    /**
     * Each step is a number: adds a key (0–4), takes one if one waits (5–7), or is done with the oldest taken (8–9).
     */
    @Property(tries = 500)
    void itIsAQueueWithoutRepetitions(@ForAll @Size(max = 80) List<@IntRange(max = 9) Integer> steps) throws Exception {
        var queue = new KeyedQueue<Integer>();
        var waiting = new LinkedHashSet<Integer>();
        var working = new ArrayDeque<Integer>();
        var again = new HashSet<Integer>();
        for (int step : steps) {
            if (step < 5) {
                queue.add(step);
                (working.contains(step) ? again : waiting).add(step);
            } else if (step < 8 && !waiting.isEmpty()) {
                int key = waiting.removeFirst();
                assertThat(queue.take()).isEqualTo(key);
                working.add(key);
            } else if (step >= 8 && !working.isEmpty()) {
                int key = working.remove();
                queue.done(key);
                if (again.remove(key)) {
                    waiting.add(key);
                }
            }
        }
        queue.add(END);
        for (int key : waiting) {
            assertThat(queue.take()).isEqualTo(key);
        }
        assertThat(queue.take()).isEqualTo(END);
    }

    @Test
    void aKeyIsHeldByOneWorkerAndNoWakeUpIsLost() throws Exception {
        int keys = 8;
        int adders = 4;
        int adds = 20_000;
        var queue = new KeyedQueue<Integer>();
        var wanted = new AtomicIntegerArray(keys);
        var seen = new AtomicIntegerArray(keys);
        var holders = new AtomicIntegerArray(keys);
        var heldTwice = new AtomicBoolean();
        var workers = IntStream.range(0, 6).mapToObj(i -> Thread.startVirtualThread(() -> {
            try {
                while (true) {
                    int key = queue.take();
                    if (holders.incrementAndGet(key) != 1) {
                        heldTwice.set(true);
                    }
                    int now = wanted.get(key);
                    Thread.yield();
                    seen.set(key, now);
                    holders.decrementAndGet(key);
                    queue.done(key);
                }
            } catch (InterruptedException e) {
                return; // the end of the test
            }
        })).toList();
        var adding = IntStream.range(0, adders).mapToObj(i -> Thread.ofPlatform().start(() -> {
            for (int n = 0; n < adds; n++) {
                int key = ThreadLocalRandom.current().nextInt(keys);
                wanted.incrementAndGet(key);
                if (n % 3 == 0) {
                    queue.addAfter(key, Duration.ofNanos(ThreadLocalRandom.current().nextInt(100_000)));
                } else {
                    queue.add(key);
                }
            }
        })).toList();
        Await.ended(adding);
        Await.until("every key was looked at after its last change", () ->
                IntStream.range(0, keys).allMatch(key -> seen.get(key) == wanted.get(key)));
        workers.forEach(Thread::interrupt);
        Await.ended(workers);
        assertThat(heldTwice).isFalse();
        assertThat(IntStream.range(0, keys).map(wanted::get).sum()).isEqualTo(adders * adds);
    }

    @Test
    void aKeyAddedDuringWorkComesBackAfterIt() throws Exception {
        var queue = new KeyedQueue<Integer>();
        queue.add(1);
        assertThat(queue.take()).isEqualTo(1);
        queue.add(1);
        queue.add(1);
        queue.add(2);
        assertThat(queue.take()).isEqualTo(2); // not 1: its worker still has it
        queue.done(1);
        assertThat(queue.take()).isEqualTo(1);
        queue.done(1);
        queue.add(END);
        assertThat(queue.take()).isEqualTo(END);
    }

    @Test
    void delayedKeysComeInTheOrderOfTheirTimes() throws Exception {
        var queue = new KeyedQueue<Integer>();
        queue.addAfter(3, Duration.ofMillis(60));
        queue.addAfter(1, Duration.ofMillis(20));
        queue.addAfter(2, Duration.ofMillis(40));
        long start = System.nanoTime();
        assertThat(List.of(queue.take(), queue.take(), queue.take())).containsExactly(1, 2, 3);
        assertThat(System.nanoTime() - start).isGreaterThan(Duration.ofMillis(50).toNanos()); // not before its time
    }

    @Test
    void ofSeveralDelaysTheShortestCounts() throws Exception {
        var queue = new KeyedQueue<Integer>();
        queue.addAfter(1, Duration.ofSeconds(Long.MAX_VALUE));
        queue.addAfter(1, Duration.ofMillis(30));
        queue.addAfter(1, Duration.ofMillis(5));
        queue.addAfter(1, Duration.ofDays(1));
        assertThat(queue.take()).isEqualTo(1);
        queue.done(1);
        queue.addAfter(END, Duration.ofMillis(60)); // after the 30 ms that no longer count
        assertThat(queue.take()).isEqualTo(END);
        queue.addAfter(1, Duration.ofMillis(1)); // the day must not be remembered either
        assertThat(queue.take()).isEqualTo(1);
        queue.addAfter(2, Duration.ofSeconds(-5));
        assertThat(queue.take()).isEqualTo(2);
    }

    @Test
    void aWorkerThatLeavesHandsTheWatchOn() throws Exception {
        for (int round = 0; round < 50; round++) {
            var queue = new KeyedQueue<Integer>();
            var taken = new LinkedHashSet<Integer>();
            var workers = IntStream.range(0, 3).mapToObj(i -> Thread.ofVirtual().start(() -> {
                try {
                    int key = queue.take(); // and never done: each worker takes one
                    synchronized (taken) {
                        taken.add(key);
                    }
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            })).toList();
            queue.addAfter(1, Duration.ofMillis(2));
            queue.addAfter(2, Duration.ofMillis(1));
            queue.add(3);
            Await.ended(workers);
            assertThat(taken).containsExactlyInAnyOrder(1, 2, 3);
        }
    }

    @Test
    void onlyATakenKeyCanBeDone() throws Exception {
        var queue = new KeyedQueue<Integer>();
        queue.add(1);
        assertThatIllegalStateException().isThrownBy(() -> queue.done(1));
        assertThat(queue.take()).isEqualTo(1);
        queue.add(1);
        queue.done(1);
        assertThatIllegalStateException().isThrownBy(() -> queue.done(1)); // it waits: two workers would get it
        queue.add(END);
        assertThat(List.of(queue.take(), queue.take())).containsExactly(1, END);
    }
}
