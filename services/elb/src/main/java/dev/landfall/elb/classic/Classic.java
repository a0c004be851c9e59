package dev.landfall.elb.classic;

import dev.landfall.elb.ElbTables;
import dev.landfall.elb.Scope;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import java.util.List;
import java.util.regex.Pattern;

/** Looking for Classic Load Balancers, the quotas of them, and the rules for what they are given. */
public final class Classic {
    /** User guide of Classic Load Balancers, quotas. */
    static final int LOAD_BALANCERS = 20;
    static final int LISTENERS = 100;
    static final int INSTANCES = 1_000;

    /** API reference, AddTags. */
    static final int TAGS = 10;

    private static final Pattern SUBNET = Pattern.compile("subnet-[0-9a-zA-Z]{1,40}");
    private static final Pattern SECURITY_GROUP = Pattern.compile("sg-[0-9a-zA-Z]{1,40}");
    private static final Pattern INSTANCE = Pattern.compile("i-[0-9a-zA-Z]{1,40}");

    /** User guide, quotas: security groups of a load balancer. */
    private static final int SECURITY_GROUPS_MAX = 5;

    private Classic() {}

    static String arn(Scope scope, String name) {
        return scope.arn("loadbalancer/" + name);
    }

    static ClassicRow require(Image image, String name, Scope scope) {
        return image.get(ElbTables.CLASSIC, arn(scope, name)).orElseThrow(() -> ClassicErrors.notFound(name));
    }

    static List<ClassicRow> all(Image image, Scope scope) {
        return List.copyOf(image.startingWith(ElbTables.CLASSIC, arn(scope, "")));
    }

    /** The load balancers with a listener that has a certificate, in order. */
    public static List<String> withCertificate(Image image, String certificateArn) {
        return List.copyOf(image.keys(ElbTables.CLASSIC, ElbTables.CLASSIC_BY_CERTIFICATE, certificateArn));
    }

    static Write<?> put(ClassicRow row) {
        return Write.put(ElbTables.CLASSIC, row);
    }

    /** Each once, in the order given; any of the right form is there. */
    static List<String> subnets(List<String> ids) {
        ids.stream().filter(id -> !SUBNET.matcher(id).matches()).findFirst().ifPresent(id -> {
            throw ClassicErrors.invalidSubnet(id);
        });
        return ids.stream().distinct().toList();
    }

    static List<String> securityGroups(List<String> ids) {
        ids.stream().filter(id -> !SECURITY_GROUP.matcher(id).matches()).findFirst().ifPresent(id -> {
            throw ClassicErrors.invalidSecurityGroup(id);
        });
        if (ids.size() > SECURITY_GROUPS_MAX) {
            throw ClassicErrors.invalidConfiguration("The maximum number of security groups per load balancer is '"
                    + SECURITY_GROUPS_MAX + "'");
        }
        return ids.stream().distinct().toList();
    }

    /** Any instance of the right form is there. */
    static String instance(String id) {
        if (id == null || !INSTANCE.matcher(id).matches()) {
            throw ClassicErrors.invalidInstance(String.valueOf(id));
        }
        return id;
    }
}
