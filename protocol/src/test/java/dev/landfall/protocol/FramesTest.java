package dev.landfall.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class FramesTest {
    @Test
    void aMessageComesBackAsItWas() {
        var stop = new Message.PayloadMessage("m-1", "cluster", "instance", 5, 7, List.of(TaskPayload.stop("t", "c")));
        assertThat(Frames.read(Frames.write(stop))).isEqualTo(stop);
    }

    @Test
    void absentMembersAreNotWritten() {
        assertThat(Frames.write(new Message.HeartbeatMessage("hb-1", null)))
                .isEqualTo("{\"type\":\"HeartbeatMessage\",\"message\":{\"messageId\":\"hb-1\"}}");
    }

    @Test
    void theSignedHeadersOfATelemetryFrameAreSkipped() {
        var text = "Authorization: AWS4-HMAC-SHA256 x\r\nHost: h\r\n\r\n{\"type\":\"PublishHealthRequest\",\"message\":"
                + "{\"metadata\":{\"cluster\":\"c\",\"new\":1},\"tasks\":[],\"timestamp\":1795164377.031}}";
        assertThat(Frames.read(text)).isInstanceOfSatisfying(Message.PublishHealthRequest.class, health -> {
            assertThat(health.metadata().cluster()).isEqualTo("c");
            assertThat(health.timestamp()).isEqualTo(1795164377.031);
        });
    }

    @Test
    void anUnknownTypeKeepsItsName() {
        assertThat(Frames.read("{\"type\":\"RefreshMessage\",\"message\":{}}"))
                .isEqualTo(new Message.Unknown("RefreshMessage"));
    }

    @Test
    void garbageIsRefused() {
        var notFrames = List.of("", "{", "[]", "{\"type\":1}", "\r\n\r\n", "{\"type\":\"AckRequest\",\"message\":[]}");
        for (var text : notFrames) {
            assertThatThrownBy(() -> Frames.read(text)).isInstanceOf(Frames.Malformed.class);
        }
    }
}
