package dev.landfall.wire.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.landfall.wire.SecretKeys;
import dev.landfall.wire.codec.Exchange.Refusal;
import dev.landfall.wire.codec.Exchange.Request;
import dev.landfall.wire.model.Protocol;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Verifies AWS Signature Version 4, in the {@code Authorization} header or in a presigned query. What is signed is
 * built again from the request as it came and signed with the caller's secret key; the two signatures must be equal.
 * The bodies of streaming uploads are covered by their first signature only, not chunk by chunk. Immutable; safe for
 * any thread.
 */
final class Verifier {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final String TERMINATOR = "aws4_request";

    /** How far the clocks may be apart. */
    private static final Duration MAX_SKEW = Duration.ofMinutes(5);

    /** AWS's limit for presigned requests. */
    private static final long MAX_EXPIRES_SECONDS = 604_800;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final SecretKeys secretKeys;
    private final Clock clock;

    Verifier(SecretKeys secretKeys, Clock clock) {
        this.secretKeys = secretKeys;
        this.clock = clock;
    }

    /** Why a request is not let in. */
    private enum Failure {
        MISSING("MissingAuthenticationToken", "MissingAuthenticationTokenException",
                "Request is missing Authentication Token"),
        UNKNOWN("InvalidClientTokenId", "UnrecognizedClientException",
                "The security token included in the request is invalid."),
        INCOMPLETE("IncompleteSignature", "IncompleteSignatureException",
                "The request signature does not conform to AWS standards."),
        EXPIRED("RequestExpired", "InvalidSignatureException",
                "Signature expired: the time of the request is too far from the server's."),
        WRONG("SignatureDoesNotMatch", "InvalidSignatureException",
                "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
                        + "Access Key and signing method. Consult the service documentation for details.");

        private final String queryCode;
        private final String jsonCode;
        private final String message;

        Failure(String queryCode, String jsonCode, String message) {
            this.queryCode = queryCode;
            this.jsonCode = jsonCode;
            this.message = message;
        }
    }

    /** What a request says about its own signature. */
    private record Claim(
            String accessKeyId,
            String scope,
            String signedHeaders,
            String signature,
            String time,
            String token,
            boolean presigned) {}

    /** The refusal, if the request is not signed by a key that is known. The body is the one sent, still compressed. */
    Optional<Refusal> refusal(Request request, Protocol protocol) {
        if (secretKeys == SecretKeys.UNVERIFIED) {
            return Optional.empty();
        }
        return failure(request).map(failure -> switch (protocol) {
            case EC2 -> new Refusal(401, "AuthFailure",
                    "AWS was not able to validate the provided access credentials", null);
            case QUERY, REST_XML -> new Refusal(403, failure.queryCode, failure.message, null);
            case REST_JSON -> new Refusal(403, failure.jsonCode, failure.message, null);
            case JSON_1_0, JSON_1_1, RPC_V2_CBOR -> new Refusal(400, failure.jsonCode, failure.message, null);
        });
    }

    private Optional<Failure> failure(Request request) {
        String authorization = request.header().apply("authorization");
        if (authorization == null && !request.query().containsKey("X-Amz-Signature")) {
            return Optional.of(Failure.MISSING);
        }
        Optional<Claim> found = authorization == null ? presigned(request) : signed(authorization, request);
        if (found.isEmpty()) {
            return Optional.of(Failure.INCOMPLETE);
        }
        Claim claim = found.get();
        String[] scope = claim.scope.split("/", -1);
        List<String> signedHeaders = List.of(claim.signedHeaders.split(";"));
        boolean complete = scope.length == 4
                && scope[3].equals(TERMINATOR)
                && claim.time.startsWith(scope[0] + "T")
                && signedHeaders.contains("host")
                // It names the operation.
                && (request.header().apply("x-amz-target") == null || signedHeaders.contains("x-amz-target"));
        if (!complete) {
            return Optional.of(Failure.INCOMPLETE);
        }
        if (!isTimely(claim, request)) {
            return Optional.of(Failure.EXPIRED);
        }
        Optional<String> secret = secretKeys.secretOf(claim.accessKeyId, claim.token);
        if (secret.isEmpty()) {
            return Optional.of(Failure.UNKNOWN);
        }
        String toSign = ALGORITHM + "\n" + claim.time + "\n" + claim.scope + "\n"
                + hash(canonical(request, claim).getBytes(UTF_8));
        byte[] key = ("AWS4" + secret.get()).getBytes(UTF_8);
        for (String part : scope) {
            key = mac(key, part);
        }
        byte[] expected = HexFormat.of().formatHex(mac(key, toSign)).getBytes(UTF_8);
        boolean equal = MessageDigest.isEqual(expected, claim.signature.getBytes(UTF_8)) && isBodySigned(request);
        return equal ? Optional.empty() : Optional.of(Failure.WRONG);
    }

