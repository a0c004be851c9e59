package dev.landfall.ecs.express;

import dev.landfall.ecs.Scope;
import java.util.Locale;

/** What Express services and their resources are called, as AWS calls them. */
final class ExpressNames {
    private static final int TARGET_GROUP_DIGITS = 17;
    private static final int SUFFIX_DIGITS = 4;
    private static final int NAME_MAX = 255;

    /** Of a certificate's first name (RFC 5280, ub-common-name). */
    private static final int HOST_MAX = 64;

    private ExpressNames() {}

    /** A service that was given no name has its image's, and some digits. */
    static String service(String image, String nonce) {
        String last = image.substring(image.lastIndexOf('/') + 1);
        String name = last.replaceFirst("[:@].*", "").replaceAll("[^a-zA-Z0-9_-]", "-");
        String suffix = '-' + digits(nonce, SUFFIX_DIGITS);
        return (name.isEmpty() ? "service" : name.substring(0, Math.min(name.length(), NAME_MAX - suffix.length())))
                + suffix;
    }

    static String logGroup(String cluster, String service, String nonce) {
        return "/aws/ecs/" + cluster + '/' + service + '-' + digits(nonce, SUFFIX_DIGITS);
    }

    /**
     * The name under which a service is reached: two letters of its name, and digits, in {@code .ecs.REGION.localhost},
     * where AWS has {@code on.aws}. Clients take names in {@code localhost} for this machine.
     */
    static String host(String service, String nonce, Scope scope) {
        String letters = service.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "") + "ex";
        String domain = ".ecs." + scope.region() + ".localhost";
        String label = letters.substring(0, 2) + '-' + nonce;
        int most = Math.max(letters.length() > 1 ? 8 : 1, HOST_MAX - domain.length());
        return label.substring(0, Math.min(most, label.length())) + domain;
    }

    /** @param which 0 or 1 */
    static String targetGroup(String nonce, int which) {
        return "ecs-gateway-tg-" + digits(nonce, TARGET_GROUP_DIGITS - 1) + (which == 0 ? 'a' : 'b');
    }

    private static String digits(String nonce, int count) {
        return nonce.substring(nonce.length() - count);
    }
}
