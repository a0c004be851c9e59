package dev.landfall.wire.codec;

import dev.landfall.wire.model.OperationModel;
import dev.landfall.wire.model.ServiceModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkPojo;

/** The parts of an HTTP request and its answer as the protocols see them, independent of the HTTP server. */
public final class Exchange {
    private Exchange() {}

    /**
     * A request. {@code path} is still encoded, {@code query} is decoded; header names are in lower case.
     *
     * @param header the value of a header, or {@code null}
     * @param headers all headers, made when asked for
     */
    public record Request(
            String method,
            String path,
            Map<String, List<String>> query,
            Function<String, String> header,
            Supplier<Map<String, String>> headers,
            byte[] body) {
        public Request with(byte[] otherBody) {
            return new Request(method, path, query, header, headers, otherBody);
        }
    }

    /** A request that has found its operation. */
    public record Routed(OperationModel operation, Map<String, String> labels, Request request) {}

    /** An answer, without the headers common to all. */
    public record Answer(int status, String contentType, Map<String, String> headers, byte[] body) {
        public Answer(int status, String contentType, byte[] body) {
            this(status, contentType, Map.of(), body);
        }

        public Answer with(String header, String value) {
            Map<String, String> more = new LinkedHashMap<>(headers);
            more.put(header, value);
            return new Answer(status, contentType, more, body);
        }
    }

    /**
     * A refusal, as the wire tells it.
     *
     * @param exception the name of the exception's class, which JSON callers may know it by
     * @param details the exception when it is modelled, for members of its own; or {@code null}
     * @param service the service asked, or {@code null} where none was found
     */
    public record Refusal(
            int status, String code, String exception, String message, SdkPojo details, ServiceModel service) {
        public Refusal(int status, String code, String message, ServiceModel service) {
            this(status, code, code, message, null, service);
        }

        public boolean isSendersFault() {
            return status < 500;
        }
    }
}
