package dev.landfall.ecs.deployment;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.express.ManagedResources;
import dev.landfall.state.Image;
import java.util.ArrayList;
import software.amazon.awssdk.services.ecs.model.DescribeServiceRevisionsRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServiceRevisionsResponse;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.ServiceRevision;

/** Shows up to twenty service revisions. */
public final class DescribeServiceRevisions {
    private static final int MAX = 20;

    private DescribeServiceRevisions() {}

    public static DescribeServiceRevisionsResponse read(
            Image image, DescribeServiceRevisionsRequest request, Scope scope) {
        if (request.serviceRevisionArns().isEmpty()) {
            throw EcsErrors.invalidParameter("serviceRevisionArns cannot be empty.");
        }
        if (request.serviceRevisionArns().size() > MAX) {
            throw EcsErrors.invalidParameter("serviceRevisionArns can have at most " + MAX + " items.");
        }
        var found = new ArrayList<ServiceRevision>();
        var failures = new ArrayList<Failure>();
        for (String arn : request.serviceRevisionArns()) {
            image.get(EcsTables.SERVICE_REVISIONS, arn)
                    .filter(row -> arn.startsWith(scope.arn("service-revision/")))
                    .ifPresentOrElse(
                            row -> found.add(ManagedResources.shown(image, row.revision())),
                            () -> failures.add(Failure.builder().arn(arn).reason("MISSING").build()));
        }
        return DescribeServiceRevisionsResponse.builder().serviceRevisions(found).failures(failures).build();
    }
}
