package dev.landfall.bench.edge;

import dev.landfall.edge.Edge;
import dev.landfall.protocol.edge.EdgeJson;
import dev.landfall.protocol.edge.EdgeMessage;
import dev.landfall.protocol.edge.EdgeReport;
import dev.landfall.protocol.edge.EdgeSnapshot;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The data plane alone in a process, with one event loop, so that it can be pinned to one processor as its peers are.
 * Takes {@link EdgeMessage}s on a loopback port, one to a line, and answers each with the {@link System#nanoTime} at
 * which it was in effect; that clock is the machine's, the same in every process. Its one argument is the directory for
 * access logs.
 */
public final class EdgeProcess {
    private EdgeProcess() {}

    public static void main(String... arguments) throws IOException {
        var told = new AtomicReference<PrintWriter>();
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
             var edge = new Edge(1, Path.of(arguments[0]), report -> tell(told.get(), report))) {
            System.out.println("ready at http://127.0.0.1:" + server.getLocalPort());
            try (Socket socket = server.accept();
                 var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
                socket.setTcpNoDelay(true);
                var out = new PrintWriter(socket.getOutputStream(), true, StandardCharsets.UTF_8);
                told.set(out);
                carryOut(edge, in, out);
            }
        }
    }

    private static void carryOut(Edge edge, BufferedReader in, PrintWriter out) throws IOException {
        EdgeSnapshot has = EdgeSnapshot.EMPTY;
        String line;
        while ((line = in.readLine()) != null) {
            has = EdgeJson.read(line.getBytes(StandardCharsets.UTF_8), EdgeMessage.class).after(has);
            edge.accept(has);
            out.println("applied " + has.version() + " " + System.nanoTime());
        }
    }

    private static void tell(PrintWriter out, EdgeReport report) {
        long now = System.nanoTime();
        if (out == null) {
            return;
        }
        switch (report) {
            case EdgeReport.Health(var _, var targets) -> targets.forEach(target ->
                    out.println("health " + target.port() + " " + target.state() + " " + now));
            case EdgeReport.Listeners(var _, var failures) -> failures.forEach(failure ->
                    out.println("failure " + failure.port() + " " + failure.reason()));
            case EdgeReport.Metrics _, EdgeReport.InEffect _, EdgeReport.Ended _ -> { }
        }
    }
}
