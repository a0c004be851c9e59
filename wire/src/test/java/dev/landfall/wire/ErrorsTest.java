package dev.landfall.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.DashboardNotFoundErrorException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ConflictException;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.ListClustersResponse;
import software.amazon.awssdk.services.ecs.model.ServerException;
import software.amazon.awssdk.services.efs.EfsClient;
import software.amazon.awssdk.services.efs.model.FileSystemNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerNotFoundException;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.InvalidChangeBatchException;
import software.amazon.awssdk.services.route53.model.NoSuchHostedZoneException;

/** What a service throws is what the SDK's client throws: class, code, message, status and own members. */
class ErrorsTest {
    private final Servers.Served<EcsClient> ecs =
            Servers.shared(EcsClient.class, uri -> Clients.of(EcsClient.builder(), uri));
    private final Servers.Served<ElasticLoadBalancingV2Client> elb = Servers.shared(
            ElasticLoadBalancingV2Client.class, uri -> Clients.of(ElasticLoadBalancingV2Client.builder(), uri));
    private final Servers.Served<Ec2Client> ec2 =
            Servers.shared(Ec2Client.class, uri -> Clients.of(Ec2Client.builder(), uri));
    private final Servers.Served<EfsClient> efs =
            Servers.shared(EfsClient.class, uri -> Clients.of(EfsClient.builder(), uri));
    private final Servers.Served<Route53Client> route53 =
            Servers.shared(Route53Client.class, uri -> Clients.of(Route53Client.builder(), uri));
    private final Servers.Served<CloudWatchClient> cloudWatch =
            Servers.shared(CloudWatchClient.class, uri -> Clients.of(CloudWatchClient.builder(), uri));

    private static <E extends AwsServiceException> E thrown(
            Servers.Served<?> served, Class<E> type, RuntimeException error, Runnable call) {
        served.recorder().answers(request -> {
            throw error;
        });
        E caught = catchThrowableOfType(type, call::run);
        assertThat(caught).as("what the client threw").isExactlyInstanceOf(type);
        assertThat(caught.requestId()).isEqualTo(served.recorder().call().requestId());
        return caught;
    }

    @Test
    void awsJson() {
        var caught = thrown(ecs, ClientException.class, ClientException.builder().message("no «é»\n").build(),
                () -> ecs.client().listClusters());
        assertThat(caught.awsErrorDetails().errorCode()).isEqualTo("ClientException");
        assertThat(caught.awsErrorDetails().errorMessage()).isEqualTo("no «é»\n");
        assertThat(caught.statusCode()).isEqualTo(400);
    }

    @Test
    void statusOfTheModelAndOfTheException() {
        var server = ServerException.builder().message("later");
        assertThat(thrown(ecs, ServerException.class, server.build(), () -> ecs.client().listClusters()).statusCode())
                .isEqualTo(500);
        server.statusCode(503);
        assertThat(thrown(ecs, ServerException.class, server.build(), () -> ecs.client().listClusters()).statusCode())
                .isEqualTo(503);
    }

    @Test
    void membersOfTheExceptionTravelWithIt() {
        var error = ConflictException.builder().message("busy").resourceIds("a", "b").build();
        var caught = thrown(ecs, ConflictException.class, error, () -> ecs.client().listClusters());
        assertThat(caught.resourceIds()).isEqualTo(List.of("a", "b"));
    }

