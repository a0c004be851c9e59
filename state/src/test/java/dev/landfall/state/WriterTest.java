package dev.landfall.state;

import static dev.landfall.state.Item.ITEMS;
import static dev.landfall.state.Item.SCHEMA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.state.Journal.DataDirectoryException;
import dev.landfall.state.Journal.JournalException;
import dev.landfall.state.row.BatchReader;
import dev.landfall.state.row.BatchWriter;
import dev.landfall.state.row.Forms;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WriterTest {
    private record Told(long count) implements Effect {}

    private record Shapeless(String id, List<Object> parts) {}

    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
    private final HeldJournal journal = new HeldJournal();
    private Writer writer = open(journal);

    private static Writer open(Journal journal) {
        return open(journal, SCHEMA);
    }

    private static Writer open(Journal journal, List<Table<?>> schema) {
        return new Writer(journal, schema, Forms.ofRecords(), Clock.fixed(NOW, ZoneOffset.UTC), () -> "id");
    }

    @AfterEach
    void close() {
        journal.releaseAll();
        writer.close();
    }

    /** Counts a row up by one; the reply is the new count. */
    private static Operation<Long> increment(String id) {
        return (image, context) -> {
            long next = image.get(ITEMS, id).map(Item::count).orElse(0L) + 1;
            return new Decision<>(next, List.of(Write.put(ITEMS, Item.counted(id, next))), List.of(new Told(next)));
        };
    }

    private <A> CompletableFuture<A> submitLater(Operation<A> operation) {
        var answer = new CompletableFuture<A>();
        Thread.startVirtualThread(() -> {
            try {
                answer.complete(writer.submit(operation));
            } catch (Throwable e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    /** Submits and waits until it was decided; it may not have joined its group yet. */
    private <A> CompletableFuture<A> decideLater(Operation<A> operation) throws InterruptedException {
        var decided = new CountDownLatch(1);
        var answer = submitLater((image, context) -> {
            try {
                return operation.decide(image, context);
            } finally {
                decided.countDown();
            }
        });
        assertThat(decided.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return answer;
    }

    private static <A> Throwable failure(CompletableFuture<A> answer) {
        try {
            throw new AssertionError("answered with " + answer.orTimeout(20, TimeUnit.SECONDS).join());
        } catch (CompletionException e) {
            return e.getCause();
        }
    }

    private static <A> A success(CompletableFuture<A> answer) {
        return answer.orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Test
    void everyDecisionSeesAllBefore() {
        var effects = new CopyOnWriteArrayList<Effect>();
        var commits = new CopyOnWriteArrayList<Commit>();
        writer.onEffect(effects::add);
        writer.follow(commits::add);
        var answers = IntStream.range(0, 500).mapToObj(i -> submitLater(increment("a"))).toList();
        assertThat(answers.stream().map(WriterTest::success)).containsExactlyInAnyOrderElementsOf(
                LongStream.rangeClosed(1, 500).boxed().toList());
        assertThat(writer.image().get(ITEMS, "a")).contains(Item.counted("a", 500));
        assertThat(writer.image().version()).isEqualTo(500);
        writer.close(); // the followers of the last group may still be told
        assertThat(effects).containsExactlyElementsOf(LongStream.rangeClosed(1, 500).mapToObj(Told::new).toList());
        for (int i = 0; i < commits.size(); i++) {
            var commit = commits.get(i);
            assertThat(commit.after().version()).isEqualTo(commit.before().version() + commit.writes().size());
            assertThat(commit.before().apply(commit.writes()).get(ITEMS, "a"))
                    .isEqualTo(commit.after().get(ITEMS, "a"));
            assertThat(i == 0 || commits.get(i - 1).after() == commit.before()).isTrue();
        }
        assertThat(commits.getLast().after()).isSameAs(writer.image());
    }

    @Test
    void aDecisionIsGivenTheTimeAndIds() {
        String reply = writer.submit((image, context) -> Decision.of(context.now() + context.ids().next()));
        assertThat(reply).isEqualTo(NOW + "id");
    }

    @Test
    void nothingIsSeenBeforeItIsDurable() throws Exception {
        var events = new CopyOnWriteArrayList<Object>();
        writer.onEffect(effect -> {
            assertThat(journal.groups()).isNotEmpty();
            events.add(effect);
        });
        writer.follow(commit -> events.add(commit.after().version()));
        journal.hold();
        Image before = writer.image();
        var first = submitLater(increment("a"));
        journal.awaitAppend();
        var second = decideLater(increment("a")); // on the image with the first
        var refused = decideLater((image, context) -> {
            throw new IllegalArgumentException("there are " + image.get(ITEMS, "a").orElseThrow().count());
        });
        var read = decideLater((image, context) -> Decision.of(image.get(ITEMS, "a").orElseThrow().count()));
        assertThat(writer.image()).isSameAs(before);
        assertThat(List.of(first.isDone(), second.isDone(), refused.isDone(), read.isDone())).containsOnly(false);
        assertThat(events).isEmpty();

        journal.release();
        assertThat(success(first)).isEqualTo(1);
        assertThat(writer.image().get(ITEMS, "a")).contains(Item.counted("a", 1));
        journal.awaitAppend();
        assertThat(List.of(second.isDone(), refused.isDone(), read.isDone())).containsOnly(false);
        assertThat(events).containsExactly(new Told(1), 1L);

        journal.releaseAll();
        assertThat(success(second)).isEqualTo(2);
        assertThat(failure(refused)).isInstanceOf(IllegalArgumentException.class).hasMessage("there are 2");
        assertThat(success(read)).isEqualTo(2);
        assertThat(writer.image().get(ITEMS, "a")).contains(Item.counted("a", 2));
    }

    @Test
    void whatWaitsIsWrittenTogether() throws Exception {
        journal.hold();
        var answers = new ArrayList<CompletableFuture<Long>>();
        answers.add(submitLater(increment("first")));
        journal.awaitAppend();
        for (int i = 0; i < 100; i++) {
            answers.add(decideLater(increment(i % 2 == 0 ? "even" : "odd")));
        }
        journal.releaseAll();
        answers.forEach(WriterTest::success);
        assertThat(journal.groups().size()).isBetween(2, 3); // the last may have joined after the second had begun
        assertThat(journal.groups().stream().flatMap(List::stream).map(BatchReader.Entry::key))
                .hasSizeBetween(3, 4).contains("first", "even", "odd");
    }

    @Test
    void anOperationThatThrowsChangesNothing() {
        writer.submit(increment("a"));
        Image before = writer.image();
        assertThatThrownBy(() -> writer.submit((image, context) -> {
            throw new ArithmeticException("mine");
        })).isInstanceOf(ArithmeticException.class).hasMessage("mine");
        assertThatThrownBy(() -> writer.submit((image, context) -> {
            throw new StackOverflowError("mine");
        })).isInstanceOf(StackOverflowError.class);
        assertThatThrownBy(() -> writer.submit((image, context) ->
                Decision.of("", Write.put(ITEMS, Item.of("b")), Write.put(ITEMS, new Item("c", null, List.of(), 0)))))
                .isInstanceOf(NullPointerException.class);
        assertThat(writer.image().get(ITEMS, "b")).isEmpty();
        assertThat(writer.image()).isSameAs(before);
        assertThat(writer.submit(increment("a"))).isEqualTo(2);
        assertThat(journal.groups()).hasSize(2);
    }

    @Test
    void rowsThatCannotBeStoredAreRefusedBeforeThereIsOne() {
        var table = Table.of("shapeless", Shapeless.class, Shapeless::id);
        var unused = new HeldJournal();
        assertThatIllegalArgumentException().isThrownBy(() -> open(unused, List.of(table)))
                .withMessageContaining("java.lang.Object");
        assertThat(unused.isClosed()).isTrue();
    }

    @Test
    void halfOfASurrogatePairIsAKeyAsAnyOther() {
        writer.submit(increment("\uD83D"));
        writer.submit(increment("?"));
        writer.close();
        try (var again = open(journal.reopened())) {
            assertThat(again.image().all(ITEMS)).containsExactly(Item.counted("?", 1), Item.counted("\uD83D", 1));
        }
    }

    @Test
    void aRefusedGroupFailsWhatWasBuiltOnItAndNothingElse() throws Exception {
        for (var failure : List.of(new JournalException("full", null), new IllegalStateException("bug"),
                new StackOverflowError())) {
            long durable = writer.submit(increment("a"));
            journal.awaitAppend();
            journal.hold();
            journal.failNext(failure);
            var lost = submitLater(increment("a"));
            journal.awaitAppend();
            var built = decideLater(increment("a"));
            var refused = decideLater((image, context) -> {
                throw new IllegalArgumentException("a is " + image.get(ITEMS, "a").orElseThrow().count());
            });
            // Being decided while the group fails, on an image that will never be: it must be decided again.
            var inDecision = new CountDownLatch(1);
            var failed = new CountDownLatch(1);
            var again = submitLater((image, context) -> {
                inDecision.countDown();
                await(failed);
                return increment("a").decide(image, context);
            });
            await(inDecision);
            journal.release();
            assertThat(failure(lost)).isInstanceOf(JournalException.class);
            assertThat(failure(built)).isInstanceOf(JournalException.class);
            assertThat(failure(refused)).isInstanceOf(JournalException.class);
            failed.countDown();
            journal.releaseAll();
            assertThat(success(again)).isEqualTo(durable + 1);
            assertThat(writer.submit(increment("a"))).isEqualTo(durable + 2);
            assertThat(writer.image().get(ITEMS, "a")).contains(Item.counted("a", durable + 2));
            journal.awaitAppend();
            journal.awaitAppend();
            journal.takeBackPermits();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void closingLetsDecidedWorkFinishAndRefusesTheRest() throws Exception {
        journal.hold();
        var first = submitLater(increment("a"));
        journal.awaitAppend();
        var second = decideLater(increment("a"));
        var inDecision = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var third = submitLater((image, context) -> {
            inDecision.countDown();
            await(goOn);
            return increment("a").decide(image, context);
        });
        await(inDecision);
        var waiting = IntStream.range(0, 20).mapToObj(i -> {
            var answer = new CompletableFuture<Long>();
            return Thread.startVirtualThread(() -> {
                try {
                    answer.complete(writer.submit(increment("a")));
                } catch (IllegalStateException e) {
                    answer.completeExceptionally(e);
                }
                assertThat(answer).isCompletedExceptionally();
            });
        }).toList();
        Await.until("all wait", () -> waiting.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING));
        var closing = Thread.startVirtualThread(writer::close);
        Await.until("the close waits", () -> closing.getState() == Thread.State.WAITING);
        assertThat(closing.isAlive()).isTrue();
        goOn.countDown();
        Await.ended(waiting); // refused before the journal moves
        assertThat(journal.isClosed()).isFalse();
        journal.releaseAll();
        Await.ended(List.of(closing));
        assertThat(List.of(success(first), success(second), success(third))).containsExactly(1L, 2L, 3L);
        assertThat(journal.isClosed()).isTrue();
        assertThat(writer.image().get(ITEMS, "a")).contains(Item.counted("a", 3));
        assertThatIllegalStateException().isThrownBy(() -> writer.submit(increment("a")))
                .withMessageContaining("closed");
        writer.close(); // again, without harm
    }

    @Test
    void nobodyHangsWhenCloseAndSubmitRace() throws Exception {
        for (int round = 0; round < 150; round++) {
            var racing = new HeldJournal();
            var opened = open(racing);
            var acknowledged = new AtomicInteger();
            var start = new CountDownLatch(1);
            var callers = IntStream.range(0, 8).mapToObj(i -> Thread.ofVirtual().start(() -> {
                await(start);
                try {
                    while (true) {
                        opened.submit(increment("a"));
                        acknowledged.incrementAndGet();
                    }
                } catch (IllegalStateException e) {
                    assertThat(e).hasMessageContaining("closed");
                }
            })).toList();
            start.countDown();
            int until = round % 10;
            Await.until("some were answered", () -> acknowledged.get() >= until);
            opened.close();
            Await.ended(callers);
            assertThat(opened.image().get(ITEMS, "a").map(Item::count).orElse(0L)).isEqualTo(acknowledged.get());
        }
    }

    @Test
    void waitingIsBoundedAndCloseFreesEveryone() throws Exception {
        journal.hold();
        var first = submitLater(increment("first"));
        journal.awaitAppend();
        var decided = new AtomicInteger();
        var refused = new AtomicInteger();
        int callers = 13_000;
        var threads = IntStream.range(0, callers).mapToObj(i -> Thread.startVirtualThread(() -> {
            try {
                writer.submit((image, context) -> {
                    decided.incrementAndGet();
                    return increment("a").decide(image, context);
                });
            } catch (IllegalStateException e) {
                refused.incrementAndGet();
            }
        })).toList();
        Await.until("all wait", () -> decided.get() >= 2_000
                && threads.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING));
        assertThat(decided).hasValue(2_000); // one group is being written, one is full
        var closing = Thread.startVirtualThread(writer::close);
        Await.until("the close waits", () -> closing.getState() == Thread.State.WAITING);
        journal.releaseAll();
        Await.ended(List.of(closing));
        Await.ended(threads);
        success(first);
        assertThat(decided.get() + refused.get()).isEqualTo(callers);
        assertThat(writer.image().get(ITEMS, "a").orElseThrow().count()).isEqualTo(decided.get());
    }

    @Test
    void readingNeedsNoTurn() throws Exception {
        journal.hold();
        submitLater(increment("a"));
        journal.awaitAppend();
        var inDecision = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        submitLater((image, context) -> {
            inDecision.countDown();
            await(goOn);
            return Decision.of("");
        });
        await(inDecision);
        assertThat(writer.image().all(ITEMS)).isEmpty(); // though both of the writer's threads are stuck
        goOn.countDown();
    }

    @Test
    void theWritersOwnThreadsDoNotWaitForThemselves() {
        var inFollower = new CompletableFuture<Object>();
        writer.follow(commit -> {
            try {
                inFollower.complete(writer.submit(increment("b")));
            } catch (IllegalStateException e) {
                inFollower.complete(e);
            }
        });
        assertThatIllegalStateException().isThrownBy(() -> writer.submit((image, context) ->
                Decision.of(writer.submit(increment("b")))));
        assertThatIllegalStateException().isThrownBy(() -> writer.submit((image, context) -> {
            writer.close();
            return Decision.of("");
        }));
        writer.submit(increment("a"));
        assertThat(success(inFollower)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aReceiverThatFailsCostsNobodyTheirTurn() {
        var effects = new CopyOnWriteArrayList<Effect>();
        writer.onEffect(effect -> {
            throw new IllegalStateException("mine");
        });
        writer.onEffect(effects::add);
        writer.follow(commit -> {
            throw new StackOverflowError("mine");
        });
        assertThat(writer.submit(increment("a"))).isEqualTo(1);
        assertThat(writer.submit(increment("a"))).isEqualTo(2);
        writer.close();
        assertThat(effects).containsExactly(new Told(1), new Told(2));
    }

    @Test
    void anInterruptedOperationDoesNotStopTheWriter() {
        writer.submit((image, context) -> {
            Thread.currentThread().interrupt();
            return Decision.of("");
        });
        assertThat(writer.submit(increment("a"))).isEqualTo(1);
    }

    @Test
    void aRowThatCannotBeReadIsRefusedAndTheJournalClosed() {
        var forms = Forms.ofRecords();
        var another = new BatchWriter();
        another.put("items", "a", forms.of(Item.class), Item.of("b"));
        var ofAnotherType = new BatchWriter();
        ofAnotherType.put("items", "a", forms.of(String.class), "a");
        for (var batch : List.of(another, ofAnotherType)) {
            var unreadable = new HeldJournal();
            unreadable.start();
            unreadable.append(List.of(batch.take()));
            var reopened = unreadable.reopened();
            assertThatThrownBy(() -> open(reopened)).isInstanceOf(DataDirectoryException.class)
                    .hasMessageContaining("row a of table items");
            assertThat(reopened.isClosed()).isTrue();
        }
        var garbled = new HeldJournal();
        garbled.start();
        garbled.append(List.of("garbled".getBytes(StandardCharsets.UTF_8)));
        assertThatThrownBy(() -> open(garbled.reopened())).isInstanceOf(DataDirectoryException.class);
    }
}
