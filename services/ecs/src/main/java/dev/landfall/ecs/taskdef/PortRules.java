package dev.landfall.ecs.taskdef;

import static dev.landfall.ecs.taskdef.ContainerRules.invalid;
import static dev.landfall.ecs.taskdef.TaskRules.refuseWhen;

import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.ecs.model.ApplicationProtocol;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TransportProtocol;

/** The rules for the port mappings of a container. */
final class PortRules {
    private static final Pattern NAME = Pattern.compile("[a-z0-9_][a-z0-9_-]{0,63}");
    private static final Pattern RANGE = Pattern.compile("([0-9]{1,5})-([0-9]{1,5})");
    private static final int PORT_MAX = 65_535;
    private static final int MAPPINGS_MAX = 100;

    private PortRules() {}

    static void require(TaskDefinition task, ContainerDefinition container) {
        refuseWhen(container.portMappings().size() > MAPPINGS_MAX,
                invalid(container, "At most 100 port mappings can be specified."));
        refuseWhen(task.networkMode() == NetworkMode.NONE && !container.portMappings().isEmpty(),
                "Port mappings are not supported when networkMode=none.");
        var hostPorts = new TreeSet<String>();
        for (PortMapping mapping : container.portMappings()) {
            refuseWhen(mapping.protocol() == TransportProtocol.UNKNOWN_TO_SDK_VERSION,
                    invalid(container, "The valid values for 'protocol' are: tcp, udp"));
            if (mapping.containerPortRange() != null) {
                requireRange(task, container, mapping);
            } else {
                requirePorts(task, container, mapping);
            }
            requireName(task, container, mapping);
            boolean fixed = task.networkMode() != NetworkMode.AWSVPC
                    && mapping.hostPort() != null && mapping.hostPort() > 0;
            refuseWhen(fixed && !hostPorts.add(mapping.hostPort() + "/" + protocol(mapping)),
                    invalid(container, "Host port " + mapping.hostPort() + " is used more than once."));
        }
    }

    private static void requirePorts(TaskDefinition task, ContainerDefinition container, PortMapping mapping) {
        Integer port = mapping.containerPort();
        Integer hostPort = mapping.hostPort();
        refuseWhen(port == null, invalid(container, "'containerPort' must be specified in port mappings."));
        refuseWhen(port < 1 || port > PORT_MAX, invalid(container, "'containerPort' must be between 1 and 65535."));
        refuseWhen(hostPort != null && (hostPort < 0 || hostPort > PORT_MAX),
                invalid(container, "'hostPort' must be between 0 and 65535."));
        boolean same = hostPort == null || hostPort == 0 || hostPort.equals(port);
        boolean mustBeSame = task.networkMode() == NetworkMode.AWSVPC || task.networkMode() == NetworkMode.HOST;
        refuseWhen(mustBeSame && !same, "When networkMode=" + task.networkModeAsString()
                + ", the host ports and container ports in port mappings must match.");
    }

    private static void requireRange(TaskDefinition task, ContainerDefinition container, PortMapping mapping) {
        refuseWhen(mapping.containerPort() != null || mapping.hostPort() != null,
                invalid(container, "'containerPort' and 'hostPort' cannot be specified with 'containerPortRange'."));
        refuseWhen(task.networkMode() == NetworkMode.HOST,
                "containerPortRange is only supported when networkMode=awsvpc or networkMode=bridge.");
        Matcher range = RANGE.matcher(mapping.containerPortRange());
        boolean valid = range.matches();
        if (valid) {
            int first = Integer.parseInt(range.group(1));
            int last = Integer.parseInt(range.group(2));
            valid = first >= 1 && first < last && last <= PORT_MAX;
        }
        refuseWhen(!valid, invalid(container, "'containerPortRange' must be two ports between 1 and 65535, "
                + "the first less than the last, such as 8080-8090."));
    }

    private static void requireName(TaskDefinition task, ContainerDefinition container, PortMapping mapping) {
        refuseWhen(mapping.appProtocol() == ApplicationProtocol.UNKNOWN_TO_SDK_VERSION,
                invalid(container, "The valid values for 'appProtocol' are: http, http2, grpc"));
        refuseWhen(mapping.appProtocol() != null && mapping.name() == null,
                invalid(container, "A port mapping with an 'appProtocol' must have a 'name'."));
        if (mapping.name() == null) {
            return;
        }
        refuseWhen(!NAME.matcher(mapping.name()).matches(), invalid(container, "Port mapping names have up to 64 "
                + "lowercase letters, numbers, underscores, and hyphens, and do not start with a hyphen."));
        refuseWhen(task.containerDefinitions().stream()
                        .flatMap(other -> other.portMappings().stream())
                        .filter(other -> mapping.name().equals(other.name()))
                        .count() > 1,
                "Port mapping names must be unique: '" + mapping.name() + "'.");
    }

    private static String protocol(PortMapping mapping) {
        return mapping.protocolAsString() == null ? "tcp" : mapping.protocolAsString();
    }
}
