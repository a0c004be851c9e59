package dev.landfall.agent.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.landfall.agent.AgentConfig;
import java.net.URI;
import java.net.URLEncoder;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Where a websocket of the agent protocol is opened, and with what signature. */
record Endpoint(URI uri, Map<String, List<String>> headers) {
    /** The signer wants an HTTP URL, the websocket client its own scheme. */
    static Endpoint of(String base, Map<String, String> query, AgentConfig config) {
        String text = query.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), UTF_8).replace("+", "%20"))
                .collect(Collectors.joining("&"));
        URI http = URI.create(base + (base.endsWith("/") ? "" : "/") + "ws?" + text);
        var request = SdkHttpRequest.builder().method(SdkHttpMethod.GET).uri(http).build();
        var identity = AwsCredentialsIdentity.create(
                config.credentials().accessKeyId(), config.credentials().secretAccessKey());
        var signed = AwsV4HttpSigner.create().sign(sign -> sign
                .identity(identity)
                .request(request)
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "ecs")
                .putProperty(AwsV4HttpSigner.REGION_NAME, config.region()));
        var headers = signed.request().headers().entrySet().stream()
                .filter(header -> !header.getKey().equalsIgnoreCase("Host"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        return new Endpoint(URI.create(http.toString().replaceFirst("^http", "ws")), headers);
    }
}
