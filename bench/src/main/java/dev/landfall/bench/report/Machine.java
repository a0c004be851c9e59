package dev.landfall.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the figures of a run depend on beside the code. */
public final class Machine {
    private Machine() {}

    public static Map<String, Object> facts() {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("cpu", cpuModel());
        facts.put("cpus", Runtime.getRuntime().availableProcessors());
        facts.put("memoryMib", kib("/proc/meminfo", "MemTotal") / 1024);
        facts.put("kernel", System.getProperty("os.version"));
        facts.put("java", System.getProperty("java.vm.version"));
        facts.put("load", load());
        return facts;
    }

    /** The load average of the last minute: tells whether others were at work. */
    public static String load() {
        return read("/proc/loadavg").split(" ", 2)[0];
    }

    private static String cpuModel() {
        return read("/proc/cpuinfo").lines()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst().orElse("unknown");
    }

    /** The value of a {@code Name:  123 kB} line. */
    public static long kib(String file, String name) {
        return read(file).lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.replaceAll("[^0-9]", ""))
                .mapToLong(Long::parseLong)
                .findFirst().orElse(0);
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            return "";
        }
    }
}
