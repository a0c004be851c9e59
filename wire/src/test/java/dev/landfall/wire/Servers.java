package dev.landfall.wire;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Servers under test, one per client interface, kept for the run because the SDK's clients are slow to make. */
final class Servers {
    private static final Map<Class<?>, Served<?>> SHARED = new ConcurrentHashMap<>();

    private Servers() {}

    record Served<C>(ApiServer server, Recorder<C> recorder, C client) {}

    static <C> Served<C> start(Class<C> type, Function<URI, C> client) {
        var recorder = new Recorder<>(type);
        var server = new ApiServer(ApiServer.Config.on("127.0.0.1", 0), List.of(recorder.exposed()), List.of());
        return new Served<>(server, recorder, client.apply(server.uri()));
    }

    @SuppressWarnings("unchecked")
    static <C> Served<C> shared(Class<C> type, Function<URI, C> client) {
        return (Served<C>) SHARED.computeIfAbsent(type, key -> start(type, client));
    }
}
