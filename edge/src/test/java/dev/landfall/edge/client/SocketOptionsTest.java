package dev.landfall.edge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.IntegerUnixChannelOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SocketOptionsTest {
    @BeforeEach
    void linux() {
        assumeThat(Epoll.isAvailable()).as("there is epoll").isTrue();
    }

    /** As Linux before 6.3 answers for the range of ports. */
    @Test
    void whatTheSystemDoesNotKnowIsFoundOut() {
        assertThat(SocketOptions.knows(new IntegerUnixChannelOption("IP_NOTHING", 0, 9_999), 1)).isFalse();
        assertThat(SocketOptions.knows(SocketOptions.BIND_ADDRESS_NO_PORT, 1)).isTrue();
    }
}
