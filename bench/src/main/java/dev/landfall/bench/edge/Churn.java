package dev.landfall.bench.edge;

import dev.landfall.bench.Progress;
import dev.landfall.bench.report.Report;
import dev.landfall.bench.report.Samples;
import dev.landfall.protocol.edge.EdgeMessage;
import dev.landfall.protocol.edge.EdgeUpdate;
import dev.landfall.protocol.edge.TargetGroup.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * A hundred times a second the one target of a group is another, and the old one drains, under load. A client asks all
 * the while which target it gets: a change is effective for users when the first answer comes from the new one.
 */
final class Churn {
    private static final int PER_SECOND = 100;
    private static final double GOAL_MILLIS = 10;
    private static final int CONNECTIONS = 32;

    private final EdgeControl control;
    private final Generator generator;
    private final int port;
    private final List<Integer> targets;
    private final List<Double> appliedMillis = new ArrayList<>();
    private final List<Double> effectiveMillis = new ArrayList<>();
    private long asked;
    private long failed;
    private long stale;

    /** @param targets ports of the backend, several */
    Churn(EdgeControl control, Generator generator, int port, List<Integer> targets) {
        this.control = control;
        this.generator = generator;
        this.port = port;
        this.targets = targets;
    }

    /** Changes that are not counted, until the JVM has compiled what they run. @return the version of the last one */
    long warmUp(long version, int seconds) {
        Progress.say("warming up with target changes");
        long last = play(version, seconds).last();
        appliedMillis.clear();
        effectiveMillis.clear();
        asked = 0;
        failed = 0;
        stale = 0;
        return last;
    }

    /** @return the version of the last change */
    long run(long version, int seconds, Report report) {
        Progress.say(PER_SECOND + " target changes a second for " + seconds + " s");
        Played played = play(version, seconds);
        report(report, played.load());
        return played.last();
    }

    private record Played(long last, Generator.Result load) {}

    private Played play(long version, int seconds) {
        long last = version;
        try (var threads = Executors.newCachedThreadPool(); var asker = new Asker(port)) {
            Future<Generator.Result> load = threads.submit(() ->
                    generator.gently("http://127.0.0.1:" + port + "/", CONNECTIONS, seconds + 1));
            long start = System.nanoTime();
            for (int change = 0; change < seconds * PER_SECOND; change++) {
                long due = start + change * 1_000_000_000L / PER_SECOND;
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                change(++last, change, asker);
            }
            return new Played(last, load.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the load could not be made", e.getCause());
        }
    }

    private void change(long version, int change, Asker asker) {
        int fresh = targets.get(change % targets.size());
        int old = targets.get(Math.floorMod(change - 1, targets.size()));
        long sent = System.nanoTime();
        var group = Configurations.group(List.of(Configurations.target(fresh),
                new Target("127.0.0.1", "127.0.0.1", old, "us-east-1a", System.currentTimeMillis())));
        long applied = control.accept(new EdgeMessage.Changed(
                new EdgeUpdate(version, List.of(), List.of(), List.of(group), List.of())));
        appliedMillis.add((applied - sent) / 1e6);
        try {
            int from;
            while ((from = asker.ask()) != fresh) {
                asked++;
                if (from < 0) {
                    failed++;
                    return;
                }
                stale++;
            }
            asked++;
            effectiveMillis.add((System.nanoTime() - sent) / 1e6);
        } catch (IOException e) {
            throw new IllegalStateException("the connection of a client ended while targets changed", e);
        }
    }

    private void report(Report report, Generator.Result load) {
        Samples applied = Samples.of(appliedMillis);
        Samples effective = Samples.of(effectiveMillis);
        Report.Table table = report.table("Target changes under load, " + PER_SECOND + " a second", "what", "n", "p50",
                "p99", "most", "goal");
        table.row("in effect after, ms", applied.count(), applied.p50(), applied.p99(), applied.quantile(1), "");
        table.row("first answer from the new target after, ms", effective.count(), effective.p50(), effective.p99(),
                effective.quantile(1), "<= 10 p99 " + (effective.p99() <= GOAL_MILLIS ? "met" : "missed"));
        long failures = failed + load.failed();
        table.row("failed requests", load.requests() + asked, failures, "", "",
                "0 " + (failures == 0 ? "met" : "missed"));
        table.row("answers from the old target, begun after the change", asked, stale, "", "", "");
        table.row("load, requests/s", load.requests(), load.perSecond(), "", "", "");
    }
}
