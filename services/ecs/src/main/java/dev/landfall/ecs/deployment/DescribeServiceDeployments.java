package dev.landfall.ecs.deployment;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Image;
import java.util.ArrayList;
import software.amazon.awssdk.services.ecs.model.DescribeServiceDeploymentsRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServiceDeploymentsResponse;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.ServiceDeployment;

/** Shows up to twenty service deployments. */
public final class DescribeServiceDeployments {
    private static final int MAX = 20;

    private DescribeServiceDeployments() {}

    public static DescribeServiceDeploymentsResponse read(
            Image image, DescribeServiceDeploymentsRequest request, Scope scope) {
        if (request.serviceDeploymentArns().isEmpty()) {
            throw EcsErrors.invalidParameter("serviceDeploymentArns cannot be empty.");
        }
        if (request.serviceDeploymentArns().size() > MAX) {
            throw EcsErrors.invalidParameter("serviceDeploymentArns can have at most " + MAX + " items.");
        }
        var found = new ArrayList<ServiceDeployment>();
        var failures = new ArrayList<Failure>();
        for (String arn : request.serviceDeploymentArns()) {
            ServiceDeployments.find(image, scope, arn).ifPresentOrElse(
                    row -> found.add(ServiceDeployments.describe(image, row)),
                    () -> failures.add(Failure.builder().arn(arn).reason("MISSING").build()));
        }
        return DescribeServiceDeploymentsResponse.builder().serviceDeployments(found).failures(failures).build();
    }
}
