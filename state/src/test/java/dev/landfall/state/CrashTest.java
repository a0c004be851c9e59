package dev.landfall.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.state.CrashChild.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process is ended at every stage of an append and at any time; what it acknowledged must be there, and no halves.
 */
@Timeout(120)
class CrashTest {
    private static final int CRASHES_PER_STAGE = 5;
    private static final int KILLS = 12;

    /** Appends or lines until the crash: more takes longer and finds no more. */
    private static final int LATEST = 60;

    @TempDir
    private Path directory;

    /** The highest transfer of each thread that a process has acknowledged, over all crashes. */
    private final Map<String, Long> acknowledged = new TreeMap<>();

    private Process start(Kind kind, int threads, String... failpoint) throws IOException {
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED", "-Dorg.sqlite.tmpdir=" + directory,
                "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                CrashChild.class.getName(), file().toString(), kind.name(), Integer.toString(threads)));
        command.addAll(List.of(failpoint));
        return new ProcessBuilder(command).redirectError(directory.resolve("errors").toFile()).start();
    }

    private Path file() {
        return directory.resolve("state.db");
    }

    /** Reads what the process acknowledges until it ends, and ends it after so many lines. */
    private int follow(Process process, int lines) throws Exception {
        int read = 0;
        try (var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            if (lines == 0) {
                process.toHandle().destroyForcibly();
            }
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                String[] words = line.split(" ");
                acknowledged.merge(words[0], Long.parseLong(words[1]), Math::max);
                if (++read == lines) {
                    process.toHandle().destroyForcibly(); // SIGKILL, and unlike the process's own, leaves us its output
                }
            }
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return read;
    }

    /** Only reads: the next process finds what this one has left. */
    private Image image() {
        try (var journal = new SqliteJournal(file()); var loading = new Loading(journal, CrashChild.FORMS)) {
            return loading.load(CrashChild.SCHEMA);
        }
    }

    /** Everything about the image that must not be. */
    private List<String> faults(Image image) {
        var faults = new ArrayList<String>();
        acknowledged.forEach((thread, number) -> {
            long last = image.get(CrashChild.PROGRESS, thread).map(CrashChild.Progress::last).orElse(0L);
            if (last < number) {
                faults.add("transfer " + number + " of " + thread + " was acknowledged, and the last is " + last);
            }
        });
        var expected = new HashSet<String>();
        for (var progress : image.all(CrashChild.PROGRESS)) {
            for (long number = 1; number <= progress.last(); number++) {
                expected.add(progress.id() + '-' + number);
            }
        }
        var balances = new TreeMap<String, Long>();
        for (var transfer : image.all(CrashChild.TRANSFERS)) {
            if (!expected.remove(transfer.id())) {
                faults.add("transfer " + transfer.id() + " is there, though its thread has not come so far");
            }
            balances.merge(transfer.from(), -transfer.amount(), Long::sum);
            balances.merge(transfer.to(), transfer.amount(), Long::sum);
        }
        expected.forEach(id -> faults.add("transfer " + id + " is missing"));
        image.all(CrashChild.ACCOUNTS).forEach(account -> balances.putIfAbsent(account.id(), 0L));
        balances.forEach((account, balance) -> {
            if (CrashChild.balance(image, account) != balance) {
                faults.add("account " + account + " has " + CrashChild.balance(image, account) + ", not " + balance);
            }
        });
        if (image.all(CrashChild.ACCOUNTS).stream().mapToLong(CrashChild.Account::balance).sum() != 0) {
            faults.add("money was made or lost");
        }
        return faults;
    }

    private String errors() {
        try {
            return Files.readString(directory.resolve("errors"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void nothingAcknowledgedIsLostAtAnyStage() throws Exception {
        var random = new Random();
        for (int round = 0; round < CRASHES_PER_STAGE; round++) {
            for (var stage : SqliteJournal.Stage.values()) {
                String append = Integer.toString(1 + random.nextInt(LATEST));
                var process = start(Kind.SOUND, 4, stage.name(), append);
                follow(process, -1);
                assertThat(process.exitValue()).as(this::errors).isEqualTo(9);
                assertThat(faults(image())).as("after a crash %s append %s", stage, append).isEmpty();
            }
        }
        assertThat(acknowledged).containsOnlyKeys("thread0", "thread1", "thread2", "thread3");
    }

    @Test
    void nothingAcknowledgedIsLostWhenKilled() throws Exception {
        var random = new Random();
        int lines = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            var process = start(Kind.SOUND, 4);
            int until = kill == 0 ? 0 : 1 + random.nextInt(LATEST * 4);
            lines += follow(process, until);
            assertThat(process.exitValue()).as(this::errors).isEqualTo(128 + 9);
            if (kill > 0) {
                assertThat(faults(image())).as("after a kill at line %d", until).isEmpty();
            }
        }
        assertThat(lines).isGreaterThan(KILLS);
        try (var writer = new Writer(new SqliteJournal(file()), CrashChild.SCHEMA, CrashChild.FORMS,
                Clock.systemUTC(), () -> "")) {
            assertThat(faults(writer.image())).isEmpty();
        }
        assertThat(faults(image())).as("after a clean close").isEmpty();
    }

    @Test
    void anEarlyAcknowledgementIsFound() throws Exception {
        follow(start(Kind.ACKNOWLEDGES_EARLY, 2, "BEFORE", "13"), -1);
        assertThat(faults(image())).anyMatch(fault -> fault.contains("was acknowledged"));
    }

    @Test
    void halfADecisionIsFound() throws Exception {
        follow(start(Kind.COMMITS_ROW_BY_ROW, 1, "COMMITTED", "18"), -1);
        assertThat(faults(image())).isNotEmpty().noneMatch(fault -> fault.contains("was acknowledged"));
    }
}
