package dev.landfall.ecs.conformance;

import dev.landfall.ecs.Ecs;
import dev.landfall.wire.ApiServer;
import dev.landfall.wire.Call;
import dev.landfall.wire.Exposed;
import java.net.URI;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;

/** The two ways to a service: what one answers, the other must answer too. */
enum Target {
    /** The object itself, called as another service of the same process calls it. */
    IN_PROCESS {
        @Override
        Reached reach(Ecs service) {
            return new Reached(service, () -> { });
        }
    },

    /** The AWS SDK's own client, over HTTP to a server on a free port. */
    OVER_HTTP {
        @Override
        Reached reach(Ecs service) {
            var server = new ApiServer(ApiServer.Config.on("127.0.0.1", 0),
                    List.of(new Exposed(EcsClient.class, service)), List.of());
            EcsClient client = client(server.uri());
            return new Reached(client, () -> {
                client.close();
                server.close();
                if (server.faults() > 0) {
                    throw new AssertionError("the server counts " + server.faults() + " faults of its own");
                }
            });
        }
    };

    /** Kept for the run; closing a client leaves it open. */
    private static final SdkHttpClient HTTP = UrlConnectionHttpClient.create();

    /** A client for the service, and what ends the way to it. */
    record Reached(EcsClient client, Runnable end) {}

    abstract Reached reach(Ecs service);

    /** A client whose account and region are those of {@link Call#current}, as for a caller in this process. */
    private static EcsClient client(URI endpoint) {
        return EcsClient.builder()
                .endpointOverride(endpoint)
                .region(Region.of(Stage.CALL.region()))
                .credentialsProvider(() -> AwsBasicCredentials.create(Call.current().accountId(), "secret"))
                .overrideConfiguration(options -> options.retryStrategy(retry -> retry.maxAttempts(1)))
                .httpClient(HTTP)
                .build();
    }
}
