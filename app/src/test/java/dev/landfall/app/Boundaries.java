package dev.landfall.app;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What classes may not name, read from their constant pools. */
final class Boundaries {
    /** Packages that decide and do nothing else, beside those named {@code core}. */
    static final Set<String> PURE = Set.of(
            "dev/landfall/acm/account",
            "dev/landfall/acm/certificate",
            "dev/landfall/acm/tag",
            "dev/landfall/agent/task",
            "dev/landfall/ecs/placement",
            "dev/landfall/ecs/query",
            "dev/landfall/elb/account",
            "dev/landfall/elb/attribute",
            "dev/landfall/elb/certificate",
            "dev/landfall/elb/classic",
            "dev/landfall/elb/listener",
            "dev/landfall/elb/loadbalancer",
            "dev/landfall/elb/rule",
            "dev/landfall/elb/tag",
            "dev/landfall/elb/target",
            "dev/landfall/elb/targetgroup",
            "dev/landfall/iam/certificate");

    private static final Set<String> IMPURE_CALLS = Set.of(
            "java/time/Instant.now", "java/time/LocalDate.now", "java/time/LocalDateTime.now",
            "java/time/ZonedDateTime.now", "java/time/OffsetDateTime.now", "java/time/Clock.systemUTC",
            "java/lang/System.currentTimeMillis", "java/lang/System.nanoTime", "java/lang/System.getenv",
            "java/lang/System.getProperty", "java/util/UUID.randomUUID", "java/lang/Math.random",
            // Their iteration order is salted per JVM, so that no decision made from it could be replayed.
            "java/util/Map.of", "java/util/Map.ofEntries", "java/util/Map.copyOf", "java/util/Set.of",
            "java/util/Set.copyOf", "java/util/stream/Collectors.toMap", "java/util/stream/Collectors.toSet",
            "java/util/stream/Collectors.groupingBy");
    private static final List<String> IMPURE_TYPES = List.of(
            "java/util/Random", "java/util/concurrent/", "java/security/SecureRandom", "java/lang/Thread",
            "java/io/", "java/nio/file/", "java/nio/channels/", "java/net/Socket", "java/net/ServerSocket",
            "java/net/http/", "java/sql/", "java/util/HashMap", "java/util/HashSet", "java/util/IdentityHashMap");
    /** Of those, the ones that hold or say something and do nothing. */
    private static final Set<String> HARMLESS = Set.of(
            "java/util/concurrent/TimeUnit", "java/io/Serializable", "java/io/UncheckedIOException",
            "java/io/ObjectInputStream", "java/io/InvalidObjectException");

    /** The modules, by the packages they own. A service is a module of its own under services/. */
    private static final Pattern OURS = Pattern.compile("dev/landfall/([a-z0-9]+)(/|$)");

    private Boundaries() {}

    static Set<String> violations(byte[] bytes) {
        ClassModel type = ClassFile.of().parse(bytes);
        var found = new TreeSet<String>();
        String name = type.thisClass().asInternalName();
        if (isPure(packageOf(name))) {
            type.constantPool().forEach(entry -> impurity(entry).ifPresent(what -> found.add(name + " " + what)));
        }
        module(name).ifPresent(from -> type.constantPool().forEach(entry -> {
            for (String named : namedTypes(entry)) {
                module(named).filter(to -> !mayName(from, to))
                        .ifPresent(to -> found.add(name + " names " + named));
            }
        }));
        return found;
    }

    private static boolean isPure(String packageName) {
        return PURE.contains(packageName) || packageName.endsWith("/core") || packageName.contains("/core/");
    }

    private static Optional<String> impurity(PoolEntry entry) {
        return switch (entry) {
            case MemberRefEntry member
                    when IMPURE_CALLS.contains(member.owner().asInternalName() + "." + member.name()) ->
                    Optional.of("calls " + member.owner().asInternalName() + "." + member.name());
            case ClassEntry type
                    when IMPURE_TYPES.stream().anyMatch(type.asInternalName()::startsWith)
                    && !HARMLESS.contains(type.asInternalName()) ->
                    Optional.of("uses " + type.asInternalName());
            default -> Optional.empty();
        };
    }

    /** Class entries, and the types in descriptors and signatures, which need no entry of their own. */
    private static List<String> namedTypes(PoolEntry entry) {
        return switch (entry) {
            case ClassEntry type -> List.of(type.asInternalName());
            case Utf8Entry text when text.stringValue().contains("Ldev/landfall/") ->
                    OURS.matcher(text.stringValue()).results().map(result -> result.group()).toList();
            default -> List.of();
        };
    }

    private static Optional<String> module(String internalName) {
        Matcher matcher = OURS.matcher(internalName);
        return matcher.lookingAt() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** Which way is down: app to services to wire to state; agent and protocol stand beside them. */
    private static boolean mayName(String from, String to) {
        if (from.equals(to) || from.equals("app") || from.equals("bench")) {
            return true;
        }
        return switch (from) {
            case "protocol", "state", "testkit", "x509" -> false;
            case "wire" -> to.equals("state");    // for the stored form of SDK shapes
            case "agent" -> to.equals("protocol");
            case "sim" -> to.equals("ecs") || to.equals("wire") || to.equals("state") || to.equals("protocol");
            case "edge", "console" -> to.equals("wire") || to.equals("protocol");
            case "acm", "iam" -> to.equals("wire") || to.equals("state") || to.equals("x509");
            default -> to.equals("wire") || to.equals("state") || to.equals("protocol");    // a service
        };
    }

    private static String packageOf(String internalName) {
        return internalName.substring(0, Math.max(0, internalName.lastIndexOf('/')));
    }
}
