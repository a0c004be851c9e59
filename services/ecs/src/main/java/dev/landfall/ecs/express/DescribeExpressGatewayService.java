package dev.landfall.ecs.express;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Image;
import software.amazon.awssdk.services.ecs.model.DescribeExpressGatewayServiceRequest;
import software.amazon.awssdk.services.ecs.model.DescribeExpressGatewayServiceResponse;
import software.amazon.awssdk.services.ecs.model.ECSExpressGatewayService;
import software.amazon.awssdk.services.ecs.model.ExpressGatewayServiceInclude;

/** Shows an Express service, also one that is INACTIVE. */
public final class DescribeExpressGatewayService {
    private DescribeExpressGatewayService() {}

    public static DescribeExpressGatewayServiceResponse read(
            Image image, DescribeExpressGatewayServiceRequest request, Scope scope) {
        var found = ExpressServices.require(image, scope, request.serviceArn(),
                () -> EcsErrors.resourceNotFound("The specified service was not found."));
        ECSExpressGatewayService described =
                ExpressShapes.described(image, found.service(), found.express());
        boolean tags = request.include().contains(ExpressGatewayServiceInclude.TAGS);
        return DescribeExpressGatewayServiceResponse.builder()
                .service(tags ? ExpressShapes.withTags(described, found.service().service().tags()) : described)
                .build();
    }
}
