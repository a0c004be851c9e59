package dev.landfall.ecs.capacity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.landfall.wire.LocalEndpoint;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;

/**
 * {@code POST /_landfall/interrupt}: an {@link Interrupt.Request} as JSON, all of whose members may be left out,
 * answered with an {@link Interrupt.Reply}.
 */
public final class InterruptEndpoint implements LocalEndpoint {
    public static final String PATH = "/_landfall/interrupt";

    /** A typing mistake must not become a request for something else. */
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    /** The request as it may be sent. */
    private record Sent(List<String> tasks, List<String> containerInstances, String cluster, int count) {
        Interrupt.Request request() {
            return new Interrupt.Request(
                    Optional.ofNullable(tasks).orElse(List.of()),
                    Optional.ofNullable(containerInstances).orElse(List.of()),
                    Optional.ofNullable(cluster).orElse(""),
                    count);
        }
    }

    private final Function<Interrupt.Request, Interrupt.Reply> interrupt;

    public InterruptEndpoint(Function<Interrupt.Request, Interrupt.Reply> interrupt) {
        this.interrupt = interrupt;
    }

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public String answer(String json) {
        try {
            return JSON.writeValueAsString(interrupt.apply(read(json)));
        } catch (InvalidParameterException e) {
            throw new Refused(e.awsErrorDetails().errorMessage());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a reply cannot be written as JSON", e);
        }
    }

    private static Interrupt.Request read(String json) {
        try {
            Sent sent = JSON.readValue(json, Sent.class);
            if (sent == null) {
                throw new Refused("The request is empty.");
            }
            return sent.request();
        } catch (JsonProcessingException | NullPointerException e) { // a null within a list is no name either
            throw new Refused("The request is no JSON of tasks, containerInstances, cluster and count.");
        }
    }
}
