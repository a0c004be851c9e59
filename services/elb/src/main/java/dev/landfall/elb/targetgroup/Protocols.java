package dev.landfall.elb.targetgroup;

import java.util.List;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;

/** Which protocols there are, and which go together. */
public final class Protocols {
    private Protocols() {}

    /** Those of Application Load Balancers. */
    public static boolean isHttp(ProtocolEnum protocol) {
        return protocol == ProtocolEnum.HTTP || protocol == ProtocolEnum.HTTPS;
    }

    public static boolean isDatagrams(ProtocolEnum protocol) {
        return protocol == ProtocolEnum.UDP || protocol == ProtocolEnum.TCP_UDP;
    }

    /** Whether listeners need a certificate. */
    public static boolean isEncrypted(ProtocolEnum protocol) {
        return protocol == ProtocolEnum.HTTPS || protocol == ProtocolEnum.TLS;
    }

    /** Nothing here carries QUIC. */
    public static boolean isQuic(ProtocolEnum protocol) {
        return protocol == ProtocolEnum.QUIC || protocol == ProtocolEnum.TCP_QUIC;
    }

    /** What listeners of such a load balancer speak, in the order in which messages name them. */
    public static List<ProtocolEnum> ofListeners(LoadBalancerTypeEnum type) {
        return switch (type) {
            case APPLICATION -> List.of(ProtocolEnum.HTTP, ProtocolEnum.HTTPS);
            case NETWORK -> List.of(ProtocolEnum.UDP, ProtocolEnum.TCP, ProtocolEnum.TLS, ProtocolEnum.TCP_UDP);
            case GATEWAY, UNKNOWN_TO_SDK_VERSION -> List.of();
        };
    }

    /** Whether a listener may forward to a target group (user guide of NLBs, routing configuration). */
    public static boolean goTogether(ProtocolEnum listener, ProtocolEnum group) {
        return switch (listener) {
            case HTTP, HTTPS -> isHttp(group);
            case TCP -> group == ProtocolEnum.TCP || group == ProtocolEnum.TCP_UDP;
            case TLS -> group == ProtocolEnum.TCP || group == ProtocolEnum.TLS;
            case UDP -> isDatagrams(group);
            case TCP_UDP -> group == ProtocolEnum.TCP_UDP;
            case GENEVE -> group == ProtocolEnum.GENEVE;
            case QUIC, TCP_QUIC, UNKNOWN_TO_SDK_VERSION -> false;
        };
    }

    /** As messages list them: {@code HTTP, HTTPS}. */
    public static String listed(List<ProtocolEnum> protocols) {
        return String.join(", ", protocols.stream().map(ProtocolEnum::toString).toList());
    }
}
