package dev.landfall.ecs.cluster;

import dev.landfall.ecs.EcsErrors;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.ecs.model.ClusterConfiguration;
import software.amazon.awssdk.services.ecs.model.ClusterServiceConnectDefaults;
import software.amazon.awssdk.services.ecs.model.ClusterServiceConnectDefaultsRequest;
import software.amazon.awssdk.services.ecs.model.ClusterSetting;
import software.amazon.awssdk.services.ecs.model.ClusterSettingName;
import software.amazon.awssdk.services.ecs.model.ExecuteCommandConfiguration;
import software.amazon.awssdk.services.ecs.model.ExecuteCommandLogConfiguration;
import software.amazon.awssdk.services.ecs.model.ExecuteCommandLogging;

/** The rules for a cluster's settings and configuration. */
final class ClusterRules {
    private static final List<String> INSIGHTS = List.of("enhanced", "enabled", "disabled");

    /** Of a namespace's name (ECS API Reference, ClusterServiceConnectDefaultsRequest). */
    private static final Pattern NOT_IN_NAMES = Pattern.compile("[<>\"/]");

    private ClusterRules() {}

    /** The settings a cluster has after {@code changes}. */
    static List<ClusterSetting> settings(List<ClusterSetting> settings, List<ClusterSetting> changes) {
        var byName = new TreeMap<String, ClusterSetting>();
        settings.forEach(setting -> byName.put(setting.nameAsString(), setting));
        for (ClusterSetting change : changes) {
            if (change.name() != ClusterSettingName.CONTAINER_INSIGHTS) {
                throw EcsErrors.invalidParameter("Invalid setting 'name'");
            }
            if (change.value() == null || !INSIGHTS.contains(change.value())) {
                throw EcsErrors.invalidParameter("Invalid setting 'value'");
            }
            byName.put(change.nameAsString(), change);
        }
        return List.copyOf(byName.values());
    }

    static ClusterConfiguration validated(ClusterConfiguration configuration) {
        ExecuteCommandConfiguration exec = configuration.executeCommandConfiguration();
        if (exec == null) {
            return configuration;
        }
        if (exec.logging() == ExecuteCommandLogging.UNKNOWN_TO_SDK_VERSION) {
            throw EcsErrors.invalidParameter("Invalid logging value: " + exec.loggingAsString()
                    + ". The valid values are: NONE, DEFAULT, OVERRIDE");
        }
        boolean override = exec.logging() == ExecuteCommandLogging.OVERRIDE;
        if (override != hasDestination(exec.logConfiguration())) {
            throw EcsErrors.invalidParameter(override
                    ? "A log configuration with an Amazon S3 bucket or a CloudWatch Logs group must be specified when "
                            + "logging is OVERRIDE."
                    : "A log configuration can only be specified when logging is OVERRIDE.");
        }
        return exec.loggingAsString() != null ? configuration : configuration.toBuilder()
                .executeCommandConfiguration(exec.toBuilder().logging(ExecuteCommandLogging.DEFAULT).build())
                .build();
    }

    private static boolean hasDestination(ExecuteCommandLogConfiguration log) {
        return log != null && (log.cloudWatchLogGroupName() != null || log.s3BucketName() != null);
    }

    /** An empty namespace removes the defaults; then the result has none either. */
    static ClusterServiceConnectDefaults serviceConnect(ClusterServiceConnectDefaultsRequest defaults) {
        String namespace = defaults.namespace();
        if (namespace == null || namespace.length() > 1024) {
            throw EcsErrors.invalidParameter("The Service Connect namespace must have at most 1024 characters.");
        }
        if (!namespace.startsWith("arn:") && NOT_IN_NAMES.matcher(namespace).find()) {
            throw EcsErrors.invalidParameter("The Service Connect namespace can't include greater than (>), less than "
                    + "(<), double quotation marks (\"), or slash (/).");
        }
        return ClusterServiceConnectDefaults.builder().namespace(namespace.isEmpty() ? null : namespace).build();
    }
}
