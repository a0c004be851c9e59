package dev.landfall.wire;

import java.util.concurrent.Callable;

/**
 * What a call is made under: taken from its SigV4 credential scope by the server, or set by an in-process caller with
 * {@link #as}. Services keep their resources apart by {@code accountId} and {@code region}.
 */
public record Call(String requestId, String accountId, String region, String accessKeyId) {
    public static final String DEFAULT_ACCOUNT = "000000000000";
    public static final String DEFAULT_REGION = "us-east-1";

    private static final ScopedValue<Call> CURRENT = ScopedValue.newInstance();
    private static final Call IN_PROCESS = new Call("in-process", DEFAULT_ACCOUNT, DEFAULT_REGION, "landfall");

    /** The call this thread works for; the default account and region where none was set. */
    public static Call current() {
        return CURRENT.orElse(IN_PROCESS);
    }

    /** Runs {@code work} as {@code call}. */
    public static <T> T as(Call call, Callable<T> work) throws Exception {
        return ScopedValue.where(CURRENT, call).call(work::call);
    }
}
