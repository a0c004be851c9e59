package dev.landfall.testkit.load;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * One connection of HTTP/2 over TLS, over which requests of several kinds go at once: a request of the load is a page,
 * a late answer, a stream and an upload. Any certificate is taken.
 */
final class Multiplexed implements Client {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Door door;
    private final HttpClient http;

    Multiplexed(Door door) {
        this.door = door;
        http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).sslContext(trusting())
                .connectTimeout(PATIENCE).build();
    }

    private record Asked(CompletableFuture<HttpResponse<String>> answer, String expected) {}

    @Override
    public Answer ask(long nonce) throws IOException {
        var upload = new Upload(nonce);
        var body = new ByteArrayOutputStream();
        while (upload.more()) {
            body.writeBytes(upload.next());
        }
        List<Asked> asked = List.of(
                get("/late?millis=2000&nonce=" + nonce, "hello " + nonce),
                get("/stream?pieces=" + PIECES + "&millis=50&nonce=" + nonce, Client.pieces(nonce)),
                new Asked(http.sendAsync(request("/upload?nonce=" + nonce)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray())).build(),
                        HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8)), upload.sum() + " " + nonce),
                get("/page?nonce=" + nonce, "hello " + nonce));
        Answer last = new Answer("", "");
        for (Asked each : asked) {
            last = checked(each);
        }
        return last;
    }

    private Asked get(String target, String expected) {
        return new Asked(http.sendAsync(request(target).build(),
                HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8)), expected);
    }

    private HttpRequest.Builder request(String target) {
        InetAddress address = door.address().getAddress();
        return HttpRequest.newBuilder(URI.create("https://" + address.getHostAddress() + ":" + door.address().getPort()
                + door.prefix() + target)).timeout(PATIENCE);
    }

    private Answer checked(Asked asked) throws IOException {
        HttpResponse<String> answer;
        try {
            answer = asked.answer.join();
        } catch (CompletionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        }
        if (answer.version() != HttpClient.Version.HTTP_2) {
            throw new IOException("spoke " + answer.version());
        }
        if (answer.statusCode() != 200) {
            throw new IOException("answered " + answer.statusCode() + ": " + answer.body());
        }
        Line.expect(door.service(), field(answer, "x-service"));
        Line.expect(asked.expected, answer.body());
        return new Answer(field(answer, "x-revision"), field(answer, "x-task"));
    }

    private static String field(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private static SSLContext trusting() {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Anyone()}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    private static final class Anyone extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
