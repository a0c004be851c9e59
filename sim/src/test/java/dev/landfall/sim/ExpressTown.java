package dev.landfall.sim;

import dev.landfall.ecs.EcsTables;
import dev.landfall.sim.outside.Balancers;
import dev.landfall.sim.outside.Gateways;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ServiceNotActiveException;

/** A town with FARGATE capacity, and the words in which stories of Express services are told. */
record ExpressTown(Town town) {
    private static final String ROLE = "arn:aws:iam::000000000000:role/";

    static ExpressTown of(Town town) {
        town.managed(2);
        return new ExpressTown(town);
    }

    private Gateways gateways() {
        return town.simulation().outside().gateways();
    }

    private Balancers balancers() {
        return town.simulation().outside().balancers();
    }

    /** A service whose container runs that program; a user who hears that it is there already is content. */
    void create(String name, String program) {
        try {
            town.simulation().user(ecs -> ecs.createExpressGatewayService(request -> request.serviceName(name)
                    .executionRoleArn(ROLE + "exec").infrastructureRoleArn(ROLE + "infra")
                    .primaryContainer(container -> container.image(program))));
        } catch (InvalidParameterException e) {
            town.simulation().timeline().note("refused", e.getMessage());
        }
    }

    void update(String name, String program, String path) {
        town.simulation().user(ecs -> ecs.updateExpressGatewayService(request -> request.serviceArn(arn(name))
                .healthCheckPath(path).primaryContainer(container -> container.image(program))));
    }

    /** A user who hears that it is gone is content; from now on requests may fail. */
    void delete(String name) {
        rules(name).forEach(balancers()::rest);
        try {
            town.simulation().user(ecs -> ecs.deleteExpressGatewayService(request -> request.serviceArn(arn(name))));
        } catch (ServiceNotActiveException e) {
            town.simulation().timeline().note("refused", e.getMessage());
        }
    }

    private static String arn(String name) {
        return "arn:aws:ecs:us-east-1:000000000000:service/default/" + name;
    }

    private List<String> rules(String name) {
        return town.image().get(EcsTables.EXPRESS_SERVICES, arn(name)).stream()
                .flatMap(row -> gateways().rules().entrySet().stream()
                        .filter(rule -> rule.getValue().equals(row.host())).map(Map.Entry::getKey)).toList();
    }

    /** Lets all come to rest; from then on each request to the service has to find a healthy target. */
    void serve(String name) {
        town.simulation().settle();
        require(rules(name).size() == 1, name + " has the rules " + rules(name));
        rules(name).forEach(balancers()::serve);
    }

    /** All tasks of the service run that program. */
    void requireRevision(String name, String program) {
        require(!town.live(name).isEmpty() && town.live(name).stream().allMatch(row ->
                row.task().containers().getFirst().image().equals(program)), "not all of " + name + " is " + program);
    }

    void requireNothingLeft() {
        require(gateways().balancers().isEmpty() && gateways().groups().isEmpty() && gateways().rules().isEmpty()
                && town.simulation().outside().certificates().names().isEmpty()
                && town.image().size(EcsTables.EXPRESS_GATEWAYS) == 0, "something is left of them");
    }

    private static void require(boolean held, String otherwise) {
        if (!held) {
            throw new Violation("express", otherwise);
        }
    }
}
