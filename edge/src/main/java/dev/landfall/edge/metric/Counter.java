package dev.landfall.edge.metric;

import java.util.Optional;

/** What is counted, by AWS's names ("CloudWatch metrics for your Application/Network Load Balancer"). */
public enum Counter {
    REQUESTS("RequestCount", "Count"),
    REQUESTS_PER_TARGET("RequestCountPerTarget", "Count"),
    NEW_CONNECTIONS("NewConnectionCount", "Count"),
    REJECTED_CONNECTIONS("RejectedConnectionCount", "Count"),
    PROCESSED_BYTES("ProcessedBytes", "Bytes"),
    ELB_3XX("HTTPCode_ELB_3XX_Count", "Count"),
    ELB_4XX("HTTPCode_ELB_4XX_Count", "Count"),
    ELB_5XX("HTTPCode_ELB_5XX_Count", "Count"),
    ELB_500("HTTPCode_ELB_500_Count", "Count"),
    ELB_502("HTTPCode_ELB_502_Count", "Count"),
    ELB_503("HTTPCode_ELB_503_Count", "Count"),
    ELB_504("HTTPCode_ELB_504_Count", "Count"),
    TARGET_2XX("HTTPCode_Target_2XX_Count", "Count"),
    TARGET_3XX("HTTPCode_Target_3XX_Count", "Count"),
    TARGET_4XX("HTTPCode_Target_4XX_Count", "Count"),
    TARGET_5XX("HTTPCode_Target_5XX_Count", "Count"),
    TARGET_CONNECTION_ERRORS("TargetConnectionErrorCount", "Count"),
    TARGET_TLS_ERRORS("TargetTLSNegotiationErrorCount", "Count"),
    CLIENT_TLS_ERRORS("ClientTLSNegotiationErrorCount", "Count"),
    FIXED_RESPONSES("HTTP_Fixed_Response_Count", "Count"),
    REDIRECTS("HTTP_Redirect_Count", "Count"),
    DROPPED_INVALID_HEADERS("DroppedInvalidHeaderRequestCount", "Count"),
    DESYNC("DesyncMitigationMode_NonCompliant_Request_Count", "Count"),
    GRPC_REQUESTS("GrpcRequestCount", "Count"),
    NEW_FLOWS("NewFlowCount", "Count"),
    CLIENT_RESETS("TCP_Client_Reset_Count", "Count"),
    TARGET_RESETS("TCP_Target_Reset_Count", "Count");

    private final String metric;
    private final String unit;

    Counter(String metric, String unit) {
        this.metric = metric;
        this.unit = unit;
    }

    String metric() {
        return metric;
    }

    /** What network load balancers call it; nothing for what they do not publish. */
    Optional<String> networkMetric() {
        return switch (this) {
            case REJECTED_CONNECTIONS -> Optional.of("RejectedFlowCount");
            case PROCESSED_BYTES, CLIENT_TLS_ERRORS, TARGET_TLS_ERRORS, NEW_FLOWS, CLIENT_RESETS, TARGET_RESETS ->
                    Optional.of(metric);
            case REQUESTS, REQUESTS_PER_TARGET, NEW_CONNECTIONS, ELB_3XX, ELB_4XX, ELB_5XX, ELB_500, ELB_502, ELB_503,
                    ELB_504, TARGET_2XX, TARGET_3XX, TARGET_4XX, TARGET_5XX, TARGET_CONNECTION_ERRORS,
                    FIXED_RESPONSES, REDIRECTS, DROPPED_INVALID_HEADERS, DESYNC, GRPC_REQUESTS -> Optional.empty();
        };
    }

    String unit() {
        return unit;
    }
}
