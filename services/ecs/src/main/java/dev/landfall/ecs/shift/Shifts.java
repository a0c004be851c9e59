package dev.landfall.ecs.shift;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.deployment.ServiceDeploymentRow;
import dev.landfall.state.Image;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.ServiceDeployment;
import software.amazon.awssdk.services.ecs.model.ServiceRevisionSummary;

/** Looks shifts up and shows them. */
public final class Shifts {
    private Shifts() {}

    /** The service's shift, also one that was halted. */
    public static Optional<ShiftRow> of(Image image, String serviceArn) {
        return image.get(EcsTables.SHIFTS, serviceArn);
    }

    /** The shift that a service deployment is, as long as it is not complete. */
    public static Optional<ShiftRow> of(Image image, ServiceDeploymentRow row) {
        return of(image, row.deployment().serviceArn()).filter(shift -> shift.deploymentArn().equals(row.arn()));
    }

    /** The shift as it is now, if it is still at the same visit of the same stage. */
    static Optional<ShiftRow> unchanged(Image image, ShiftRow seen) {
        return of(image, seen.serviceArn()).filter(now -> now.deploymentArn().equals(seen.deploymentArn())
                && now.progress().same(seen.progress()));
    }

    /** The routes of a shift as they are for another one, in which {@code blue} has the traffic. */
    public static List<Route> routes(ShiftRow shift, String blue) {
        return blue.equals(shift.sides().blue()) ? shift.routes()
                : shift.routes().stream().map(route -> new Route(route.productionRule(), route.testRule(),
                        route.greenGroup(), route.blueGroup())).toList();
    }

    /** The service deployment with what its shift shows of itself. */
    public static ServiceDeployment shown(ServiceDeployment deployment, ShiftRow shift) {
        return deployment.toBuilder()
                .lifecycleStage(shift.stage() == Stage.HALTED ? deployment.lifecycleStage() : shift.stage().shown())
                .lifecycleHookDetails(shift.hooks().stream().map(HookRun::shown).toList())
                .deploymentConfiguration(shift.configuration())
                .build();
    }

    /** How much traffic goes to a revision, as far as load balancers shift any. */
    public static ServiceRevisionSummary shown(ServiceRevisionSummary revision, ShiftRow shift, String deploymentId) {
        if (shift.routes().isEmpty()) {
            return revision;
        }
        boolean green = deploymentId.equals(shift.sides().green());
        boolean tests = shift.routes().stream().anyMatch(route -> !route.testRule().isEmpty());
        return revision.toBuilder()
                .requestedProductionTrafficWeight(share(shift.productionPercent(), green))
                .requestedTestTrafficWeight(tests ? share(shift.testPercent(), green) : null)
                .build();
    }

    private static Double share(double percent, boolean green) {
        return green ? percent : Steps.ALL - percent;
    }
}
