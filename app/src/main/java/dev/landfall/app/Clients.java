package dev.landfall.app;

import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.client.builder.SdkSyncClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;

/** The SDK's clients, pointed at a Landfall. */
final class Clients {
    private Clients() {}

    static EcsClient ecs(URI endpoint) {
        return towards(endpoint, EcsClient.builder()).build();
    }

    static ElasticLoadBalancingV2Client elb(URI endpoint) {
        return towards(endpoint, ElasticLoadBalancingV2Client.builder()).build();
    }

    private static <B extends AwsClientBuilder<B, ?> & SdkSyncClientBuilder<B, ?>> B towards(URI endpoint, B builder) {
        return builder
                .endpointOverride(endpoint)
                .region(Region.of(Env.REGION))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(Env.KEY, Env.KEY)))
                .httpClientBuilder(UrlConnectionHttpClient.builder().connectionTimeout(Duration.ofSeconds(5)));
    }
}
