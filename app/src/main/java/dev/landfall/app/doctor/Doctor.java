package dev.landfall.app.doctor;

import dev.landfall.app.options.DataOption;
import dev.landfall.app.options.ListenOptions;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code landfall doctor}: looks at everything a start depends on. Exit status 1 when something prevents it. */
@Command(name = "doctor", description = "Explain a broken machine.", mixinStandardHelpOptions = true)
public final class Doctor implements Callable<Integer> {
    @Mixin private DataOption data;
    @Mixin private ListenOptions listen;

    @Override
    public Integer call() {
        List<Finding> findings = List.of(
                Machine.jdk(),
                Engine.find(),
                Ports.api(listen.host(), listen.port(), data.path()),
                Disk.dataDirectory(data.path()),
                Disk.freeSpace(data.path()),
                Machine.cgroups(),
                Machine.iptables(),
                Machine.nftables(),
                Machine.bridgeNetfilter(),
                Ports.metadataAddress(),
                Machine.clock());
        findings.forEach(finding -> System.out.println(finding.line()));
        return findings.stream().anyMatch(finding -> finding.verdict() == Finding.Verdict.BAD) ? 1 : 0;
    }
}
