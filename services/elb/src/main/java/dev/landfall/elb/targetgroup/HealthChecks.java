package dev.landfall.elb.targetgroup;

import dev.landfall.elb.ElbErrors;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;

/** The rules for health checks, and AWS's defaults (user guides of the load balancers, health checks). */
final class HealthChecks {
    static final String TRAFFIC_PORT = "traffic-port";

    private static final String GRPC = "GRPC";
    private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");
    private static final Pattern PATH = Pattern.compile("/[\\x21-\\x7e]{0,1023}");
    private static final Pattern CODES = Pattern.compile("[0-9]{1,3}(-[0-9]{1,3})?(,[0-9]{1,3}(-[0-9]{1,3})?)*");
    private static final Pattern CODE = Pattern.compile("[0-9]+");
    private static final int CODES_LENGTH_MAX = 256;

    private HealthChecks() {}

    /** The group with what its health check leaves out. */
    static TargetGroup completed(TargetGroup group) {
        var complete = group.toBuilder().healthCheckEnabled(true);
        boolean geneve = group.protocol() == ProtocolEnum.GENEVE;
        ProtocolEnum protocol = group.healthCheckProtocol() != null ? group.healthCheckProtocol()
                : Protocols.isHttp(group.protocol()) || group.targetType() == TargetTypeEnum.ALB
                        ? ProtocolEnum.HTTP : ProtocolEnum.TCP;
        complete.healthCheckProtocol(protocol)
                .healthCheckPort(group.healthCheckPort() != null ? group.healthCheckPort()
                        : geneve ? "80" : TRAFFIC_PORT)
                .healthCheckIntervalSeconds(or(group.healthCheckIntervalSeconds(), geneve ? 10 : 30))
                .healthCheckTimeoutSeconds(or(group.healthCheckTimeoutSeconds(), timeout(group.protocol(), protocol)))
                .healthyThresholdCount(or(group.healthyThresholdCount(), 5))
                .unhealthyThresholdCount(or(group.unhealthyThresholdCount(), 2));
        if (Protocols.isHttp(protocol)) {
            boolean grpc = GRPC.equals(group.protocolVersion());
            if (group.healthCheckPath() == null) {
                complete.healthCheckPath(grpc ? "/AWS.ALB/healthcheck" : "/");
            }
            if (group.matcher() == null) {
                complete.matcher(matcher -> {
                    if (grpc) {
                        matcher.grpcCode("12");
                    } else {
                        matcher.httpCode(Protocols.isHttp(group.protocol()) ? "200" : "200-399");
                    }
                });
            }
        }
        return complete.build();
    }

    private static int or(Integer given, int otherwise) {
        return given == null ? otherwise : given;
    }

    private static int timeout(ProtocolEnum group, ProtocolEnum check) {
        if (Protocols.isHttp(group) || group == ProtocolEnum.GENEVE) {
            return 5;
        }
        return check == ProtocolEnum.HTTP ? 6 : 10;
    }

    /** Which of a health check's times a request gives. */
    enum Given { BOTH_TIMES, NOT_BOTH }

    /** Refuses what a complete group's health check cannot be. */
    static void require(TargetGroup group, Given given) {
        requireProtocol(group);
        if (!group.healthCheckPort().equals(TRAFFIC_PORT) && (!PORT.matcher(group.healthCheckPort()).matches()
                || Integer.parseInt(group.healthCheckPort()) > 65_535)) {
            throw ElbErrors.validation("Health check port '" + shortened(group.healthCheckPort())
                    + "' must be '" + TRAFFIC_PORT + "' or a port number");
        }
        if (Boolean.FALSE.equals(group.healthCheckEnabled())) {
            throw ElbErrors.invalidConfiguration("Health check enabled must be true for target groups with target "
                    + "type '" + group.targetTypeAsString() + "'");
        }
        if (Protocols.isHttp(group.healthCheckProtocol())) {
            if (!PATH.matcher(group.healthCheckPath()).matches()) {
                throw ElbErrors.validation("Health check path '" + shortened(group.healthCheckPath())
                        + "' must begin with '/' and cannot contain spaces");
            }
            requireMatcher(group);
        } else if (group.healthCheckPath() != null || group.matcher() != null) {
            throw ElbErrors.invalidConfiguration("You cannot specify a health check path or matcher for health checks "
                    + "with the " + group.healthCheckProtocolAsString() + " protocol");
        }
        requireTimes(group, given);
    }

    private static void requireProtocol(TargetGroup group) {
        List<ProtocolEnum> allowed = Protocols.isHttp(group.protocol()) || group.targetType() == TargetTypeEnum.ALB
                ? List.of(ProtocolEnum.HTTP, ProtocolEnum.HTTPS)
                : List.of(ProtocolEnum.HTTP, ProtocolEnum.HTTPS, ProtocolEnum.TCP);
        if (!allowed.contains(group.healthCheckProtocol())) {
            throw ElbErrors.validation("Health check protocol '" + group.healthCheckProtocolAsString()
                    + "' must be one of '" + Protocols.listed(allowed) + "'");
        }
    }

    private static void requireTimes(TargetGroup group, Given given) {
        int timeout = group.healthCheckTimeoutSeconds();
        int interval = group.healthCheckIntervalSeconds();
        boolean http = Protocols.isHttp(group.protocol());
        if (timeout > interval || http && timeout == interval && given == Given.BOTH_TIMES) {
            throw ElbErrors.validation("Health check timeout '" + timeout + "' must be smaller than "
                    + (http ? "" : "or equal to ") + "the interval '" + interval + "'");
        }
    }

    private static void requireMatcher(TargetGroup group) {
        boolean grpc = GRPC.equals(group.protocolVersion());
        String codes = grpc ? group.matcher().grpcCode() : group.matcher().httpCode();
        if (codes == null || (grpc ? group.matcher().httpCode() : group.matcher().grpcCode()) != null) {
            throw ElbErrors.invalidConfiguration("You must specify a health check matcher with "
                    + (grpc ? "a gRPC code" : "an HTTP code") + " and no other");
        }
        int least = grpc ? 0 : 200;
        int most = grpc ? 99 : Protocols.isHttp(group.protocol()) ? 499
                : group.protocol() == ProtocolEnum.GENEVE ? 399 : 599;
        if (codes.length() > CODES_LENGTH_MAX || !CODES.matcher(codes).matches() || !within(codes, least, most)) {
            throw ElbErrors.validation("Health check matcher " + (grpc ? "gRPC" : "HTTP") + " code '"
                    + shortened(codes) + "' must be within '" + least + "-" + most + "'");
        }
    }

    private static boolean within(String codes, int least, int most) {
        Matcher code = CODE.matcher(codes);
        while (code.find()) {
            int number = Integer.parseInt(code.group());
            if (number < least || number > most) {
                return false;
            }
        }
        return List.of(codes.split(",")).stream().map(each -> each.split("-"))
                .allMatch(range -> range.length < 2 || Integer.parseInt(range[0]) <= Integer.parseInt(range[1]));
    }

    private static String shortened(String text) {
        return text.length() > 100 ? text.substring(0, 100) + "…" : text;
    }
}
