package dev.landfall.wire.http;

import dev.landfall.wire.Call;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The credential scope of a request's AWS Signature: who calls, in which region, which service. It is read, not
 * verified. Missing parts are empty.
 */
record Signature(String accessKeyId, String region, String service) {
    private static final String CREDENTIAL = "Credential=";
    private static final Signature NONE = new Signature("", "", "");

    /** From the {@code Authorization} header (or {@code null}), or the query parameters of a presigned request. */
    static Signature of(String authorization, Map<String, List<String>> query) {
        if (authorization != null) {
            int start = authorization.indexOf(CREDENTIAL);
            if (start < 0) {
                return NONE;
            }
            start += CREDENTIAL.length();
            int end = start;
            while (end < authorization.length() && ", ".indexOf(authorization.charAt(end)) < 0) {
                end++;
            }
            return ofScope(authorization.substring(start, end));
        }
        List<String> presigned = query.get("X-Amz-Credential");
        return presigned == null ? NONE : ofScope(presigned.getFirst());
    }

    /** {@code key/20261120/us-east-1/ecs/aws4_request}; SigV4A leaves the region out. */
    private static Signature ofScope(String scope) {
        String[] parts = scope.split("/", -1);
        int count = parts.length;
        if (count == 5) {
            return new Signature(parts[0], parts[2], parts[3]);
        }
        return count == 4 ? new Signature(parts[0], "", parts[2]) : new Signature(parts[0], "", "");
    }

    /** The call a request under this signature makes. An access key of twelve digits names its account. */
    Call call() {
        return new Call(
                requestId(),
                isAccount(accessKeyId) ? accessKeyId : Call.DEFAULT_ACCOUNT,
                region.isEmpty() ? Call.DEFAULT_REGION : region,
                accessKeyId);
    }

    private static boolean isAccount(String key) {
        return key.length() == 12 && key.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** A random UUID; it identifies and need not be unguessable. */
    static String requestId() {
        var random = ThreadLocalRandom.current();
        long high = random.nextLong() & ~0xF000L | 0x4000L;
        long low = random.nextLong() & ~(0xC0L << 56) | 0x80L << 56;
        return new UUID(high, low).toString();
    }
}
