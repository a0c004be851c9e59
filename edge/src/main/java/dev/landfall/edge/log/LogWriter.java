package dev.landfall.edge.log;

import dev.landfall.edge.net.Loop;
import dev.landfall.protocol.edge.Balancer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes the access logs of all load balancers, on one thread of its own: a slow disk must not slow requests. When it
 * falls too far behind, batches are lost and counted ("on a best-effort basis", as AWS's are).
 */
public final class LogWriter implements AutoCloseable {
    /** Batches of some 32 KiB that wait at most. */
    private static final int MAX_WAITING = 256;

    /** What may still be written when the data plane stops. */
    private static final long GRACE_SECONDS = 3;
    private static final System.Logger LOG = System.getLogger(LogWriter.class.getName());

    private record Batch(String name, byte[] lines) {}

    private static final Batch END = new Batch("", new byte[0]);

    private final Path directory;
    private final ArrayBlockingQueue<Batch> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Map<String, AccessLog> logs = new ConcurrentHashMap<>();
    private final AtomicLong lost = new AtomicLong();
    private final Thread thread;

    /** @param directory for one file a load balancer, made when it is first needed */
    public LogWriter(Path directory) {
        this.directory = directory;
        thread = Thread.ofPlatform().daemon().name("edge-log").start(this::run);
    }

    public AccessLog of(Balancer balancer, Loop loop) {
        String key = loop.index() + " " + balancer.arn();
        AccessLog present = logs.get(key);
        return present != null ? present : logs.computeIfAbsent(key,
                absent -> new AccessLog(this, fileName(balancer), loop));
    }

    /** Forgets load balancers that are no more; what has gathered of them is still written. */
    public void retain(Set<String> balancerArns) {
        logs.keySet().removeIf(key -> !balancerArns.contains(key.substring(key.indexOf(' ') + 1)));
    }

    /** app.NAME.ID.log: the load balancer's resource id with periods, as AWS names its files. */
    static String fileName(Balancer balancer) {
        String arn = balancer.arn();
        int at = arn.indexOf("loadbalancer/");
        String id = at < 0 ? balancer.name() : arn.substring(at + "loadbalancer/".length());
        return id.replaceAll("[^A-Za-z0-9-]", ".") + ".log";
    }

    void write(String name, byte[] lines) {
        if (!waiting.offer(new Batch(name, lines))) {
            lost("the disk is too slow");
        }
    }

    private void lost(String why) {
        if (lost.getAndIncrement() == 0) {
            LOG.log(System.Logger.Level.WARNING, "from now on, access logs in {0} are incomplete: {1}", directory, why);
        }
    }

    /** Batches that could not be written. */
    public long lost() {
        return lost.get();
    }

    private void run() {
        try {
            Batch batch;
            while ((batch = waiting.take()) != END) {
                append(batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void append(Batch batch) {
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory);
            }
            Files.write(directory.resolve(batch.name()), batch.lines(),
                    StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException | RuntimeException e) {
            lost(String.valueOf(e));    // a full disk is no reason to stop serving
        }
    }

    /** Takes what has gathered on event loops that have ended. */
    public void gather() {
        logs.values().forEach(AccessLog::handOver);
    }

    @Override
    public void close() {
        try {
            waiting.offer(END, GRACE_SECONDS, TimeUnit.SECONDS);       // a disk may hang, and keep us no longer
            thread.join(TimeUnit.SECONDS.toMillis(GRACE_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
