package dev.landfall.app.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.landfall.app.Refusal;
import dev.landfall.testkit.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;

class EventsTest {
    private static final String TASK = "arn:aws:ecs:eu-central-1:123456789012:task/default/1";
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);

    @TempDir private Path directory;
    private final PrintStream standardOut = System.out;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @BeforeEach
    void catchOutput() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void giveOutputBack() {
        System.setOut(standardOut);
    }

    @Test
    void anEventGetsEventBridgesEnvelope() throws IOException {
        try (var file = new EventFile(directory)) {
            put(file, "ECS Task State Change", "{\"a\":1}");
        }
        JsonNode event = new ObjectMapper().readTree(Files.readString(directory.resolve("events.jsonl")));
        assertThat(event.fieldNames()).toIterable().containsExactly("version", "id", "detail-type", "source",
                "account", "time", "region", "resources", "detail");
        assertThat(event.path("id").textValue()).matches("[0-9a-f-]{36}");
        assertThat(event.path("version").textValue()).isEqualTo("0");
        assertThat(event.path("source").textValue()).isEqualTo("aws.ecs");
        assertThat(event.path("account").textValue()).isEqualTo("123456789012");
        assertThat(event.path("region").textValue()).isEqualTo("eu-central-1");
        assertThat(event.path("time").textValue()).isEqualTo("2026-05-06T07:08:09Z");
        assertThat(event.path("resources").get(0).textValue()).isEqualTo(TASK);
        assertThat(event.path("detail").path("a").intValue()).isEqualTo(1);
    }

    @Test
    void filesAreBoundedAndReadInOrder() throws IOException {
        try (var file = new EventFile(directory, 1_000, CLOCK)) {
            for (int i = 0; i < 40; i++) {
                put(file, "T", "{\"n\":" + i + "}");
            }
        }
        try (var files = Files.list(directory)) {
            assertThat(files.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder(
                    "events.jsonl", "events.jsonl.1", "events.jsonl.2", "events.jsonl.3");
        }
        for (int age = 0; age < EventFile.FILES_MAX; age++) {
            assertThat(Files.size(EventFile.file(directory, age))).isLessThanOrEqualTo(1_000);
        }
        List<Integer> printed = print();
        assertThat(printed).hasSizeBetween(8, 39).isEqualTo(
                IntStream.rangeClosed(printed.getFirst(), 39).boxed().toList());
    }

    @Test
    void onlyTheTypeAskedForIsPrintedAndNoHalfLine() throws IOException {
        try (var file = new EventFile(directory)) {
            put(file, "ECS Service Action", "{\"n\":1}");
        }
        Files.writeString(directory.resolve("events.jsonl"), "{\"detail-type\":\"ECS Serv", StandardOpenOption.APPEND);
        try (var file = new EventFile(directory)) {
            put(file, "ECS Task State Change", "{\"n\":2}");
            put(file, "ECS Service Action", "{\"n\":3}");
        }
        assertThat(print()).containsExactly(1, 2, 3);
        out.reset();
        assertThat(print("--detail-type", "ECS Service Action")).containsExactly(1, 3);
    }

    @Test
    void followingGoesOnOverARotation() throws InterruptedException {
        try (var file = new EventFile(directory, 1_000, CLOCK)) {
            put(file, "T", "{\"n\":0}");
            Thread following = Thread.ofVirtual().start(() ->
                    new CommandLine(new Events()).execute("--data", directory.toString(), "--follow"));
            for (int i = 1; i < 12; i++) { // four fit a file: each is read before the next is put
                int last = i - 1;
                Await.until("event " + last + " is printed", Duration.ofSeconds(10),
                        () -> numbers().contains(last));
                put(file, "T", "{\"n\":" + i + "}");
            }
            Await.until("the last event is printed", Duration.ofSeconds(10), () -> numbers().contains(11));
            following.interrupt();
            following.join();
        }
        assertThat(numbers()).isEqualTo(IntStream.rangeClosed(0, 11).boxed().toList());
    }

    @Test
    void withoutADataDirectoryItSaysWhatToDo() {
        var line = new CommandLine(new Events());
        var refused = new RuntimeException[1];
        line.setExecutionExceptionHandler((failure, _, _) -> {
            refused[0] = (RuntimeException) failure;
            return 1;
        });
        assertThat(line.execute("--data", directory.resolve("none").toString())).isEqualTo(1);
        assertThat(refused[0]).isInstanceOf(Refusal.class).hasMessageContaining("./landfall up");
    }

    private static void put(EventFile file, String detailType, String detail) {
        var entry = PutEventsRequestEntry.builder().source("aws.ecs").detailType(detailType).resources(TASK)
                .time(Instant.parse("2026-05-06T07:08:09.123Z")).detail(detail).build();
        var response = file.putEvents(request -> request.entries(entry));
        assertThat(response.failedEntryCount()).isZero();
        assertThat(response.entries()).hasSize(1).allSatisfy(each -> assertThat(each.eventId()).isNotBlank());
    }

    private List<Integer> print(String... options) {
        var arguments = new java.util.ArrayList<>(List.of("--data", directory.toString()));
        arguments.addAll(List.of(options));
        assertThat(new CommandLine(new Events()).execute(arguments.toArray(String[]::new))).isZero();
        return numbers();
    }

    private List<Integer> numbers() {
        return out.toString(StandardCharsets.UTF_8).lines().map(line -> {
            try {
                return new ObjectMapper().readTree(line).path("detail").path("n").intValue();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }).toList();
    }
}
