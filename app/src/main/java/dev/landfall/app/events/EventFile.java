package dev.landfall.app.events;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequest;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;

/**
 * Takes EventBridge's place until there is one: each event becomes a line of {@code events.jsonl}, in the form that
 * EventBridge hands to targets. The file is renamed to {@code events.jsonl.1} when it is full, and the oldest goes.
 * What was put is in the operating system's hands: it outlives this process, not the machine's power. One process at a
 * time writes a file; safe for any thread.
 */
public final class EventFile implements EventBridgeClient {
    public static final String NAME = "events.jsonl";

    /** With the newest file: what an unattended machine gives to events at most is this times {@code BYTES_MAX}. */
    static final int FILES_MAX = 4;

    private static final long BYTES_MAX = 16L << 20;
    private static final JsonFactory JSON = new JsonFactory();

    private final Path path;
    private final long bytesMax;
    private final Clock clock;
    private FileChannel channel;

    public EventFile(Path directory) {
        this(directory, BYTES_MAX, Clock.systemUTC());
    }

    /** @param bytesMax when a file is full */
    EventFile(Path directory, long bytesMax, Clock clock) {
        this.path = directory.resolve(NAME);
        this.bytesMax = bytesMax;
        this.clock = clock;
        try {
            open();
            endBrokenLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file of that age: 0 is the one that is written, 1 the one before. */
    static Path file(Path directory, int age) {
        return directory.resolve(age == 0 ? NAME : NAME + "." + age);
    }

    private void open() throws IOException {
        channel = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /** A machine that lost its power may have left half a line; the next event must not be lost in it. */
    private void endBrokenLine() throws IOException {
        long size = channel.size();
        if (size > 0) {
            var last = ByteBuffer.allocate(1);
            try (var in = FileChannel.open(path, StandardOpenOption.READ)) {
                in.read(last, size - 1);
            }
            if (last.get(0) != '\n') {
                channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
            }
        }
    }

    @Override
    public synchronized PutEventsResponse putEvents(PutEventsRequest request) {
        var bytes = new ByteArrayOutputStream();
        var results = new ArrayList<PutEventsResultEntry>();
        try {
            for (PutEventsRequestEntry entry : request.entries()) {
                String id = UUID.randomUUID().toString();
                write(bytes, entry, id);
                results.add(PutEventsResultEntry.builder().eventId(id).build());
            }
            if (channel.size() > 0 && channel.size() + bytes.size() > bytesMax) {
                rotate();
            }
            append(ByteBuffer.wrap(bytes.toByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException("the events cannot be written to " + path, e);
        }
        return PutEventsResponse.builder().failedEntryCount(0).entries(results).build();
    }

    /** All of it or, on a full disk, nothing: the caller puts the events again. */
    private void append(ByteBuffer bytes) throws IOException {
        long before = channel.size();
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            channel.truncate(before);
            throw e;
        }
    }

    private void write(ByteArrayOutputStream bytes, PutEventsRequestEntry entry, String id) throws IOException {
        List<String> arn = entry.resources().isEmpty()
                ? List.of("", "", "", "", "") : List.of(entry.resources().getFirst().split(":", 6));
        Instant time = entry.time() == null ? clock.instant() : entry.time();
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeStringField("version", "0");
            out.writeStringField("id", id);
            out.writeStringField("detail-type", entry.detailType());
            out.writeStringField("source", entry.source());
            out.writeStringField("account", arn.get(4));
            out.writeStringField("time", time.truncatedTo(ChronoUnit.SECONDS).toString());
            out.writeStringField("region", arn.get(3));
            out.writeFieldName("resources");
            out.writeStartArray();
            for (String resource : entry.resources()) {
                out.writeString(resource);
            }
            out.writeEndArray();
            out.writeFieldName("detail");
            out.writeRawValue(entry.detail());
            out.writeEndObject();
        }
        bytes.write('\n');
    }

    private void rotate() throws IOException {
        channel.close();
        for (int age = FILES_MAX - 1; age > 0; age--) {
            Path younger = file(path.getParent(), age - 1);
            if (Files.exists(younger)) {
                Files.move(younger, file(path.getParent(), age), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        open();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public synchronized void close() {
        try {
            channel.force(true);
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
