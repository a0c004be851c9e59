package dev.landfall.app.hooks;

import dev.landfall.ecs.shift.HookAnswer;
import dev.landfall.ecs.shift.HookCaller;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * Calls the targets of lifecycle hooks over HTTP: what a Lambda function would be called with is POSTed as JSON, and
 * what it would answer is the answer's body. Most control planes never call one; there is no client before the first
 * call. Safe for any thread.
 */
public final class HttpHooks implements HookCaller, AutoCloseable {
    /** As long as a Lambda function may take (AWS Lambda Developer Guide, Lambda quotas). */
    private static final Duration TIMEOUT = Duration.ofMinutes(15);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /** As much as a Lambda function may answer, 6 MB (the same). */
    private static final int ANSWER_MAX_BYTES = 6_000_000;

    private static final int OK = 200;
    private static final int FAULTS = 500;

    private Optional<HttpClient> client = Optional.empty(); // guarded by this

    private synchronized HttpClient client() {
        if (client.isEmpty()) {
            client = Optional.of(HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).version(Version.HTTP_1_1)
                    .followRedirects(Redirect.NEVER).build());
        }
        return client.get();
    }

    @Override
    public HookAnswer call(String url, String payload) {
        HttpRequest request;
        try {
            request = HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT)
                    .header("Content-Type", "application/json").POST(BodyPublishers.ofString(payload)).build();
        } catch (IllegalArgumentException e) {
            return new HookAnswer.Refused("it is no URL: " + e.getMessage());
        }
        try {
            HttpResponse<InputStream> response = client().send(request, BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                return answer(response.statusCode(), body);
            }
        } catch (IOException e) {
            return new HookAnswer.Unanswered(e.getMessage() == null ? e.toString() : e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while calling " + url, e);
        }
    }

    private static HookAnswer answer(int status, InputStream body) throws IOException {
        if (status >= FAULTS) {
            return new HookAnswer.Unanswered("it answered with status " + status);
        }
        if (status != OK) {
            return new HookAnswer.Refused("it answered with status " + status);
        }
        byte[] bytes = body.readNBytes(ANSWER_MAX_BYTES + 1);
        return bytes.length > ANSWER_MAX_BYTES
                ? new HookAnswer.Refused("it answered with more than " + ANSWER_MAX_BYTES + " bytes")
                : new HookAnswer.Answered(new String(bytes, StandardCharsets.UTF_8));
    }

    /** Ends what is under way. */
    @Override
    public synchronized void close() {
        client.ifPresent(HttpClient::shutdownNow);
    }
}
