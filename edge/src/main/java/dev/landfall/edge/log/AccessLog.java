package dev.landfall.edge.log;

import dev.landfall.edge.net.ByteSink;
import dev.landfall.edge.net.Loop;
import dev.landfall.edge.route.Routes;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The access log of one load balancer on one event loop: lines are gathered here and written by {@link LogWriter}. */
public final class AccessLog {
    /** Handed over when so much has gathered; what has not is handed over every second. */
    private static final int BATCH_BYTES = 32 * 1_024;

    private final LogWriter writer;
    private final String name;
    private final Loop loop;
    private final ByteSink lines = new ByteSink();
    private boolean scheduled;

    AccessLog(LogWriter writer, String name, Loop loop) {
        this.writer = writer;
        this.name = name;
        this.loop = loop;
    }

    /** The log of a listener's load balancer. */
    public static AccessLog of(Routes routes, Loop loop) {
        return loop.transport().logs().of(routes.balancer(), loop);
    }

    /** Adds what {@code line} writes. Called on the loop. */
    public void add(Consumer<ByteSink> line) {
        line.accept(lines);
        if (lines.length() >= BATCH_BYTES) {
            handOver();
        } else if (!scheduled) {
            scheduled = true;
            loop.events().schedule(() -> {
                scheduled = false;
                handOver();
            }, 1, TimeUnit.SECONDS);
        }
    }

    void handOver() {
        if (lines.length() > 0) {
            writer.write(name, Arrays.copyOf(lines.bytes(), lines.length()));
            lines.clear();
        }
    }
}
