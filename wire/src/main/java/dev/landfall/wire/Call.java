package dev.landfall.wire;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * What a call is made under: taken from its SigV4 credential scope by the server, or set by an in-process caller with
 * {@link #as}. Services keep their resources apart by {@code accountId} and {@code region}.
 */
public record Call(String requestId, String accountId, String region, String accessKeyId) {
    public static final String DEFAULT_ACCOUNT = "000000000000";
    public static final String DEFAULT_REGION = "us-east-1";

    private static final ScopedValue<Call> CURRENT = ScopedValue.newInstance();
    private static final ScopedValue<byte[]> BODY = ScopedValue.newInstance();
    private static final byte[] NO_BODY = {};
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Call IN_PROCESS = new Call("in-process", DEFAULT_ACCOUNT, DEFAULT_REGION, "landfall");

    /** The call this thread works for; the default account and region where none was set. */
    public static Call current() {
        return CURRENT.orElse(IN_PROCESS);
    }

    /** Runs {@code work} as {@code call}. */
    public static <T> T as(Call call, Callable<T> work) throws Exception {
        return as(call, NO_BODY, work);
    }

    /** As the other, for a request that came as {@code body}. */
    public static <T> T as(Call call, byte[] body, Callable<T> work) throws Exception {
        return ScopedValue.where(CURRENT, call).where(BODY, body).call(work::call);
    }

    /**
     * A text at the top of the request's JSON document, for what callers send beyond the SDK's shapes: Amazon's agent
     * has some members of its own. Nothing in other protocols and in process.
     */
    public static Optional<String> unmodelled(String member) {
        try {
            return Optional.ofNullable(JSON.readTree(BODY.orElse(NO_BODY)).path(member).textValue());
        } catch (IOException e) {
            return Optional.empty(); // no JSON, and yet a request that could be read
        }
    }
}
