package dev.landfall.ecs.express;

/**
 * What was made for one Express service, beside what it shares with others.
 *
 * @param refusal why the next resource is not there, in the words of the service that has it; or empty
 */
public record Ingress(Made certificate, Group first, Group second, Made rule, String refusal) {
    /** Nothing yet, of what will ask for the health of its targets like that. */
    static Ingress planned(Probe probe) {
        var group = new Group("", probe, Made.NOT_YET.at());
        return new Ingress(Made.NOT_YET, group, group, Made.NOT_YET, "");
    }

    Ingress withCertificate(Made next) {
        return new Ingress(next, first, second, rule, refusal);
    }

    /** @param which 0 for the first, 1 for the second */
    Group group(int which) {
        return which == 0 ? first : second;
    }

    Ingress withGroup(int which, Group next) {
        return which == 0 ? new Ingress(certificate, next, second, rule, refusal)
                : new Ingress(certificate, first, next, rule, refusal);
    }

    Ingress withRule(Made next) {
        return new Ingress(certificate, first, second, next, refusal);
    }

    Ingress withRefusal(String next) {
        return new Ingress(certificate, first, second, rule, next);
    }

    boolean complete() {
        return certificate.there() && first.there() && second.there() && rule.there();
    }
}
