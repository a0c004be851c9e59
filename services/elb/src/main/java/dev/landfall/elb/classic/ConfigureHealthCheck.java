package dev.landfall.elb.classic;

import dev.landfall.elb.Scope;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.elasticloadbalancing.model.ConfigureHealthCheckRequest;
import software.amazon.awssdk.services.elasticloadbalancing.model.ConfigureHealthCheckResponse;
import software.amazon.awssdk.services.elasticloadbalancing.model.HealthCheck;

/** Says how instances are checked. */
public final class ConfigureHealthCheck {
    /** {@code TCP:80}, {@code SSL:443}, {@code HTTP:80/path}, {@code HTTPS:443/path}. */
    private static final Pattern TARGET =
            Pattern.compile("(?:(TCP|SSL):([1-9][0-9]{0,4})|(HTTPS?):([1-9][0-9]{0,4})(/[!-~]{0,1023}))");
    private static final int PORT_MAX = 65_535;

    private ConfigureHealthCheck() {}

    /** What is checked; the path is empty where there is none. */
    public record Target(String protocol, int port, String path) {
        public static Target of(String text) {
            Matcher form = TARGET.matcher(text);
            if (!form.matches()) {
                throw ClassicErrors.validation("HealthCheck HTTP Target must specify a port followed by a path that "
                        + "begins with a slash. e.g. HTTP:80/ping/this/path");
            }
            boolean plain = form.group(1) != null;
            int port = Integer.parseInt(form.group(plain ? 2 : 4));
            if (port > PORT_MAX) {
                throw ClassicErrors.validation("HealthCheck Target port must be between 1 and " + PORT_MAX);
            }
            return new Target(form.group(plain ? 1 : 3), port, plain ? "" : form.group(5));
        }
    }

    static Decision<ConfigureHealthCheckResponse> decide(
            Image image, ConfigureHealthCheckRequest request, Scope scope) {
        ClassicRow row = Classic.require(image, request.loadBalancerName(), scope);
        HealthCheck check = request.healthCheck();
        Target.of(check.target());
        if (check.timeout() >= check.interval()) {
            throw ClassicErrors.validation("HealthCheck timeout must be less than interval");
        }
        return Decision.of(ConfigureHealthCheckResponse.builder().healthCheck(check).build(),
                Classic.put(row.with(row.description().toBuilder().healthCheck(check).build())));
    }
}
