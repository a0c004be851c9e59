package dev.landfall.ecs.shift;

import dev.landfall.ecs.deployment.ServiceDeployments;
import dev.landfall.wire.DocumentJson;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.core.document.Document;

/**
 * The JSON that a hook's target is called with: what ECS calls a Lambda function with (ECS Developer Guide, Lambda
 * hooks for Amazon ECS service deployments, Lifecycle payloads).
 */
final class HookPayload {
    private HookPayload() {}

    static String of(ShiftRow shift, HookRun hook) {
        var details = new LinkedHashMap<String, Document>();
        details.put("serviceArn", Document.fromString(shift.serviceArn()));
        details.put("targetServiceRevisionArn", Document.fromString(revision(shift, shift.sides().green())));
        details.put("testTrafficWeights", switch (shift.stage()) {
            case RECONCILE_SERVICE, TEST_TRAFFIC_SHIFT, TEST_TRAFFIC_BACK -> weights(shift, shift.testPercent());
            default -> none();
        });
        details.put("productionTrafficWeights", switch (shift.stage()) {
            case RECONCILE_SERVICE, PRE_PRODUCTION_TRAFFIC_SHIFT, PRODUCTION_TRAFFIC_SHIFT, PRODUCTION_TRAFFIC_BACK ->
                weights(shift, shift.productionPercent());
            default -> none();
        });
        var payload = new LinkedHashMap<String, Document>();
        payload.put("executionId", Document.fromString(hook.executionId()));
        payload.put("lifecycleStage", Document.fromString(shift.stage().hooks().orElseThrow().toString()));
        payload.put("resourceArn", Document.fromString(shift.deploymentArn()));
        payload.put("executionDetails", Document.fromMap(details));
        if (!hook.details().isEmpty()) {
            payload.put("hookDetails", DocumentJson.read(hook.details()));
        }
        return DocumentJson.write(Document.fromMap(payload));
    }

    private static Document none() {
        return Document.fromMap(new LinkedHashMap<>());
    }

    private static Document weights(ShiftRow shift, double green) {
        Map<String, Document> weights = new LinkedHashMap<>();
        weights.put(revision(shift, shift.sides().green()), number(green));
        if (shift.sides().hasBlue()) {
            weights.put(revision(shift, shift.sides().blue()), number(Steps.ALL - green));
        }
        return Document.fromMap(weights);
    }

    /** One decimal at most, and none where it is zero. */
    private static Document number(double percent) {
        BigDecimal exact = BigDecimal.valueOf(Math.round(percent * 10), 1);
        return Document.fromNumber(new BigDecimal(exact.stripTrailingZeros().toPlainString()));
    }

    private static String revision(ShiftRow shift, String deploymentId) {
        return ServiceDeployments.revisionArn(shift.serviceArn(), deploymentId);
    }
}
