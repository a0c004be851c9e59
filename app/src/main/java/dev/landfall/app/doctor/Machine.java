package dev.landfall.app.doctor;

import dev.landfall.edge.client.HostCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** Looks at the JDK, the kernel and the clock. */
final class Machine {
    private static final int JAVA = 25;
    /** A clock that is before this program's own time is wrong, and signatures and certificates then fail. */
    private static final LocalDate NEWER_THAN = LocalDate.of(2025, 9, 1);

    private Machine() {}

    static Finding jdk() {
        String found = System.getProperty("java.vendor") + " " + Runtime.version();
        return Runtime.version().feature() >= JAVA
                ? Finding.ok("JDK", found)
                : Finding.bad("JDK", found, "set JAVA_HOME to a JDK " + JAVA);
    }

    static Finding cgroups() {
        if (Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"))) {
            return Finding.ok("cgroups", "version 2");
        }
        return Files.isDirectory(Path.of("/sys/fs/cgroup/memory"))
                ? Finding.ok("cgroups", "version 1")
                : Finding.bad("cgroups", "not mounted, so Docker cannot limit containers",
                        "apt-get install cgroupfs-mount && cgroupfs-mount");
    }

    /** What leads the answers of targets that see their clients back to a network load balancer. */
    static Finding nftables() {
        return HostCommand.find("nft").flatMap(nft -> HostCommand.find("ip")
                        .map(ip -> Finding.ok("nftables", nft + ", " + ip)))
                .orElseGet(() -> Finding.warn("nftables", "not found, or no ip command: targets of network load "
                        + "balancers do not see their clients' addresses", "apt-get install nftables iproute2"));
    }

    static Finding iptables() {
        return HostCommand.find("iptables").map(path -> Finding.ok("iptables", path.toString()))
                .orElseGet(() -> Finding.bad("iptables", "not found, and Docker publishes ports with it",
                        "apt-get install iptables"));
    }

    static Finding bridgeNetfilter() {
        Path file = Path.of("/proc/sys/net/bridge/bridge-nf-call-iptables");
        try {
            if (!Files.exists(file)) {
                return Finding.warn("netfilter", "br_netfilter is not loaded",
                        "'modprobe br_netfilter', if containers on one bridge cannot reach published ports");
            }
            return Files.readString(file).strip().equals("1")
                    ? Finding.ok("netfilter", "bridged traffic passes iptables")
                    : Finding.warn("netfilter", "bridged traffic does not pass iptables",
                            "'sysctl net.bridge.bridge-nf-call-iptables=1', if published ports do not answer");
        } catch (IOException e) {
            return Finding.warn("netfilter", "cannot be read: " + e.getMessage(), "run doctor as root");
        }
    }

    static Finding clock() {
        var today = LocalDate.now(ZoneOffset.UTC);
        return today.isAfter(NEWER_THAN)
                ? Finding.ok("clock", today + " (UTC)")
                : Finding.bad("clock", today + " (UTC) is in the past",
                        "set the clock: 'timedatectl set-ntp true', or 'date -s'");
    }
}