    @Test
    void anExplicitCodeWins() {
        var error = EcsException.builder()
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode("ThrottlingException")
                        .errorMessage("Rate exceeded")
                        .serviceName("ignored")
                        .build())
                .statusCode(429)
                .build();
        var caught = thrown(ecs, EcsException.class, error, () -> ecs.client().listClusters());
        assertThat(caught.awsErrorDetails().errorCode()).isEqualTo("ThrottlingException");
        assertThat(caught.awsErrorDetails().errorMessage()).isEqualTo("Rate exceeded");
        assertThat(caught.statusCode()).isEqualTo(429);
    }

    @Test
    void queryCodesAreNotClassNames() {
        var error = LoadBalancerNotFoundException.builder().message("<none>").build();
        var caught = thrown(elb, LoadBalancerNotFoundException.class, error,
                () -> elb.client().describeLoadBalancers());
        assertThat(caught.awsErrorDetails().errorCode()).isEqualTo("LoadBalancerNotFound");
        assertThat(caught.awsErrorDetails().errorMessage()).isEqualTo("<none>");
        assertThat(caught.statusCode()).isEqualTo(400);

        var dashboard = DashboardNotFoundErrorException.builder().message("none").build();
        var missing = thrown(cloudWatch, DashboardNotFoundErrorException.class, dashboard,
                () -> cloudWatch.client().listMetrics());
        assertThat(missing.awsErrorDetails().errorCode()).isEqualTo("ResourceNotFound");
        assertThat(missing.statusCode()).isEqualTo(404);
    }

    @Test
    void ec2HasCodesWithoutClasses() {
        var error = Ec2Exception.builder()
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode("InvalidVpcID.NotFound")
                        .errorMessage("The vpc ID 'vpc-1' does not exist")
                        .build())
                .statusCode(400)
                .build();
        var caught = thrown(ec2, Ec2Exception.class, error, () -> ec2.client().describeVpcs());
        assertThat(caught.awsErrorDetails().errorCode()).isEqualTo("InvalidVpcID.NotFound");
        assertThat(caught.awsErrorDetails().errorMessage()).isEqualTo("The vpc ID 'vpc-1' does not exist");
    }

    @Test
    void restJson() {
        var error = FileSystemNotFoundException.builder()
                .errorCode("FileSystemNotFound")
                .message("File system 'fs-1' does not exist.")
                .build();
        var caught = thrown(efs, FileSystemNotFoundException.class, error,
                () -> efs.client().deleteFileSystem(request -> request.fileSystemId("fs-1")));
        assertThat(caught.awsErrorDetails().errorCode()).isEqualTo("FileSystemNotFound");
        assertThat(caught.errorCode()).isEqualTo("FileSystemNotFound");
        assertThat(caught.awsErrorDetails().errorMessage()).isEqualTo("File system 'fs-1' does not exist.");
        assertThat(caught.statusCode()).isEqualTo(404);
    }

    @Test
    void restXml() {
        var error = NoSuchHostedZoneException.builder().message("No hosted zone found with ID: Z1").build();
        var caught = thrown(route53, NoSuchHostedZoneException.class, error,
                () -> route53.client().getHostedZone(request -> request.id("Z1")));
        assertThat(caught.awsErrorDetails().errorCode()).isEqualTo("NoSuchHostedZone");
        assertThat(caught.statusCode()).isEqualTo(404);
        assertThat(caught.awsErrorDetails().errorMessage()).isEqualTo("No hosted zone found with ID: Z1");

        var batch = InvalidChangeBatchException.builder().messages("one", "two").message("bad").build();
        var invalid = thrown(route53, InvalidChangeBatchException.class, batch,
                () -> route53.client().getHostedZone(request -> request.id("Z1")));
        assertThat(invalid.messages()).containsExactly("one", "two");
    }

    @Test
    void aMistakeOfOursIsCountedAndNotShown() {
        var served = Servers.start(EcsClient.class, uri -> Clients.of(EcsClient.builder(), uri));
        try (var server = served.server()) {
            var caught = thrown(served, ServerException.class, new IllegalStateException("secret"),
                    () -> served.client().listClusters());
            assertThat(caught.statusCode()).isEqualTo(500);
            assertThat(caught.getMessage()).doesNotContain("secret").doesNotContain("dev.landfall");
            assertThat(server.faults()).isEqualTo(1);

            thrown(served, ServerException.class, new UnsupportedOperationException("immutable list"),
                    () -> served.client().listClusters());
            assertThat(server.faults()).isEqualTo(2);

            thrown(served, ServerException.class, LoadBalancerNotFoundException.builder().message("behind").build(),
                    () -> served.client().listClusters());
            assertThat(server.faults()).isEqualTo(3);

            served.recorder().answers(request -> ListClustersResponse.builder().clusterArns((String) null).build());
            served.client().listClusters();
            assertThat(server.faults()).isEqualTo(3);
        }
    }

    @Test
    void operationsThatAServiceDoesNotHaveAreUnknown() {
        assertUnknown(ecs, () -> ecs.client().listClusters(), "UnknownOperationException", 400);
        assertUnknown(elb, () -> elb.client().describeTargetGroups(), "InvalidAction", 400);
        assertUnknown(ec2, () -> ec2.client().describeVpcs(), "InvalidAction", 400);
        assertUnknown(efs, () -> efs.client().describeFileSystems(), "UnknownOperationException", 404);
        assertUnknown(route53, () -> route53.client().listHostedZones(), "UnknownOperationException", 404);
    }

    private static void assertUnknown(Servers.Served<?> served, Supplier<SdkPojo> call, String code, int status) {
        served.recorder().answers(null);
        var caught = catchThrowableOfType(AwsServiceException.class, call::get);
        assertThat(caught.awsErrorDetails().errorCode()).isEqualTo(code);
        assertThat(caught.statusCode()).isEqualTo(status);
        assertThat(served.server().faults()).isZero();
    }

    @Test
    void aCallCarriesTheSignaturesScope() {
        ecs.recorder().answers(request -> ListClustersResponse.builder().build());
        ecs.client().listClusters();
        assertThat(ecs.recorder().call().region()).isEqualTo("eu-west-1");
        assertThat(ecs.recorder().call().accountId()).isEqualTo(Call.DEFAULT_ACCOUNT);
        assertThat(ecs.recorder().call().accessKeyId()).isEqualTo(Clients.ACCESS_KEY);

        try (var client = Clients.of(EcsClient.builder(), ecs.server().uri(), "123456789012")) {
            client.listClusters();
            assertThat(ecs.recorder().call().accountId()).isEqualTo("123456789012");
        }
    }
}
