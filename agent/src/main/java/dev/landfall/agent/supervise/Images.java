package dev.landfall.agent.supervise;

import dev.landfall.agent.PullBehavior;
import dev.landfall.agent.engine.Engine;
import dev.landfall.agent.engine.EngineError;
import dev.landfall.agent.engine.ImageFacts;
import java.time.Duration;
import java.time.InstantSource;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Has images ready for containers, as the pull behaviour says. Safe for any thread; a pull that several containers want
 * at once is made once.
 *
 * <p>A registry that was lately out of reach is not asked again for an image that is cached, nor is one asked again
 * that lately did not have the image: so a machine without a network, or with images of its own, starts tasks without
 * delay.
 */
final class Images {
    private static final System.Logger LOG = System.getLogger(Images.class.getName());

    /** How long a registry counts as out of reach after it was found so. */
    private static final Duration UNREACHABLE_FOR = Duration.ofMinutes(1);

    /** Where there is something to fall back to, a registry has this long to answer. */
    private static final Duration ANSWER_IF_CACHED = Duration.ofSeconds(5);

    private static final Duration ANSWER = Duration.ofMinutes(2);

    /** What the engine says when it gets no answer, rather than a bad one. */
    private static final Pattern NO_ANSWER = Pattern.compile(
            "no such host|dial tcp|i/o timeout|Client.Timeout|connection refused|unreachable|server misbehaving|EOF");

    private final Engine engine;
    private final PullBehavior behavior;
    private final InstantSource clock;
    private final Map<String, Instant> unreachable = new ConcurrentHashMap<>();
    private final Set<String> pulled = ConcurrentHashMap.newKeySet();
    private final Map<String, CompletableFuture<Void>> pulls = new ConcurrentHashMap<>();

    Images(Engine engine, PullBehavior behavior, InstantSource clock) {
        this.engine = engine;
        this.behavior = behavior;
        this.clock = clock;
    }

    /** The digest of the image, which from now on is there. */
    Optional<String> provide(String reference) {
        Optional<ImageFacts> cached = engine.image(reference);
        if (cached.isPresent() && !wantsPull(reference)) {
            return cached.get().digest();
        }
        try {
            pull(reference, cached.isPresent() && behavior == PullBehavior.DEFAULT ? ANSWER_IF_CACHED : ANSWER);
        } catch (EngineError e) {
            if (cached.isEmpty() || behavior == PullBehavior.ALWAYS) {
                throw e;
            }
            LOG.log(System.Logger.Level.INFO, "using the cached image of {0}: {1}", reference, e.getMessage());
            boolean noAnswer = e.timeout() || NO_ANSWER.matcher(e.getMessage()).find();
            unreachable.put(noAnswer ? registry(reference) : reference, clock.instant().plus(UNREACHABLE_FOR));
            return cached.get().digest();
        }
        return engine.image(reference).flatMap(ImageFacts::digest);
    }

    private boolean wantsPull(String reference) {
        if (reference.startsWith("sha256:")) {
            return false;
        }
        return switch (behavior) {
            case ALWAYS -> true;
            case PREFER_CACHED -> false;
            case ONCE -> !pulled.contains(reference) && !isUnreachable(reference);
            case DEFAULT -> !isUnreachable(reference);
        };
    }

    private boolean isUnreachable(String reference) {
        Instant now = clock.instant();
        return now.isBefore(unreachable.getOrDefault(registry(reference), Instant.MIN))
                || now.isBefore(unreachable.getOrDefault(reference, Instant.MIN));
    }

    private void pull(String reference, Duration firstAnswer) {
        var mine = new CompletableFuture<Void>();
        var other = pulls.putIfAbsent(reference, mine);
        if (other != null) {
            try {
                other.join();
                return;
            } catch (CompletionException e) {
                throw (EngineError) e.getCause();
            }
        }
        try {
            engine.pull(reference, firstAnswer);
            pulled.add(reference);
            mine.complete(null);
        } catch (EngineError e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            pulls.remove(reference);
            mine.completeExceptionally(EngineError.timedOut("the pull of " + reference + " was given up"));
        }
    }

    /** The host a reference names; the public registry's where it names none. */
    static String registry(String reference) {
        int slash = reference.indexOf('/');
        String first = slash < 0 ? "" : reference.substring(0, slash);
        return first.contains(".") || first.contains(":") || first.equals("localhost") ? first : "docker.io";
    }
}
