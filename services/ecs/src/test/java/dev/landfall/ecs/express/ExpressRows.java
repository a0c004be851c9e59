package dev.landfall.ecs.express;

import java.time.Instant;
import java.util.List;

/** Rows with something in every member. */
public final class ExpressRows {
    private ExpressRows() {}

    public static ExpressRow service(Instant now) {
        var probe = new Probe("/ping", 80);
        return new ExpressRow("arn:s", "arn:role", "a/r/g", "sh-1.ecs.r.localhost", "0123", "ecs-svc/1", probe,
                ExpressRules.SCALING_DEFAULT, Phase.UPDATING, new Ingress(new Made("arn:c", now),
                new Group("arn:t", probe, now), new Group("", new Probe("/", 8080), Instant.EPOCH), Made.NOT_YET,
                "why"), now);
    }

    public static GatewayRow gateway(Instant now) {
        return new GatewayRow("a/r/g", List.of("subnet-1", "subnet-2"), List.of("sg-1"), new Made("arn:b", now),
                Made.NOT_YET, true);
    }
}
