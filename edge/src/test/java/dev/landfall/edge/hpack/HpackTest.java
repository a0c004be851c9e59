package dev.landfall.edge.hpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.edge.net.ByteSink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Field sections: the examples of RFC 7541, and whatever Netty's HPACK writes and reads. */
class HpackTest {
    private static final String[] NAMES = {
        "content-type", "x-a", "cookie", "accept", "x-a-name-that-is-rather-long-for-a-header", "via", "set-cookie"};

    private static List<String> decode(HpackDecoder decoder, byte[] section) throws HpackException {
        var fields = new ArrayList<String>();
        decoder.decode(section, section.length, new ByteSink(),
                (names, nameStart, nameEnd, values, valueStart, valueEnd) -> fields.add(
                        new String(names, nameStart, nameEnd - nameStart, StandardCharsets.ISO_8859_1) + ": "
                                + new String(values, valueStart, valueEnd - valueStart, StandardCharsets.ISO_8859_1)));
        return fields;
    }

    private static List<String> decode(HpackDecoder decoder, String hex) throws HpackException {
        return decode(decoder, HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    /** C.4: three requests over one connection. */
    @Test
    void requestsOfTheRfc() throws HpackException {
        var decoder = new HpackDecoder();
        assertThat(decode(decoder, "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff")).containsExactly(
                ":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com");
        assertThat(decode(decoder, "8286 84be 5886 a8eb 1064 9cbf")).containsExactly(
                ":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com", "cache-control: no-cache");
        assertThat(decode(decoder, "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf")).containsExactly(
                ":method: GET", ":scheme: https", ":path: /index.html", ":authority: www.example.com",
                "custom-key: custom-value");
    }

    /** C.5 has a table of 256 bytes, from which entries fall. */
    @Test
    void entriesFallFromTheTable() throws HpackException {
        var decoder = new HpackDecoder();
        List<String> first = List.of(":status: 302", "cache-control: private",
                "date: Mon, 21 Oct 2013 20:13:21 GMT", "location: https://www.example.com");
        assertThat(decode(decoder, "3fe1 01" + "4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420"
                + "3230 3133 2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65"
                + "2e63 6f6d")).isEqualTo(first);
        assertThat(decode(decoder, "4803 3330 37c1 c0bf")).containsExactly(":status: 307", first.get(1), first.get(2),
                first.get(3));
        assertThatThrownBy(() -> decode(decoder, "c2")).as(":status: 302 has made room").isInstanceOf(
                HpackException.class);
    }

    private static DefaultHttp2Headers someFields(Random random) {
        var headers = new DefaultHttp2Headers(false);
        int count = random.nextInt(8);
        for (int i = 0; i < count; i++) {
            var value = new StringBuilder();
            int length = random.nextInt(4) == 0 ? random.nextInt(2_000) : random.nextInt(20);
            for (int letter = 0; letter < length; letter++) {
                value.append((char) (random.nextInt(10) == 0 ? random.nextInt(256) : 'a' + random.nextInt(26)));
            }
            headers.add(NAMES[random.nextInt(NAMES.length)], value);
        }
        return headers;
    }

    private static List<String> lines(Iterable<? extends java.util.Map.Entry<CharSequence, CharSequence>> headers) {
        var lines = new ArrayList<String>();
        headers.forEach(field -> lines.add(field.getKey() + ": " + field.getValue()));
        return lines;
    }

    @Property(tries = 200)
    void whatNettyWritesIsRead(@ForAll long seed, @ForAll @IntRange(max = 4_096) int table)
            throws Http2Exception, HpackException {
        var random = new Random(seed);
        var encoder = new DefaultHttp2HeadersEncoder((name, value) -> random.nextInt(5) == 0, false, 16, 1 << 30);
        encoder.maxHeaderTableSize(table);
        var decoder = new HpackDecoder();
        for (int section = 0; section < 10; section++) {
            DefaultHttp2Headers headers = someFields(random);
            ByteBuf out = Unpooled.buffer();
            encoder.encodeHeaders(1, headers, out);
            assertThat(decode(decoder, ByteBufUtil.getBytes(out))).isEqualTo(lines(headers));
        }
    }

    @Property(tries = 200)
    void whatIsWrittenNettyReads(@ForAll long seed, @ForAll @IntRange(min = 100, max = 599) int status)
            throws Http2Exception {
        var random = new Random(seed);
        var decoder = new DefaultHttp2HeadersDecoder(false, 1 << 20);
        for (int section = 0; section < 4; section++) {
            DefaultHttp2Headers headers = someFields(random);
            var sink = new ByteSink();
            if (section == 2) {
                HpackEncoder.noTable(sink);
            }
            HpackEncoder.status(sink, status);
            headers.forEach(field -> {
                byte[] name = field.getKey().toString().getBytes(StandardCharsets.ISO_8859_1);
                byte[] value = field.getValue().toString().getBytes(StandardCharsets.ISO_8859_1);
                var both = new ByteSink().put(name).put(value);
                HpackEncoder.field(sink, both.bytes(), 0, name.length, name.length, both.length());
            });
            List<String> expected = lines(headers);
            expected.addFirst(":status: " + status);
            assertThat(lines(decoder.decodeHeaders(1, Unpooled.wrappedBuffer(sink.bytes(), 0, sink.length()))))
                    .isEqualTo(expected);
        }
    }

    /** Whatever comes, it is read or refused. */
    @Property
    void noiseIsRefused(@ForAll byte[] noise) {
        try {
            assertThat(decode(new HpackDecoder(), noise)).hasSizeLessThanOrEqualTo(noise.length);
        } catch (HpackException e) {
            assertThat(e).isSameAs(HpackException.MALFORMED);
        }
    }
}
