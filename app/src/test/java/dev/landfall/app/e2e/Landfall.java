package dev.landfall.app.e2e;

import dev.landfall.testkit.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;

/**
 * A Landfall process on a data directory of its own, started, killed and started again as its user would. What it
 * prints stays in the data directory, below {@code target/e2e}. Closing it removes whatever it has at Docker Engine.
 * For the test's thread only.
 */
final class Landfall implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Pattern READY = Pattern.compile("Landfall is ready at (http://[^ ]+) .*");

    private final String command;
    private final List<String> options;
    private final Path data;
    private final Map<String, String> environment;
    private Optional<Process> process = Optional.empty();
    private URI endpoint = URI.create("");
    private Optional<EcsClient> ecs = Optional.empty();

    private Landfall(String command, List<String> options, String name, Map<String, String> environment) {
        this.command = command;
        this.options = List.copyOf(options);
        this.environment = Map.copyOf(environment);
        this.data = Path.of("target", "e2e", ProcessHandle.current().pid() + "-" + name).toAbsolutePath();
    }

    /** {@code landfall up} on a port of its own, which it keeps over restarts. */
    static Landfall up(String name) {
        return up(name, Map.of());
    }

    static Landfall up(String name, Map<String, String> environment) {
        return new Landfall("up", List.of("--port", "0"), name, environment).started();
    }

    /** {@code landfall up} that leaves load balancers to another process. */
    static Landfall upWithoutEdge(String name) {
        return new Landfall("up", List.of("--port", "0", "--edge", "off"), name, Map.of()).started();
    }

    static Landfall edge(String name, Landfall server) {
        return new Landfall("edge", List.of("--server", server.endpoint().toString()), name, Map.of()).started();
    }

    static Landfall server(String name, String... options) {
        var all = new ArrayList<>(List.of("--port", "0"));
        all.addAll(List.of(options));
        return new Landfall("server", all, name, Map.of()).started();
    }

    static Landfall agent(String name, Landfall server, String... options) {
        var all = new ArrayList<>(List.of("--server", server.endpoint().toString()));
        all.addAll(List.of(options));
        return new Landfall("agent", all, name, Map.of()).started();
    }

    private Landfall started() {
        try {
            start();
            return this;
        } catch (RuntimeException | AssertionError e) {
            close();
            throw e;
        }
    }

    /** Starts it, again if it ended, and returns when it is ready. */
    void start() {
        try {
            Files.createDirectories(data);
            var builder = new ProcessBuilder(commandLine(command, options()));
            builder.redirectError(ProcessBuilder.Redirect.appendTo(data.resolve("stderr").toFile()));
            builder.environment().putAll(environment);
            Process started = builder.start();
            process = Optional.of(started);
            endpoint = ready(started);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A port once taken stays, since callers and agents come back to it. */
    private List<String> options() {
        var all = new ArrayList<>(options);
        if (endpoint.getPort() > 0 && !command.equals("agent") && !command.equals("edge")) {
            all.set(all.indexOf("--port") + 1, String.valueOf(endpoint.getPort()));
        }
        return all;
    }

    private List<String> commandLine(String verb, List<String> arguments) {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        var line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx512m", "-Xss512k",
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                "-cp", classPath, "dev.landfall.app.Main", verb, "--data", data.toString()));
        line.addAll(arguments);
        return line;
    }

    private URI ready(Process started) throws IOException {
        var lines = new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8));
        String first = lines.readLine();
        Matcher said = READY.matcher(first == null ? "" : first);
        if (!said.matches()) {
            throw new AssertionError("landfall " + command + " did not start: " + first + "\n" + log());
        }
        return URI.create(said.group(1));
    }

    URI endpoint() {
        return endpoint;
    }

    Path data() {
        return data;
    }

    long pid() {
        return process.orElseThrow().pid();
    }

    /** All it has logged so far. */
    String log() {
        try {
            return Files.readString(data.resolve("stderr"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    EcsClient ecs() {
        if (ecs.isEmpty()) {
            ecs = Optional.of(freshClient());
        }
        return ecs.get();
    }

    /** A client with connections of its own, for the caller to close. */
    EcsClient freshClient() {
        return EcsClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    /** What its agent has at Docker Engine. */
    Footprint footprint() {
        return Footprint.of(command.equals("agent") ? data : data.resolve("agent"), Map.copyOf(environment));
    }

    /** As {@code kill -9}. */
    void kill() {
        Process running = process.orElseThrow();
        running.destroyForcibly();
        await(running);
        process = Optional.empty();
    }

    /** {@code landfall down} with {@code arguments}, which must succeed. */
    void down(String... arguments) {
        run("down", arguments);
        await(process.orElseThrow());
        process = Optional.empty();
    }

    /** Any command on this data directory, which must succeed; what it prints is logged. */
    void run(String verb, String... arguments) {
        try {
            var builder = new ProcessBuilder(commandLine(verb, List.of(arguments)));
            builder.redirectErrorStream(true);
            builder.redirectOutput(ProcessBuilder.Redirect.appendTo(data.resolve("stderr").toFile()));
            Process run = builder.start();
            await(run);
            if (run.exitValue() != 0) {
                throw new AssertionError("landfall " + verb + " failed:\n" + log());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(Process ending) {
        try {
            if (!ending.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("pid " + ending.pid() + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /**
     * Ends it with all its tasks, and removes what it has at Docker Engine if the test went wrong. An engine of the
     * test's own goes as a whole.
     */
    @Override
    public void close() {
        ecs.ifPresent(EcsClient::close);
        boolean ownEngine = environment.containsKey("DOCKER_HOST");
        try {
            if (process.filter(Process::isAlive).isPresent() && hasTasks() && !ownEngine) {
                down("--stop-tasks");
            }
        } finally {
            process.ifPresent(_ -> kill());
            if (hasTasks() && !ownEngine) {
                footprint().remove();
            }
        }
    }

    private boolean hasTasks() {
        return command.equals("up") || command.equals("agent");
    }

    /** Waits for something that must hold soon; a failure shows the log. */
    void await(String what, Runnable assertion) {
        try {
            Await.untilPasses(what, PATIENCE, assertion);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + log(), e);
        }
    }
}
