package dev.landfall.agent.metadata;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The other agents of this machine. The SDKs ask for credentials at 169.254.170.2 whatever they are told, so the agent
 * there passes on what it does not know. Safe for any thread.
 */
final class Siblings {
    /** Marks what was passed on once already. */
    static final String PASSED_ON = "X-Landfall-Passed-On";

    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final HttpClient http;
    private final List<String> bases;

    Siblings(HttpClient http, List<String> bases) {
        this.http = http;
        this.bases = bases;
    }

    /** Those of the agent at {@code base}: it has some only if it is the one that containers ask first. */
    static Siblings of(HttpClient http, String base) {
        boolean first = base.equals("http://" + MetadataAddress.PREFIX + MetadataAddress.FIRST);
        return new Siblings(http, !first ? List.of()
                : IntStream.rangeClosed(MetadataAddress.FIRST + 1, MetadataAddress.LAST)
                        .mapToObj(last -> "http://" + MetadataAddress.PREFIX + last).toList());
    }

    /**
     * The first sibling's answer that is one; addresses are taken in a row, so the first without a listener ends the
     * search.
     */
    Optional<byte[]> ask(String path) throws InterruptedException {
        for (String base : bases) {
            try {
                var request = HttpRequest.newBuilder(URI.create(base + path)).timeout(PATIENCE)
                        .header(PASSED_ON, "1").build();
                var answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
                if (answer.statusCode() == 200) {
                    return Optional.of(answer.body());
                }
            } catch (IOException e) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }
}
