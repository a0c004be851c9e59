package dev.landfall.edge.client;

import dev.landfall.edge.Edge;
import dev.landfall.edge.SnapshotFile;
import java.nio.file.Path;

/** A data plane that is a process of its own, which a test can kill: serves a snapshot until it is told to end. */
final class EdgeProcess {
    private EdgeProcess() {}

    /** The first argument is the snapshot's file. */
    public static void main(String[] arguments) throws InterruptedException {
        Path file = Path.of(arguments[0]);
        var edge = new Edge(1, file.resolveSibling("logs"), _ -> { });
        Runtime.getRuntime().addShutdownHook(new Thread(edge::close));
        edge.accept(new SnapshotFile(file).read().orElseThrow());
        System.out.println("ready");
        Thread.sleep(Long.MAX_VALUE);
    }
}
