package dev.landfall.app.balancing;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Where a websocket is opened, and what proves who does: data planes are told private keys. */
record Signed(URI uri, Map<String, List<String>> headers) {
    private static final String SERVICE = "elasticloadbalancing";

    /** @param http the websocket's URL, but for its scheme, which signers do not know */
    static Signed of(URI http, String region, AwsCredentialsIdentity identity) {
        var signed = AwsV4HttpSigner.create().sign(sign -> sign
                .identity(identity)
                .request(SdkHttpRequest.builder().method(SdkHttpMethod.GET).uri(http).build())
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, SERVICE)
                .putProperty(AwsV4HttpSigner.REGION_NAME, region));
        var headers = new TreeMap<>(signed.request().headers());
        headers.keySet().removeIf("Host"::equalsIgnoreCase);        // the client writes its own
        return new Signed(URI.create(http.toString().replaceFirst("^http", "ws")), headers);
    }
}
