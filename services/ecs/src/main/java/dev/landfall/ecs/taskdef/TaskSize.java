package dev.landfall.ecs.taskdef;

import dev.landfall.ecs.EcsErrors;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code cpu} and {@code memory} of a task: how they may be written, and which pairs Fargate offers. */
public final class TaskSize {
    private static final Pattern CPU = Pattern.compile("([0-9]{1,6}|[0-9]{0,3}(?:\\.[0-9]+)?\\s*vcpu)");
    private static final Pattern MEMORY = Pattern.compile("([0-9]{1,9}|[0-9]{0,6}(?:\\.[0-9]+)?\\s*gb)");
    private static final BigDecimal UNITS = new BigDecimal(1024);
    private static final int CPU_MIN = 128;
    private static final int CPU_MAX = 196_608;

    /** The memory, in MiB, that goes with a number of CPU units. */
    private record Offer(int cpu, int least, int most, int step) {
        boolean has(int memory) {
            return memory >= least && memory <= most && (memory - least) % step == 0;
        }
    }

    private static final List<Offer> OFFERS = List.of(
            new Offer(256, 512, 1024, 512),
            new Offer(256, 1024, 2048, 1024),
            new Offer(512, 1024, 4096, 1024),
            new Offer(1024, 2048, 8192, 1024),
            new Offer(2048, 4096, 16_384, 1024),
            new Offer(4096, 8192, 30_720, 1024),
            new Offer(8192, 16_384, 61_440, 4096),
            new Offer(16_384, 32_768, 122_880, 8192));

    private TaskSize() {}

    /** CPU units from {@code 1024}, {@code 1 vCPU} or {@code .25 vcpu}. */
    public static int cpu(String text) {
        int cpu = parse(CPU, text, "vcpu")
                .orElseThrow(() -> EcsErrors.client("Invalid 'cpu' setting for task."));
        if (cpu < CPU_MIN || cpu > CPU_MAX) {
            throw EcsErrors.client("Invalid 'cpu' setting for task.");
        }
        return cpu;
    }

    /** MiB from {@code 2048}, {@code 2 GB} or {@code 0.5GB}. */
    public static int memory(String text) {
        return parse(MEMORY, text, "gb")
                .filter(memory -> memory > 0)
                .orElseThrow(() -> EcsErrors.client("Invalid 'memory' setting for task."));
    }

    /** Why Fargate has no such task; empty if it has. */
    public static Optional<String> fargateRefusal(int cpu, int memory) {
        return OFFERS.stream().anyMatch(offer -> offer.cpu == cpu && offer.has(memory))
                ? Optional.empty()
                : Optional.of("No Fargate configuration exists for given values: " + cpu + " CPU, " + memory
                        + " memory. See the Amazon ECS documentation for the valid values.");
    }

    private static Optional<Integer> parse(Pattern form, String text, String unit) {
        Matcher matcher = form.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String value = matcher.group(1);
        if (!value.endsWith(unit)) {
            return Optional.of(Integer.parseInt(value));
        }
        String number = value.substring(0, value.length() - unit.length()).strip();
        if (number.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new BigDecimal(number).multiply(UNITS).intValueExact());
        } catch (ArithmeticException e) {
            return Optional.empty(); // a fraction of a unit
        }
    }
}
