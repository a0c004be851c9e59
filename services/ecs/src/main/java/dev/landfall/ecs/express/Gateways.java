package dev.landfall.ecs.express;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Context;
import dev.landfall.state.Draft;
import dev.landfall.state.Image;
import java.util.List;
import java.util.Optional;

/** Which load balancer an Express service comes to. There is one VPC an account and region. */
final class Gateways {
    /** "Up to 25 Express Mode services in the same VPC can share an Application Load Balancer" (Developer Guide). */
    static final int SERVICES_MAX = 25;

    private static final String NAME = "ecs-express-gateway-alb-";
    private static final int DIGITS = 8;

    /** Where a service names none; nobody knows the subnets of a default VPC here. */
    private static final List<String> DEFAULT_SUBNETS =
            List.of("subnet-0000000000000000a", "subnet-0000000000000000b");

    private Gateways() {}

    /** The subnets that a service is in which named those, or none. */
    static List<String> subnets(List<String> given) {
        return given.isEmpty() ? DEFAULT_SUBNETS : given;
    }

    /** The first load balancer that has room, or a new one, which will be in those subnets. */
    static GatewayRow join(Draft draft, List<String> subnets, Scope scope, Context context) {
        String prefix = EcsTables.scopeKey(scope) + '/';
        Optional<GatewayRow> room = draft.image().startingWith(EcsTables.EXPRESS_GATEWAYS, prefix).stream()
                .filter(row -> !row.leaving() && draft.image().count(EcsTables.EXPRESS_SERVICES,
                        EcsTables.EXPRESS_SERVICES_BY_GATEWAY, row.key()) < SERVICES_MAX)
                .findFirst();
        if (room.isPresent()) {
            return room.get();
        }
        if (subnets.size() < 2) {
            throw EcsErrors.invalidParameter("At least two subnets in two different Availability Zones must be "
                    + "specified for the first Express service of a VPC.");
        }
        var made = new GatewayRow(prefix + NAME + context.ids().next().substring(32 - DIGITS), subnets, List.of(),
                Made.NOT_YET, Made.NOT_YET, false);
        draft.put(EcsTables.EXPRESS_GATEWAYS, made);
        return made;
    }

    static Optional<GatewayRow> of(Image image, ExpressRow row) {
        return image.get(EcsTables.EXPRESS_GATEWAYS, row.gateway());
    }

    /** All services that are not gone. */
    static List<ExpressRow> services(Image image, String key) {
        return image.find(EcsTables.EXPRESS_SERVICES, EcsTables.EXPRESS_SERVICES_BY_GATEWAY, key);
    }

    /** Nobody may come any more once all services are being removed. */
    static void leaveIfLast(Draft draft, String key) {
        if (services(draft.image(), key).stream().allMatch(row -> row.phase() == Phase.DISMANTLING)) {
            draft.image().get(EcsTables.EXPRESS_GATEWAYS, key)
                    .ifPresent(row -> draft.put(EcsTables.EXPRESS_GATEWAYS, row.withLeave()));
        }
    }

    /** Forgets a load balancer that was removed, with its last service. */
    static void forgetIfEmpty(Draft draft, String key) {
        if (services(draft.image(), key).isEmpty() && draft.image().get(EcsTables.EXPRESS_GATEWAYS, key).isPresent()) {
            draft.delete(EcsTables.EXPRESS_GATEWAYS, key);
        }
    }
}