    private static Optional<Claim> signed(String authorization, Request request) {
        if (!authorization.startsWith(ALGORITHM + " ")) {
            return Optional.empty();
        }
        Map<String, String> parts = new TreeMap<>();
        for (String part : authorization.substring(ALGORITHM.length()).split(",")) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parts.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
            }
        }
        return claim(parts.get("Credential"), parts.get("SignedHeaders"), parts.get("Signature"),
                request.header().apply("x-amz-date"), request.header().apply("x-amz-security-token"), false);
    }

    private static Optional<Claim> presigned(Request request) {
        return claim(parameter(request, "X-Amz-Credential"), parameter(request, "X-Amz-SignedHeaders"),
                parameter(request, "X-Amz-Signature"), parameter(request, "X-Amz-Date"),
                parameter(request, "X-Amz-Security-Token"), true);
    }

    private static String parameter(Request request, String name) {
        List<String> values = request.query().get(name);
        return values == null ? null : values.getFirst();
    }

    private static Optional<Claim> claim(
            String credential, String signedHeaders, String signature, String time, String token, boolean presigned) {
        int slash = credential == null ? -1 : credential.indexOf('/');
        if (slash < 0 || signedHeaders == null || signature == null || time == null) {
            return Optional.empty();
        }
        return Optional.of(new Claim(credential.substring(0, slash), credential.substring(slash + 1), signedHeaders,
                signature, time, token == null ? "" : token, presigned));
    }

    private boolean isTimely(Claim claim, Request request) {
        try {
            Instant time = TIME.parse(claim.time, Instant::from);
            long seconds = claim.presigned ? Long.parseLong(String.valueOf(parameter(request, "X-Amz-Expires"))) : 0;
            Instant now = clock.instant();
            return seconds >= 0
                    && seconds <= MAX_EXPIRES_SECONDS
                    && !now.isBefore(time.minus(MAX_SKEW))
                    && !now.isAfter(time.plus(claim.presigned ? Duration.ofSeconds(seconds) : MAX_SKEW));
        } catch (DateTimeException | NumberFormatException e) {
            return false;
        }
    }

    private static String canonical(Request request, Claim claim) {
        var text = new StringBuilder(request.method()).append('\n');
        // The path is encoded once more than it was sent: so all services but S3 have it.
        text.append(request.path().isEmpty() ? "/" : encode(request.path(), true)).append('\n');
        text.append(canonicalQuery(request)).append('\n');
        Map<String, String> headers = request.headers().get();
        for (String name : claim.signedHeaders.split(";")) {
            String value = headers.getOrDefault(name, "");
            text.append(name).append(':').append(value.strip().replaceAll(" +", " ")).append('\n');
        }
        return text.append('\n').append(claim.signedHeaders).append('\n').append(payload(request)).toString();
    }

    private static String canonicalQuery(Request request) {
        List<String> parameters = new ArrayList<>();
        request.query().forEach((name, values) -> {
            if (!name.equals("X-Amz-Signature")) {
                values.forEach(value -> parameters.add(encode(name, false) + "\0" + encode(value, false)));
            }
        });
        // By name and then by value: joined with anything that sorts behind other characters, "a-b" would precede "a".
        return String.join("&", parameters.stream().sorted().toList()).replace('\0', '=');
    }

    /** The hash the caller announces is what it has signed; {@link #isBodySigned} then compares it with the body. */
    private static String payload(Request request) {
        String announced = request.header().apply("x-amz-content-sha256");
        return announced == null ? hash(request.body()) : announced;
    }

    private static boolean isBodySigned(Request request) {
        String announced = payload(request);
        return announced.equals("UNSIGNED-PAYLOAD")
                || announced.startsWith("STREAMING-")
                || announced.equals(hash(request.body()));
    }

    private static String encode(String text, boolean keepSlashes) {
        var encoded = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(UTF_8)) {
            char c = (char) (b & 0xFF);
            boolean unreserved = c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
                    || c == '-' || c == '_' || c == '.' || c == '~' || keepSlashes && c == '/';
            if (unreserved) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return encoded.toString();
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256 is missing", e);
        }
    }

    private static byte[] mac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA256 is missing", e);
        }
    }
}
