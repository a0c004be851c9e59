package dev.landfall.bench.child;

import dev.landfall.bench.Refusal;
import dev.landfall.bench.report.Machine;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that a benchmark measures. It says one line on its standard output when it is ready. */
public final class Child implements AutoCloseable {
    /** Linux has counted the processor time of processes in hundredths of a second since ever. */
    private static final double TICKS_PER_SECOND = 100;

    private static final Duration STOPPING = Duration.ofSeconds(60);

    private final Process process;
    private final Path log;
    private final long startedNanos;

    private Child(Process process, Path log, long startedNanos) {
        this.process = process;
        this.log = log;
        this.startedNanos = startedNanos;
    }

    /** Standard error goes to {@code log}, added to what is there. */
    public static Child start(List<String> command, Path log) {
        try {
            long now = System.nanoTime();
            Process process = new ProcessBuilder(command)
                    .redirectInput(new File("/dev/null"))
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            return new Child(process, log, now);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the line that says it is ready, and answers it. */
    public String awaitReady() {
        try {
            // Not closed: the process may write more, and must not find the pipe broken.
            var lines = new BufferedReader(process.inputReader());
            String line = lines.readLine();
            if (line == null) {
                throw new Refusal("a process ended before it was ready: " + tail());
            }
            Thread.ofVirtual().name("drain").start(() -> drain(lines));
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void drain(BufferedReader lines) {
        try {
            while (lines.readLine() != null) {
                // Nobody wants it.
            }
        } catch (IOException e) {
            // The process has ended.
        }
    }

    private String tail() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
        } catch (IOException e) {
            return "its log cannot be read: " + e;
        }
    }

    /** Milliseconds since just before the process was made. */
    public double millisSinceStart() {
        return (System.nanoTime() - startedNanos) / 1e6;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Processor seconds used so far, in user and kernel mode. */
    public double cpuSeconds() {
        return cpuSeconds(pid());
    }

    public static double cpuSeconds(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public double residentMib() {
        return Machine.kib("/proc/" + pid() + "/status", "VmRSS") / 1024.0;
    }

    /** Has the JVM collect its garbage; returns when that is done. */
    public void collectGarbage() {
        try {
            var jcmd = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), "" + pid(), "GC.run")
                    .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            if (jcmd.waitFor() != 0) {
                throw new Refusal("jcmd could not reach the JVM " + pid());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("interrupted");
        }
    }

    /** SIGKILL; returns when it is gone. */
    public void kill() {
        process.destroyForcibly();
        await();
    }

    /** SIGTERM, and SIGKILL if that does not help. */
    @Override
    public void close() {
        if (process.isAlive()) {
            process.destroy();
            await();
        }
    }

    private void await() {
        try {
            if (!process.waitFor(STOPPING.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                process.waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
