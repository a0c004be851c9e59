package dev.landfall.ecs.taskdef;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.EnvironmentFileType;
import software.amazon.awssdk.services.ecs.model.LinuxParameters;
import software.amazon.awssdk.services.ecs.model.LogConfiguration;
import software.amazon.awssdk.services.ecs.model.LogDriver;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.Secret;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.Volume;

/**
 * Derives which attributes a container instance must have for the tasks of a definition. The names are those with which
 * Amazon's agent says what it and its Docker Engine can do.
 */
final class RequiredAttributes {
    private static final String AGENT = "ecs.capability.";
    private static final String ENGINE = "com.amazonaws.ecs.capability.";
    private static final String API = ENGINE + "docker-remote-api.";
    private static final Pattern ECR_IMAGE = Pattern.compile("[^/]+\\.dkr[.-]ecr[.-][^/]+/.+");

    private RequiredAttributes() {}

    static List<Attribute> of(TaskDefinition task) {
        var names = new TreeSet<String>();
        ofTask(task, names);
        task.volumes().forEach(volume -> ofVolume(volume, names));
        for (ContainerDefinition container : task.containerDefinitions()) {
            ofContainer(container, names);
            ofRole(task, container, names);
            container.secrets().forEach(secret -> names.add(AGENT + "secrets." + store(secret)
                    + ".environment-variables"));
            if (container.logConfiguration() != null) {
                ofLog(container.logConfiguration(), names);
            }
            if (container.linuxParameters() != null) {
                ofLinux(container.linuxParameters(), names);
            }
        }
        return names.stream().map(name -> Attribute.builder().name(name).build()).toList();
    }

    private static void ofTask(TaskDefinition task, SortedSet<String> names) {
        boolean ofHost = task.networkMode() == NetworkMode.HOST;
        boolean sized = task.cpu() != null || task.memory() != null;
        addWhen(task.networkMode() == NetworkMode.AWSVPC, names, AGENT + "task-eni", API + "1.18");
        addWhen(task.taskRoleArn() != null, names,
                ENGINE + (ofHost ? "task-iam-role-network-host" : "task-iam-role"));
        addWhen(sized && !task.requiresCompatibilities().contains(Compatibility.FARGATE), names,
                AGENT + "task-cpu-mem-limit");
        addWhen(task.pidMode() != null || task.ipcMode() != null, names, AGENT + "pid-ipc-namespace-sharing");
        addWhen(task.proxyConfiguration() != null, names, AGENT + "aws-appmesh");
        addWhen(!task.inferenceAccelerators().isEmpty(), names, AGENT + "task-eia");
        addWhen(Boolean.TRUE.equals(task.enableFaultInjection()), names, AGENT + "fault-injection");
    }

    private static void ofVolume(Volume volume, SortedSet<String> names) {
        if (volume.efsVolumeConfiguration() != null) {
            names.add(AGENT + "efs");
            addWhen(volume.efsVolumeConfiguration().authorizationConfig() != null, names, AGENT + "efsAuth");
        }
        addWhen(volume.fsxWindowsFileServerVolumeConfiguration() != null, names, AGENT + "fsxWindowsFileServer");
        if (volume.dockerVolumeConfiguration() != null && volume.dockerVolumeConfiguration().driver() != null) {
            names.add(AGENT + "docker-plugin." + volume.dockerVolumeConfiguration().driver());
        }
        addWhen(Boolean.TRUE.equals(volume.configuredAtLaunch()), names, AGENT + "storage.ebs-task-volume-attach");
    }

    private static void ofContainer(ContainerDefinition container, SortedSet<String> names) {
        addWhen(Boolean.TRUE.equals(container.privileged()), names, ENGINE + "privileged-container");
        addWhen(container.memoryReservation() != null, names, API + "1.21");
        addWhen(!container.ulimits().isEmpty() || !container.dockerLabels().isEmpty(), names, API + "1.18");
        addWhen(!container.dependsOn().isEmpty() || container.startTimeout() != null
                || container.stopTimeout() != null, names, AGENT + "container-ordering");
        if (container.healthCheck() != null) {
            names.add(AGENT + "container-health-check");
            names.add(API + (container.healthCheck().startPeriod() == null ? "1.24" : "1.29"));
        }
        addWhen(container.repositoryCredentials() != null, names,
                AGENT + "private-registry-authentication.secretsmanager");
        addWhen(container.restartPolicy() != null && Boolean.TRUE.equals(container.restartPolicy().enabled()), names,
                AGENT + "container-restart-policy");
        addWhen(container.portMappings().stream().anyMatch(mapping -> mapping.containerPortRange() != null), names,
                AGENT + "container-port-range");
        addWhen(container.environmentFiles().stream().anyMatch(file -> file.type() == EnvironmentFileType.S3), names,
                AGENT + "env-files.s3");
        addWhen(!container.credentialSpecs().isEmpty(), names, AGENT + "gmsa");
        if (container.firelensConfiguration() != null) {
            names.add(AGENT + "firelens." + container.firelensConfiguration().typeAsString());
            String source = container.firelensConfiguration().options().get("config-file-type");
            addWhen(source != null, names, AGENT + "firelens.options.config." + source);
        }
    }

    private static void ofRole(TaskDefinition task, ContainerDefinition container, SortedSet<String> names) {
        boolean ecr = ECR_IMAGE.matcher(container.image()).matches();
        addWhen(ecr, names, ENGINE + "ecr-auth");
        if (task.executionRoleArn() != null) {
            addWhen(ecr, names, AGENT + "execution-role-ecr-pull");
            addWhen(container.logConfiguration() != null
                    && container.logConfiguration().logDriver() == LogDriver.AWSLOGS, names,
                    AGENT + "execution-role-awslogs");
        }
    }

    private static void ofLog(LogConfiguration log, SortedSet<String> names) {
        names.add(ENGINE + "logging-driver." + log.logDriverAsString());
        names.add(API + "1.18");
        addWhen(log.logDriver() == LogDriver.AWSLOGS || log.logDriver() == LogDriver.FLUENTD, names, API + "1.19");
        log.secretOptions().forEach(secret ->
                names.add(AGENT + "secrets." + store(secret) + ".bootstrap.log-driver"));
    }

    private static void ofLinux(LinuxParameters linux, SortedSet<String> names) {
        addWhen(Boolean.TRUE.equals(linux.initProcessEnabled()), names, API + "1.25");
        addWhen(!linux.tmpfs().isEmpty() || linux.sharedMemorySize() != null, names, API + "1.22");
    }

    /** Secrets Manager by its ARNs; all else names a parameter of Systems Manager. */
    private static String store(Secret secret) {
        return secret.valueFrom().contains(":secretsmanager:") ? "asm" : "ssm";
    }

    private static void addWhen(boolean needed, SortedSet<String> names, String... attributes) {
        if (needed) {
            names.addAll(List.of(attributes));
        }
    }
}
