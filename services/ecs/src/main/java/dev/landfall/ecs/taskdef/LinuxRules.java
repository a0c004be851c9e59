package dev.landfall.ecs.taskdef;

import static dev.landfall.ecs.taskdef.ContainerRules.invalid;
import static dev.landfall.ecs.taskdef.ContainerRules.isNegative;
import static dev.landfall.ecs.taskdef.TaskRules.isBlank;
import static dev.landfall.ecs.taskdef.TaskRules.refuseWhen;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.Device;
import software.amazon.awssdk.services.ecs.model.DeviceCgroupPermission;
import software.amazon.awssdk.services.ecs.model.IpcMode;
import software.amazon.awssdk.services.ecs.model.KernelCapabilities;
import software.amazon.awssdk.services.ecs.model.LinuxParameters;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.SystemControl;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.Tmpfs;
import software.amazon.awssdk.services.ecs.model.Ulimit;
import software.amazon.awssdk.services.ecs.model.UlimitName;

/** The rules for what a container asks of the kernel. */
final class LinuxRules {
    private static final List<String> CAPABILITIES = List.of(
            "ALL", "AUDIT_CONTROL", "AUDIT_READ", "AUDIT_WRITE", "BLOCK_SUSPEND", "BPF", "CHECKPOINT_RESTORE", "CHOWN",
            "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "IPC_LOCK", "IPC_OWNER", "KILL", "LEASE",
            "LINUX_IMMUTABLE", "MAC_ADMIN", "MAC_OVERRIDE", "MKNOD", "NET_ADMIN", "NET_BIND_SERVICE", "NET_BROADCAST",
            "NET_RAW", "PERFMON", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_ADMIN", "SYS_BOOT", "SYS_CHROOT",
            "SYS_MODULE", "SYS_NICE", "SYS_PACCT", "SYS_PTRACE", "SYS_RAWIO", "SYS_RESOURCE", "SYS_TIME",
            "SYS_TTY_CONFIG", "SYSLOG", "WAKE_ALARM");

    private static final List<String> IPC_CONTROLS = List.of(
            "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax",
            "kernel.shmmni", "kernel.shm_rmid_forced");

    private static final int SWAPPINESS_MAX = 100;

    private LinuxRules() {}

    static void require(TaskDefinition task, ContainerDefinition container) {
        requireUlimits(container);
        requireSystemControls(task, container);
        if (container.linuxParameters() != null) {
            requireParameters(container, container.linuxParameters());
        }
    }

    private static void requireUlimits(ContainerDefinition container) {
        var names = new TreeSet<String>();
        for (Ulimit ulimit : container.ulimits()) {
            refuseWhen(ulimit.nameAsString() == null || ulimit.name() == UlimitName.UNKNOWN_TO_SDK_VERSION,
                    invalid(container, "Unknown ulimit '" + ulimit.nameAsString() + "'."));
            refuseWhen(ulimit.softLimit() == null || ulimit.hardLimit() == null,
                    invalid(container, "Ulimit '" + ulimit.nameAsString()
                            + "' must have a softLimit and a hardLimit."));
            boolean unlimited = ulimit.hardLimit() == -1;
            refuseWhen(!unlimited && (ulimit.softLimit() == -1 || ulimit.softLimit() > ulimit.hardLimit()),
                    invalid(container, "The softLimit of ulimit '" + ulimit.nameAsString()
                            + "' must be less than or equal to its hardLimit."));
            refuseWhen(!names.add(ulimit.nameAsString()),
                    invalid(container, "Duplicate ulimit '" + ulimit.nameAsString() + "'."));
        }
    }

    private static void requireSystemControls(TaskDefinition task, ContainerDefinition container) {
        for (SystemControl control : container.systemControls()) {
            refuseWhen(isBlank(control.namespace()) || isBlank(control.value()),
                    invalid(container, "A system control must have a namespace and a value."));
            boolean ofNetwork = control.namespace().startsWith("net.");
            boolean ofIpc = IPC_CONTROLS.contains(control.namespace())
                    || control.namespace().startsWith("fs.mqueue.");
            refuseWhen(!ofNetwork && !ofIpc,
                    invalid(container, "System control '" + control.namespace() + "' is not namespaced."));
            refuseWhen(ofNetwork && task.networkMode() == NetworkMode.HOST,
                    "Network system controls are not supported when networkMode=host.");
            refuseWhen(ofIpc && task.ipcMode() == IpcMode.HOST,
                    "IPC resource namespace system controls are not supported when ipcMode=host.");
        }
    }

    private static void requireParameters(ContainerDefinition container, LinuxParameters linux) {
        KernelCapabilities capabilities = linux.capabilities();
        if (capabilities != null) {
            Stream.concat(capabilities.add().stream(), capabilities.drop().stream())
                    .filter(name -> !CAPABILITIES.contains(name))
                    .forEach(name -> refuseWhen(true, invalid(container, "Unknown capability '" + name + "'.")));
        }
        for (Device device : linux.devices()) {
            refuseWhen(isBlank(device.hostPath()), invalid(container, "'hostPath' of a device must be specified."));
            refuseWhen(device.permissions().contains(DeviceCgroupPermission.UNKNOWN_TO_SDK_VERSION),
                    invalid(container, "The valid values for the permissions of a device are: read, write, mknod"));
        }
        for (Tmpfs tmpfs : linux.tmpfs()) {
            refuseWhen(isBlank(tmpfs.containerPath()),
                    invalid(container, "'containerPath' of a tmpfs mount must be specified."));
            refuseWhen(tmpfs.size() == null || tmpfs.size() < 1,
                    invalid(container, "'size' of a tmpfs mount must be at least 1."));
        }
        refuseWhen(linux.sharedMemorySize() != null && linux.sharedMemorySize() < 1,
                invalid(container, "'sharedMemorySize' must be at least 1."));
        refuseWhen(isNegative(linux.maxSwap()), invalid(container, "'maxSwap' cannot be negative."));
        Integer swappiness = linux.swappiness();
        refuseWhen(swappiness != null && (swappiness < 0 || swappiness > SWAPPINESS_MAX),
                invalid(container, "'swappiness' must be between 0 and 100."));
    }
}
