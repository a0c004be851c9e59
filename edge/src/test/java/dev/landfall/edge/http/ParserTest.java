package dev.landfall.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A message means the same however it is cut into pieces, and whatever comes, nothing breaks. */
class ParserTest {
    private record Read(HeadParser.Result result, List<String> fields, Desync desync, int left) {}

    private static Read read(byte[] bytes, List<Integer> cuts, HeadParser.Kind kind) {
        var head = new Head();
        head.clear();
        HeadParser.Result result = HeadParser.Result.MORE;
        int at = 0;
        int left = bytes.length;
        for (int i = 0; i <= cuts.size() && result == HeadParser.Result.MORE && at < bytes.length; i++) {
            int end = i < cuts.size() ? Math.min(bytes.length, at + cuts.get(i)) : bytes.length;
            ByteBuf piece = Unpooled.wrappedBuffer(bytes, at, end - at);
            result = HeadParser.read(head, piece, kind);
            left = bytes.length - end + piece.readableBytes();
            at = end;
        }
        var fields = new ArrayList<String>();
        for (int i = 0; i < head.fields; i++) {
            fields.add(head.text(head.nameStart(i), head.nameEnd(i)) + "=" + head.value(i) + head.field(i));
        }
        return new Read(result, fields, head.desync, result == HeadParser.Result.COMPLETE ? left : -1);
    }

    /** What nobody should send, made of what HTTP is made of. */
    @Provide
    Arbitrary<String> messages() {
        return Arbitraries.of("GET", " ", "/", " HTTP/1.1", "\r\n", "\n", "\r", ":", "Host: a", "Content-Length: 5",
                "Transfer-Encoding: chunked", "\0", "x", "\t", "GET / HTTP/1.1\r\n", "\r\n\r\n", "\u00e4",
                "Connection: close")
                .list().ofMaxSize(14).map(parts -> String.join("", parts));
    }

    @Property(tries = 3_000)
    void cutsDoNotMatter(@ForAll("messages") String message, @ForAll long seed) {
        byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
        var random = new Random(seed);
        List<Integer> cuts = random.ints(10, 1, 8).boxed().toList();
        for (HeadParser.Kind kind : HeadParser.Kind.values()) {
            assertThat(read(bytes, cuts, kind)).isEqualTo(read(bytes, List.of(), kind));
        }
    }

    @Property(tries = 1_000)
    void chunksComeApartAsTheyWerePutTogether(@ForAll("sizes") List<Integer> sizes, @ForAll long seed) {
        var random = new Random(seed);
        var sent = new StringBuilder();
        var wire = new StringBuilder();
        for (int size : sizes) {
            String piece = "x".repeat(size - 1) + (char) ('a' + random.nextInt(26));
            sent.append(piece);
            wire.append(Integer.toHexString(size)).append(random.nextBoolean() ? ";ext" : "").append("\r\n")
                    .append(piece).append("\r\n");
        }
        byte[] bytes = wire.append("0\r\nX-T: 1\r\n\r\nNEXT").toString().getBytes(StandardCharsets.US_ASCII);
        var reader = new BodyReader();
        reader.chunks();
        var got = new StringBuilder();
        int at = 0;
        BodyReader.Result result = BodyReader.Result.MORE;
        String left = "";
        while (result == BodyReader.Result.MORE && at < bytes.length) {
            int end = Math.min(bytes.length, at + 1 + random.nextInt(40));
            ByteBuf piece = Unpooled.wrappedBuffer(bytes, at, end - at);
            result = reader.read(piece, data -> {
                got.append(data.toString(StandardCharsets.US_ASCII));
                data.release();
            });
            left = piece.toString(StandardCharsets.US_ASCII)
                    + new String(bytes, end, bytes.length - end, StandardCharsets.US_ASCII);
            at = end;
        }
        assertThat(result).isEqualTo(BodyReader.Result.DONE);
        assertThat(got.toString()).isEqualTo(sent.toString());
        assertThat(reader.trailers().value(0)).isEqualTo("1");
        assertThat(left).isEqualTo("NEXT");
    }

    @Provide
    Arbitrary<List<Integer>> sizes() {
        return Arbitraries.integers().between(1, 300).list().ofMaxSize(8);
    }
}
