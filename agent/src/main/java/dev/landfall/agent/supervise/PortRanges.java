package dev.landfall.agent.supervise;

import dev.landfall.agent.engine.ContainerDocument;
import dev.landfall.agent.task.PortBinding;
import dev.landfall.protocol.TaskPayload.PortMapping;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Folds the bindings of a port range into the one binding that ECS reports for it. */
final class PortRanges {
    private PortRanges() {}

    static List<PortBinding> folded(List<PortBinding> bindings, List<PortMapping> mappings) {
        var rest = new ArrayList<>(bindings);
        rest.sort(Comparator.comparing(PortBinding::protocol).thenComparing(PortBinding::containerPort));
        var folded = new ArrayList<PortBinding>();
        for (PortMapping mapping : mappings) {
            if (mapping.containerPortRange() == null) {
                continue;
            }
            List<Integer> ports = ContainerDocument.ports(mapping);
            String protocol = ContainerDocument.protocol(mapping);
            List<PortBinding> inRange = rest.stream()
                    .filter(binding -> binding.protocol().equals(protocol) && ports.contains(binding.containerPort()))
                    .toList();
            if (inRange.isEmpty()) {
                continue;
            }
            rest.removeAll(inRange);
            folded.add(PortBinding.range(inRange.getFirst().bindIp(), mapping.containerPortRange(),
                    inRange.getFirst().hostPort() + "-" + inRange.getLast().hostPort(), protocol));
        }
        folded.addAll(rest);
        return folded;
    }
}
