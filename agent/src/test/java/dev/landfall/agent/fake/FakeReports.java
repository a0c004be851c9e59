package dev.landfall.agent.fake;

import dev.landfall.agent.supervise.Reports;
import dev.landfall.agent.task.ReportedStatus;
import dev.landfall.agent.task.TaskReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A control plane that takes reports, refuses them, or is not there. Safe for any thread. */
public final class FakeReports implements Reports {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<TaskReport> accepted = new ArrayList<>();
    private Answer answer = Answer.ACCEPTED;
    private int attempts;

    @Override
    public Answer submit(String taskArn, String clusterArn, TaskReport report) {
        lock.lock();
        try {
            attempts++;
            if (answer == Answer.ACCEPTED) {
                accepted.add(report);
            }
            changed.signalAll();
            return answer;
        } finally {
            lock.unlock();
        }
    }

    public void answer(Answer next) {
        lock.lock();
        try {
            answer = next;
        } finally {
            lock.unlock();
        }
    }

    public List<TaskReport> accepted() {
        lock.lock();
        try {
            return List.copyOf(accepted);
        } finally {
            lock.unlock();
        }
    }

    public void awaitAttempts(int count) {
        await(() -> attempts >= count, count + " attempts");
    }

    public TaskReport await(ReportedStatus status) {
        await(() -> accepted.stream().anyMatch(report -> report.status() == status), "a report of " + status);
        return accepted().stream().filter(report -> report.status() == status).findFirst().orElseThrow();
    }

    private void await(java.util.function.BooleanSupplier condition, String what) {
        lock.lock();
        try {
            long left = PATIENCE.toNanos();
            while (!condition.getAsBoolean()) {
                if (left <= 0) {
                    throw new AssertionError("not in time: " + what + "; accepted " + accepted);
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            lock.unlock();
        }
    }
}
