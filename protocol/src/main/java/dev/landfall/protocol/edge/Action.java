package dev.landfall.protocol.edge;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** What a rule does with a request, named by AWS's {@code ActionTypeEnum}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Action.Forward.class, name = "forward"),
    @JsonSubTypes.Type(value = Action.Redirect.class, name = "redirect"),
    @JsonSubTypes.Type(value = Action.FixedResponse.class, name = "fixed-response"),
})
public sealed interface Action {
    /** @param stickinessSeconds how long a client keeps its target group; 0: target group stickiness is off */
    record Forward(List<WeightedGroup> targetGroups, int stickinessSeconds) implements Action {
        public Forward {
            targetGroups = Checks.list(targetGroups);
            Checks.that(!targetGroups.isEmpty(), "target groups of a forward", targetGroups);
            Checks.that(stickinessSeconds >= 0 && stickinessSeconds <= 604_800, "stickiness", stickinessSeconds);
        }
    }

    /** Weights are 0 to 999. */
    record WeightedGroup(String targetGroupArn, int weight) {
        public WeightedGroup {
            Checks.present(targetGroupArn, "targetGroupArn");
            Checks.that(weight >= 0 && weight <= 999, "weight", weight);
        }
    }

    /**
     * The parts may hold {@code #{protocol}}, {@code #{host}}, {@code #{port}}, {@code #{path}} and {@code #{query}};
     * an absent part stays as it was requested.
     *
     * @param statusCode HTTP_301 or HTTP_302
     */
    record Redirect(String protocol, String host, String port, String path, String query, String statusCode)
            implements Action {
        public Redirect {
            protocol = protocol == null ? "#{protocol}" : protocol;
            host = host == null ? "#{host}" : host;
            port = port == null ? "#{port}" : port;
            path = path == null ? "/#{path}" : path;
            query = query == null ? "#{query}" : query;
            Checks.that("HTTP_301".equals(statusCode) || "HTTP_302".equals(statusCode), "statusCode", statusCode);
        }
    }

    /** @param statusCode 2XX, 4XX or 5XX, in digits */
    record FixedResponse(String statusCode, String contentType, String messageBody) implements Action {
        public FixedResponse {
            Checks.that(statusCode != null && statusCode.matches("[2-5][0-9]{2}"), "statusCode", statusCode);
            contentType = contentType == null ? "" : contentType;
            messageBody = messageBody == null ? "" : messageBody;
        }
    }
}
