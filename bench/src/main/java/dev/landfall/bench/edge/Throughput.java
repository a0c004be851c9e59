package dev.landfall.bench.edge;

import dev.landfall.bench.Progress;
import dev.landfall.bench.child.Child;
import dev.landfall.bench.report.Machine;
import dev.landfall.bench.report.Report;
import dev.landfall.bench.report.Samples;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * Rounds in which each server is asked the same, one after the other; who goes first changes. Ratios are of values of
 * one round, since a machine that others use is now slower and now faster.
 */
final class Throughput {
    private static final double GOAL_HTTP = 0.9;
    private static final double GOAL_TCP = 0.8;
    private static final double GOAL_P99 = 1.5;
    private static final double GOAL_RESIDENT_MIB = 160;

    private final List<Side> sides;
    private final Generator generator;
    private final Map<Scenario, Map<String, List<Measured>>> measured = new EnumMap<>(Scenario.class);

    private record Measured(Generator.Result seen, double cpuMicros, double residentMib) {}

    /** @param sides ours first, then the one that ratios are of */
    Throughput(List<Side> sides, Generator generator) {
        this.sides = sides;
        this.generator = generator;
    }

    /**
     * Until the JVM has compiled what each scenario runs; its peers get a second. In runs of a second, since what opens
     * and closes connections is to be compiled as well: else that happens when a measurement begins.
     */
    void warmUp(Set<Scenario> scenarios, int seconds) {
        for (Scenario scenario : scenarios) {
            Progress.say("warming up with " + scenario.title());
            for (Side side : sides) {
                int runs = side == sides.getFirst() ? seconds : 1;
                for (int run = 0; run < runs && side.serves(scenario); run++) {
                    generator.run(scenario, side.ports().get(scenario.door()), 1);
                }
            }
        }
    }

    void round(Scenario scenario, int number, int seconds) {
        var order = new ArrayList<>(sides);
        Collections.rotate(order, number);
        for (Side side : order) {
            if (!side.serves(scenario)) {
                continue;
            }
            double before = Child.cpuSeconds(side.pid());
            Generator.Result seen = generator.run(scenario, side.ports().get(scenario.door()), seconds);
            double cpu = Child.cpuSeconds(side.pid()) - before;
            measured.computeIfAbsent(scenario, _ -> new LinkedHashMap<>())
                    .computeIfAbsent(side.name(), _ -> new ArrayList<>())
                    .add(new Measured(seen, cpu * 1e6 / seen.requests(),
                            Machine.kib("/proc/" + side.pid() + "/status", "VmRSS") / 1024.0));
        }
    }

    void report(Report report) {
        Report.Table absolute = report.table("Requests, one processor each", "what", "server", "requests/s",
                "CPU us", "p50 us", "p99 us", "p99.9 us", "resident MiB", "failed");
        String peer = sides.get(1).name();
        Report.Table ratios = report.table("Landfall / " + peer + ", of one round each", "what", "rounds",
                "requests/s: median", "least", "most", "goal", "CPU a request: median", "p99: median", "p99 goal",
                "resident goal");
        measured.forEach((scenario, byServer) -> {
            byServer.forEach((name, results) -> absolute.row(scenario.title(), name,
                    median(results, result -> result.seen().perSecond()), median(results, Measured::cpuMicros),
                    median(results, result -> result.seen().p50()), median(results, result -> result.seen().p99()),
                    median(results, result -> result.seen().p999()), median(results, Measured::residentMib),
                    results.stream().mapToLong(result -> result.seen().failed()).sum()));
            row(ratios, scenario, byServer.get(sides.getFirst().name()), byServer.get(peer));
        });
    }

    private static void row(Report.Table table, Scenario scenario, List<Measured> ours, List<Measured> theirs) {
        Samples rate = ratios(ours, theirs, result -> result.seen().perSecond());
        double cpu = ratios(ours, theirs, Measured::cpuMicros).p50();
        double p99 = ratios(ours, theirs, result -> result.seen().p99()).p50();
        double resident = ours.stream().mapToDouble(Measured::residentMib).max().orElse(0);
        double goal = scenario.door() == Scenario.Door.TCP ? GOAL_TCP : GOAL_HTTP;
        table.row(scenario.title(), ours.size(), rate.p50(), rate.min(), rate.quantile(1),
                goal(">=", goal, rate.p50() >= goal), cpu, p99, goal("<=", GOAL_P99, p99 <= GOAL_P99),
                goal("<=", GOAL_RESIDENT_MIB, resident <= GOAL_RESIDENT_MIB));
    }

    private static String goal(String relation, double goal, boolean met) {
        return relation + " " + (goal == Math.rint(goal) ? Long.toString((long) goal) : Double.toString(goal))
                + (met ? " met" : " missed");
    }

    private static Samples ratios(List<Measured> ours, List<Measured> theirs, ToDoubleFunction<Measured> value) {
        var ratios = new ArrayList<Double>();
        for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
            ratios.add(value.applyAsDouble(ours.get(i)) / value.applyAsDouble(theirs.get(i)));
        }
        return Samples.of(ratios);
    }

    private static double median(List<Measured> results, ToDoubleFunction<Measured> value) {
        return Samples.of(results.stream().mapToDouble(value).toArray()).p50();
    }
}
