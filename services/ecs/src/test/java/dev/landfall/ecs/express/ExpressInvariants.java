package dev.landfall.ecs.express;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.service.ServiceRow;
import dev.landfall.state.Image;

/** What always holds of Express services and their load balancers. */
public final class ExpressInvariants {
    private ExpressInvariants() {}

    public static void hold(Image image) {
        image.all(EcsTables.EXPRESS_SERVICES).forEach(row -> service(image, row));
        image.all(EcsTables.EXPRESS_GATEWAYS).forEach(row -> gateway(image, row));
    }

    private static void service(Image image, ExpressRow row) {
        ServiceRow service = image.get(EcsTables.SERVICES, row.serviceArn()).orElseThrow();
        if (row.gone()) {
            assertThat(service.inactive() || ExpressServices.of(image, service.service()).isEmpty())
                    .as("%s is gone, and so is its service", row).isTrue();
            return;
        }
        assertThat(Gateways.of(image, row)).as("the load balancer of %s", row).isPresent();
        assertThat(service.service().status()).as("%s", row).isEqualTo(switch (row.phase()) {
            case PROVISIONING, SETTLED, UPDATING -> "ACTIVE";
            case DRAINING, DISMANTLING -> "DRAINING";
            case GONE -> "INACTIVE";
        });
        boolean tasks = image.find(EcsTables.TASKS, EcsTables.TASKS_BY_SERVICE, row.serviceArn() + "|RUNNING").size()
                + image.find(EcsTables.TASKS, EcsTables.TASKS_BY_SERVICE, row.serviceArn() + "|STOPPED").stream()
                        .filter(task -> !task.stopped()).count() > 0;
        if (row.phase() == Phase.DISMANTLING) {
            assertThat(tasks).as("%s is removed under its tasks", row).isFalse();
        }
        if (row.phase() == Phase.SETTLED || row.phase() == Phase.UPDATING) {
            assertThat(row.ingress().complete()).as("%s has all that it needs", row).isTrue();
            assertThat(service.service().loadBalancers()).as("those of %s", row).hasSize(1);
        }
    }

    private static void gateway(Image image, GatewayRow row) {
        var services = Gateways.services(image, row.key());
        assertThat(services).as("the services of %s", row).isNotEmpty().hasSizeLessThanOrEqualTo(25);
        if (row.leaving()) {
            assertThat(services).as("%s is removed under a service", row)
                    .allMatch(each -> each.phase() == Phase.DISMANTLING);
        }
    }
}
