package dev.landfall.agent.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.agent.fake.FakeReports;
import dev.landfall.agent.task.ReportedStatus;
import dev.landfall.agent.task.TaskReport;
import dev.landfall.agent.task.TaskReport.ContainerReport;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private final FakeReports reports = new FakeReports();
    private final Semaphore left = new Semaphore(0);
    private final Outbox outbox = new Outbox("task", "cluster", reports, List.of(), left::release);

    private static TaskReport report(ReportedStatus status, String container) {
        return new TaskReport(status, "", List.of(new ContainerReport(container, status, Optional.empty(),
                Optional.empty(),
                "", Optional.empty(), List.of())), List.of(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    @Test
    void reportsArriveInOrder() throws InterruptedException {
        outbox.add(report(ReportedStatus.RUNNING, "a"));
        outbox.add(report(ReportedStatus.STOPPED, "a"));
        assertThat(left.tryAcquire(2, 10, TimeUnit.SECONDS)).isTrue();
        assertThat(reports.accepted()).extracting(TaskReport::status)
                .containsExactly(ReportedStatus.RUNNING, ReportedStatus.STOPPED);
        assertThat(outbox.waiting()).isEmpty();
    }

    @Test
    void whatWaitsIsFoldedWithoutLosingAnything() throws InterruptedException {
        reports.answer(Reports.Answer.FAILED);
        outbox.add(report(ReportedStatus.RUNNING, "a"));
        reports.awaitAttempts(1);
        for (String container : List.of("b", "c", "d")) {
            outbox.add(report(ReportedStatus.RUNNING, container));
        }
        outbox.add(report(ReportedStatus.STOPPED, "a"));
        assertThat(outbox.waiting()).hasSize(3);
        reports.answer(Reports.Answer.ACCEPTED);
        outbox.wake();
        assertThat(left.tryAcquire(3, 10, TimeUnit.SECONDS)).isTrue();
        assertThat(reports.accepted().stream().flatMap(report -> report.containers().stream()))
                .extracting(ContainerReport::name).containsExactly("a", "b", "c", "d", "a");
    }

    @Test
    void aRefusedReportIsDropped() throws InterruptedException {
        reports.answer(Reports.Answer.REFUSED);
        outbox.add(report(ReportedStatus.STOPPED, "a"));
        assertThat(left.tryAcquire(1, 10, TimeUnit.SECONDS)).isTrue();
        assertThat(outbox.waiting()).isEmpty();
        assertThat(reports.accepted()).isEmpty();
    }
}
