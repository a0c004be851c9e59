package dev.landfall.ecs.express;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.ecs.service.ManagedService;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import software.amazon.awssdk.services.ecs.model.DeleteExpressGatewayServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeleteExpressGatewayServiceResponse;

/**
 * Ends an Express service: it is DRAINING until its tasks have stopped and what was made for it is removed, then
 * INACTIVE. Its task definitions stay.
 */
public final class DeleteExpressGatewayService {
    private DeleteExpressGatewayService() {}

    public static Decision<DeleteExpressGatewayServiceResponse> decide(
            Image image, DeleteExpressGatewayServiceRequest request, Scope scope, Context context) {
        var found = ExpressServices.requireActive(image, scope, request.serviceArn());
        var draft = new Draft(image);
        ServiceRow service = ManagedService.drain(draft, found.service());
        ExpressRow row = found.express().with(Phase.DRAINING).at(context.now());
        draft.put(EcsTables.EXPRESS_SERVICES, row);
        return draft.reply(DeleteExpressGatewayServiceResponse.builder()
                .service(ExpressShapes.withTags(
                        ExpressShapes.described(draft.image(), service, row), service.service().tags()))
                .build());
    }
}
