package dev.landfall.agent.supervise;

import dev.landfall.agent.task.ReportedStatus;
import dev.landfall.agent.task.TaskReport;
import dev.landfall.agent.task.TaskReport.ContainerReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One task's reports on their way to the control plane: sent in order, one at a time, each until it is accepted. Safe
 * for any thread. Reports that wait are folded together where nothing is lost by it, so however long the control plane
 * is away, no more than three wait.
 */
final class Outbox {
    private static final System.Logger LOG = System.getLogger(Outbox.class.getName());
    private static final Duration FIRST_DELAY = Duration.ofMillis(100);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);

    private final String taskArn;
    private final String clusterArn;
    private final Reports reports;
    private final Runnable changed;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition again = lock.newCondition();
    private final List<TaskReport> waiting = new ArrayList<>();
    private boolean sending;
    private boolean hurry;
    private boolean closed;

    /** {@code changed} is run, without any lock, when a report has left. */
    Outbox(String taskArn, String clusterArn, Reports reports, List<TaskReport> waiting, Runnable changed) {
        this.taskArn = taskArn;
        this.clusterArn = clusterArn;
        this.reports = reports;
        this.changed = changed;
        this.waiting.addAll(waiting);
    }

    void add(TaskReport report) {
        lock.lock();
        try {
            // The first may be on the wire just now: it stays as it is.
            int last = waiting.size() - 1;
            if (last > 0 && waiting.get(last).status() == report.status()) {
                waiting.set(last, folded(waiting.get(last), report));
            } else {
                waiting.add(report);
            }
        } finally {
            lock.unlock();
        }
        wake();
    }

    private static TaskReport folded(TaskReport earlier, TaskReport later) {
        var containers = new ArrayList<ContainerReport>(earlier.containers());
        containers.addAll(later.containers());
        return new TaskReport(later.status(), later.reason(), containers, later.attachmentArns(), later.pullStartedAt(),
                later.pullStoppedAt(), later.executionStoppedAt());
    }

    List<TaskReport> waiting() {
        lock.lock();
        try {
            return List.copyOf(waiting);
        } finally {
            lock.unlock();
        }
    }

    /** Tries at once, without the delay after an earlier failure. */
    void wake() {
        lock.lock();
        try {
            hurry = true;
            again.signalAll();
            if (sending || waiting.isEmpty() || closed) {
                return;
            }
            sending = true;
        } finally {
            lock.unlock();
        }
        Thread.ofVirtual().name("outbox").start(this::send);
    }

    private void send() {
        Duration delay = FIRST_DELAY;
        for (var next = next(); next.isPresent(); next = next()) {
            Reports.Answer answer = reports.submit(taskArn, clusterArn, next.get());
            if (answer == Reports.Answer.FAILED) {
                pause(delay);
                delay = delay.multipliedBy(2).compareTo(LONGEST_DELAY) < 0 ? delay.multipliedBy(2) : LONGEST_DELAY;
                continue;
            }
            if (answer == Reports.Answer.REFUSED) {
                LOG.log(System.Logger.Level.WARNING, "the control plane refused the state of {0}", taskArn);
            }
            delay = FIRST_DELAY;
            lock.lock();
            try {
                waiting.removeFirst();
            } finally {
                lock.unlock();
            }
            changed.run();
        }
    }

    private Optional<TaskReport> next() {
        lock.lock();
        try {
            if (closed || waiting.isEmpty()) {
                sending = false;
                return Optional.empty();
            }
            hurry = false;
            return Optional.of(waiting.getFirst());
        } finally {
            lock.unlock();
        }
    }

    private void pause(Duration delay) {
        lock.lock();
        try {
            long nanos = delay.toNanos() / 2 + ThreadLocalRandom.current().nextLong(delay.toNanos() / 2 + 1);
            if (!hurry && !closed) {
                again.await(nanos, TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            closed = true;
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    boolean done() {
        return waiting().stream().noneMatch(report -> report.status() == ReportedStatus.STOPPED);
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            again.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
