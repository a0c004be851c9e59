package dev.landfall.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Websockets on the port of the APIs. */
class SocketTest {
    private static final int DEADLINE_SECONDS = 20;

    /** Echoes, and keeps what happened in order. */
    private static final class Echo implements SocketEndpoint {
        private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
        private final BlockingQueue<SocketEndpoint.Socket> sockets = new LinkedBlockingQueue<>();

        @Override
        public String path() {
            return "/echo/ws";
        }

        @Override
        public Handler open(Request request) {
            if (request.query().containsKey("refuse")) {
                throw new Refused(403, "{\"message\":\"no\"}");
            }
            events.add("open " + request.query() + " " + request.call().region() + " " + request.call().accountId());
            return new Handler() {
                private SocketEndpoint.Socket socket;

                @Override
                public void opened(SocketEndpoint.Socket opened) {
                    socket = opened;
                    sockets.add(opened);
                }

                @Override
                public void text(String message) {
                    if (message.equals("fail")) {
                        throw new IllegalStateException("as asked");
                    }
                    socket.send(message);
                }

                @Override
                public void closed(int code) {
                    events.add("closed " + code);
                }
            };
        }

        private String next() throws InterruptedException {
            return events.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Collects whole texts; answers each request for more. */
    private static final class Inbox implements WebSocket.Listener {
        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        private final StringBuilder partial = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            partial.append(data);
            if (last) {
                messages.add(partial.toString());
                partial.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
            messages.add("pong " + UTF_8.decode(message));
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            messages.add("closed " + code + " " + reason);
            return null;
        }

        private String next() throws InterruptedException {
            return messages.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private final Echo echo = new Echo();
    private final ApiServer server =
            new ApiServer(ApiServer.Config.on("127.0.0.1", 0), List.of(), List.of(echo));
    private final Inbox inbox = new Inbox();

    @AfterEach
    void close() {
        server.close();
    }

    private CompletableFuture<WebSocket> connect(String query) {
        return HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("Authorization",
                        "AWS4-HMAC-SHA256 Credential=123456789012/20260101/eu-north-1/ecs/aws4_request, Signature=0")
                .buildAsync(URI.create("ws://127.0.0.1:" + server.port() + "/echo/ws" + query), inbox);
    }

    @Test
    void textsOfAllSizesComeBack() throws Exception {
        WebSocket socket = connect("?a=b%20c&seqNum=1").join();
        assertThat(echo.next()).contains("a=b c").contains("seqNum=1").endsWith("eu-north-1 123456789012");
        for (var text : List.of("", "x", "é日本😀", "m".repeat(125), "m".repeat(126), "é".repeat(40_000),
                "z".repeat(5_000_000))) {
            socket.sendText(text, true).join();
            assertThat(inbox.next()).isEqualTo(text);
        }
        socket.sendText("three ", false).join();
        socket.sendText("fragments ", false).join();
        socket.sendText("joined", true).join();
        assertThat(inbox.next()).isEqualTo("three fragments joined");
        socket.sendPing(ByteBuffer.wrap("hi".getBytes(UTF_8))).join();
        assertThat(inbox.next()).isEqualTo("pong hi");
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "done").join();
        assertThat(inbox.next()).startsWith("closed 1000");
        assertThat(echo.next()).isEqualTo("closed 1000");
        assertThatThrownBy(() -> echo.sockets.take().send("late")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aRefusalIsAnsweredBeforeTheUpgrade() {
        assertThatThrownBy(() -> connect("?refuse=1").join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(WebSocketHandshakeException.class, e -> {
                    assertThat(e.getResponse().statusCode()).isEqualTo(403);
                    assertThat(e.getResponse().headers().firstValue("Content-Type")).hasValue("application/json");
                });
        assertThat(echo.events).isEmpty();
    }

    @Test
    void pagesFromElsewhereMayNotConnect() throws Exception {
        try (Socket raw = new Socket("127.0.0.1", server.port())) {
            raw.setSoTimeout(DEADLINE_SECONDS * 1000);
            raw.getOutputStream().write(("GET /echo/ws HTTP/1.1\r\nHost: evil.example\r\nUpgrade: websocket\r\n"
                    + "Origin: http://evil.example\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                    + "Sec-WebSocket-Version: 13\r\n\r\n").getBytes(UTF_8));
            assertThat(new String(raw.getInputStream().readAllBytes(), UTF_8)).startsWith("HTTP/1.1 403 ");
        }
        assertThat(echo.events).isEmpty();
    }

    @Test
    void theServerCloses() throws Exception {
        connect("").join();
        echo.sockets.take().close(4000, "enough");
        assertThat(inbox.next()).isEqualTo("closed 4000 enough");
        assertThat(echo.next()).startsWith("open");
        assertThat(echo.next()).isEqualTo("closed 4000");
        assertThat(echo.events).isEmpty();
    }

    @Test
    void aFailingHandlerEndsItsSocketOnly() throws Exception {
        connect("").join().sendText("fail", true).join();
        assertThat(inbox.next()).startsWith("closed 1011");
        assertThat(echo.next()).startsWith("open");
        assertThat(echo.next()).isEqualTo("closed 1011");
        assertThat(server.faults()).isEqualTo(1);
    }

    @Test
    void sendingOnAClosedSocketIsNoFaultOfTheHandler() throws Exception {
        WebSocket socket = connect("").join();
        echo.sockets.take().close(4000, "enough");
        assertThat(inbox.next()).isEqualTo("closed 4000 enough");
        socket.sendText("too late", true).exceptionally(failure -> socket).join();
        assertThat(echo.next()).startsWith("open");
        assertThat(echo.next()).startsWith("closed");
        assertThat(server.faults()).isZero();
    }

    @Test
    void aBrokenConnectionIsClosedOnce() throws Exception {
        try (Socket raw = handshake()) {
            raw.setSoLinger(true, 0);
        }
        assertThat(echo.next()).startsWith("open");
        assertThat(echo.next()).isEqualTo("closed 1006");
        server.close();
        assertThat(echo.events).isEmpty();
    }

    @Test
    void aTextMayBeCutInsideACharacter() throws Exception {
        try (Socket raw = handshake()) {
            byte[] text = "日本".getBytes(UTF_8);
            raw.getOutputStream().write(frame(0x01, text, 0, 1));
            raw.getOutputStream().write(frame(0x89, new byte[0], 0, 0));
            raw.getOutputStream().write(frame(0x00, text, 1, 4));
            raw.getOutputStream().write(frame(0x80, text, 4, 6));
            var in = new DataInputStream(raw.getInputStream());
            assertThat(in.readUnsignedShort()).as("pong").isEqualTo(0x8A00);
            assertThat(in.readUnsignedShort()).as("text").isEqualTo(0x8106);
            assertThat(in.readNBytes(6)).isEqualTo(text);
        }
    }

    @Test
    void brokenFramesAreProtocolErrors() throws Exception {
        byte[] unmasked = {(byte) 0x81, 1, 'x'};
        byte[] huge = {(byte) 0x81, (byte) 0xFF, 0x7F, -1, -1, -1, -1, -1, -1, -1};
        assertThat(closeCodeFor(unmasked)).isEqualTo(1002);
        assertThat(closeCodeFor(frame(0x80, new byte[0], 0, 0))).isEqualTo(1002);
        assertThat(closeCodeFor(frame(0x82, new byte[1], 0, 1))).isEqualTo(1003);
        assertThat(closeCodeFor(frame(0x81, new byte[] {-1}, 0, 1))).isEqualTo(1007);
        assertThat(closeCodeFor(huge)).isEqualTo(1009);
    }

    private int closeCodeFor(byte[] bytes) throws Exception {
        try (Socket raw = handshake()) {
            raw.getOutputStream().write(bytes);
            var in = new DataInputStream(raw.getInputStream());
            assertThat(in.readUnsignedByte()).as("close frame").isEqualTo(0x88);
            in.readUnsignedByte();
            return in.readUnsignedShort();
        }
    }

    @Test
    void manyThreadsMaySend() throws Exception {
        connect("").join();
        var socket = echo.sockets.take();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                String text = i + ":" + "p".repeat(i * 17);
                threads.submit(() -> socket.send(text));
            }
        }
        for (int i = 0; i < 200; i++) {
            String text = inbox.next();
            int number = Integer.parseInt(text.substring(0, text.indexOf(':')));
            assertThat(text).hasSize(String.valueOf(number).length() + 1 + number * 17);
        }
    }

    private Socket handshake() throws IOException {
        Socket raw = new Socket("127.0.0.1", server.port());
        raw.setSoTimeout(DEADLINE_SECONDS * 1000);
        raw.getOutputStream().write(("GET /echo/ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n").getBytes(UTF_8));
        var head = new ByteArrayOutputStream();
        while (!head.toString(UTF_8).endsWith("\r\n\r\n")) {
            head.write(raw.getInputStream().read());
        }
        // RFC 6455's own example of a key and its answer.
        assertThat(head.toString(UTF_8)).startsWith("HTTP/1.1 101 ").contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        return raw;
    }

    private static byte[] frame(int first, byte[] data, int from, int to) {
        byte[] mask = {1, 2, 3, 4};
        var out = new ByteArrayOutputStream();
        out.write(first);
        out.write(0x80 | to - from);
        out.writeBytes(mask);
        for (int i = from; i < to; i++) {
            out.write(data[i] ^ mask[i - from & 3]);
        }
        return out.toByteArray();
    }
}
