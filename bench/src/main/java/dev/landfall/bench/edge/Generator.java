package dev.landfall.bench.edge;

import dev.landfall.bench.Refusal;
import dev.landfall.bench.report.Samples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** wrk and h2load: one thread, on the processor that the measured server does not have. */
final class Generator {
    /** Prints the sums of a run in one line, with the quantile that wrk itself leaves out. */
    private static final String SCRIPT = """
            done = function(summary, latency, requests)
              local e = summary.errors
              io.write(string.format("RESULT %d %d %d %d %d %d\\n", summary.requests, summary.duration,
                e.connect + e.read + e.write + e.timeout + e.status,
                latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
            end
            """;
    private static final Pattern RESULT = Pattern.compile("RESULT (\\d+) (\\d+) (\\d+) (\\d+) (\\d+) (\\d+)");
    /** The same, with clients that wait a moment before they ask again. */
    private static final String GENTLE_SCRIPT = SCRIPT + """
            function delay() return 2 end
            """;
    /** Streams of one connection of HTTP/2 at once. */
    private static final int STREAMS = 10;

    private final int processor;
    private final Path script;
    private final Path gentleScript;
    private final Path log;

    Generator(int processor, Path directory) {
        this.processor = processor;
        script = directory.resolve("wrk.lua");
        gentleScript = directory.resolve("gentle.lua");
        log = directory.resolve("h2load.log");
        try {
            Files.writeString(script, SCRIPT);
            Files.writeString(gentleScript, GENTLE_SCRIPT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the clients saw; times in microseconds. */
    record Result(long requests, double seconds, long failed, double p50, double p99, double p999) {
        double perSecond() {
            return requests / seconds;
        }
    }

    Result run(Scenario scenario, int port, int seconds) {
        return switch (scenario.load()) {
            case WRK -> wrk((scenario.door() == Scenario.Door.TLS ? "https" : "http") + "://127.0.0.1:" + port
                    + scenario.path(), scenario.connections(), seconds, script);
            case H2LOAD -> h2load("https://127.0.0.1:" + port + scenario.path(), scenario.connections(), seconds);
        };
    }

    /** Load that leaves the server time to spare: each client waits two milliseconds between its requests. */
    Result gently(String url, int connections, int seconds) {
        return wrk(url, connections, seconds, gentleScript);
    }

    private Result wrk(String url, int connections, int seconds, Path with) {
        String output = Tools.run(Pinned.command(processor, List.of(Tools.path("wrk"), "-t1",
                "-c" + connections, "-d" + seconds + "s", "-s", with.toString(), url)));
        Matcher result = RESULT.matcher(output);
        if (!result.find()) {
            throw new Refusal("wrk says: " + output);
        }
        return new Result(Long.parseLong(result.group(1)), Long.parseLong(result.group(2)) / 1e6,
                Long.parseLong(result.group(3)), Double.parseDouble(result.group(4)),
                Double.parseDouble(result.group(5)), Double.parseDouble(result.group(6)));
    }

    /** Its log has a line for each request: when it began, its status, and how long it took. */
    private Result h2load(String url, int connections, int seconds) {
        try {
            Files.deleteIfExists(log);
            Tools.run(Pinned.command(processor, List.of(Tools.path("h2load"), "-t1",
                    "-c" + connections, "-m" + STREAMS, "-D" + seconds, "--log-file=" + log, url)));
            var micros = new ArrayList<Double>();
            long failed = 0;
            try (var lines = Files.lines(log)) {
                for (String line : (Iterable<String>) lines::iterator) {
                    String[] fields = line.split("\t");
                    if (fields[1].startsWith("2")) {
                        micros.add(Double.parseDouble(fields[2]));
                    } else {
                        failed++;
                    }
                }
            }
            Samples samples = Samples.of(micros);
            return new Result(samples.count(), seconds, failed, samples.p50(), samples.p99(), samples.quantile(0.999));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
