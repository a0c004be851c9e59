package dev.landfall.ecs.scenario;

import dev.landfall.ecs.Ecs;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.MemoryJournal;
import dev.landfall.state.Writer;
import dev.landfall.wire.SdkForms;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import software.amazon.awssdk.services.ecs.model.Service;

/**
 * The whole service on a writer, with the cluster {@code default} and an agent at its sockets. It may crash. Confined
 * to its test's thread.
 */
final class LiveEcs implements AutoCloseable {
    /** Long enough for whatever a test waits for. */
    static final Duration DEADLINE = Duration.ofSeconds(20);

    private final FakeAgent agent;
    private MemoryJournal journal = new MemoryJournal();
    private Writer writer;
    private Ecs ecs;

    LiveEcs() throws Exception {
        open();
        ecs.createCluster(request -> request.clusterName("default"));
        agent = new FakeAgent(ecs, 10_000);
        agent.connect(ecs);
    }

    private void open() {
        writer = new Writer(journal, EcsTables.ALL, SdkForms.rows(), Clock.systemUTC(),
                () -> UUID.randomUUID().toString().replace("-", ""));
        ecs = new Ecs(writer, () -> URI.create("http://localhost:4566"));
    }

    /** The one that runs now. */
    Ecs ecs() {
        return ecs;
    }

    FakeAgent agent() {
        return agent;
    }

    /** The process is gone between two commits; another begins with what was durable, and the agent is not back yet. */
    void crash() {
        journal = journal.afterCrash();
        ecs.close();
        writer.close();
        open();
    }

    /** The service {@code svc}. */
    Service service() {
        return ecs.describeServices(request -> request.services("svc")).services().getFirst();
    }

    @Override
    public void close() {
        ecs.close();
        agent.close();
        writer.close();
    }
}
