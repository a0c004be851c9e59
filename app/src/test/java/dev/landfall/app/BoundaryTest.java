package dev.landfall.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Modules name only what lies below them, and pure packages have no clock, dice, threads, I/O or order of chance. Think
 * hard before changing {@link Boundaries}; each rule is proven by a planted violation.
 */
class BoundaryTest {
    @Test
    void everyClassKeepsToItsPlace() throws IOException {
        var found = new ArrayList<String>();
        for (Path file : Repository.classes()) {
            found.addAll(Boundaries.violations(Files.readAllBytes(file)));
        }

        assertThat(found).isEmpty();
    }

    @Test
    void looksAtEveryModule() throws IOException {
        var classes = Repository.classes().stream().map(Path::toString).toList();

        for (String module : List.of("agent", "app", "protocol", "services/acm", "services/ecs",
                "services/elb", "services/iam", "sim", "state", "testkit", "wire", "x509")) {
            assertThat(classes).anyMatch(file -> file.contains("/" + module + "/target/classes/dev/landfall/"));
        }
        for (String pure : Boundaries.PURE) {
            assertThat(classes).anyMatch(file -> file.contains("/target/classes/" + pure + "/"));
        }
    }

    @Test
    void findsPlantedImpurity() {
        for (String call : List.of("java.time.Instant.now", "java.util.UUID.randomUUID", "java.util.Map.of",
                "java.lang.System.nanoTime", "java.util.Set.copyOf")) {
            assertThat(Boundaries.violations(calling("dev.landfall.ecs.core.A", call)))
                    .as(call).hasSize(1);
            assertThat(Boundaries.violations(calling("dev.landfall.ecs.placement.A", call)))
                    .as(call).hasSize(1);
            assertThat(Boundaries.violations(calling("dev.landfall.ecs.service.A", call)))
                    .as(call).isEmpty();
        }
        for (String type : List.of("java.util.HashMap", "java.util.HashSet", "java.lang.Thread", "java.util.Random",
                "java.io.File", "java.nio.file.Files", "java.util.concurrent.ConcurrentHashMap", "java.net.Socket")) {
            assertThat(Boundaries.violations(calling("dev.landfall.ecs.core.A", type + ".anything")))
                    .containsExactly("dev/landfall/ecs/core/A uses " + type.replace('.', '/'));
        }
        assertThat(Boundaries.violations(calling("dev.landfall.ecs.core.A", "java.util.List.of"))).isEmpty();
    }

    @Test
    void findsPlantedDirection() {
        assertAllowed("app", Set.of(
                "acm", "agent", "ecs", "elb", "edge", "iam", "sim", "wire", "state", "protocol", "x509"));
        assertAllowed("ecs", Set.of("wire", "state", "protocol"));
        assertAllowed("elb", Set.of("wire", "state", "protocol"));
        assertAllowed("acm", Set.of("wire", "state", "x509"));
        assertAllowed("iam", Set.of("wire", "state", "x509"));
        assertAllowed("x509", Set.of());
        assertAllowed("agent", Set.of("protocol"));
        assertAllowed("sim", Set.of("ecs", "wire", "state", "protocol"));
        assertAllowed("protocol", Set.of());
        assertAllowed("wire", Set.of("state"));
        assertAllowed("state", Set.of());
    }

    private static void assertAllowed(String from, Set<String> allowed) {
        for (String to : List.of("acm", "agent", "app", "ecs", "elb", "edge", "iam", "sim", "wire", "state", "protocol",
                "x509")) {
            byte[] planted = calling("dev.landfall." + from + ".A", "dev.landfall." + to + ".B.call");
            byte[] inDescriptor = taking("dev.landfall." + from + ".A", "dev.landfall." + to + ".B");
            boolean fine = from.equals(to) || allowed.contains(to);

            assertThat(Boundaries.violations(planted)).as(from + " calls " + to).hasSize(fine ? 0 : 1);
            assertThat(Boundaries.violations(inDescriptor)).as(from + " takes " + to).hasSize(fine ? 0 : 1);
        }
    }

    /** A class with a method that calls {@code type.method()}. */
    private static byte[] calling(String name, String call) {
        int dot = call.lastIndexOf('.');
        return ClassFile.of().build(ClassDesc.of(name), type -> type.withMethodBody(
                "run", MethodTypeDesc.ofDescriptor("()V"), ClassFile.ACC_STATIC,
                code -> code.invokestatic(ClassDesc.of(call.substring(0, dot)), call.substring(dot + 1),
                        MethodTypeDesc.ofDescriptor("()V")).return_()));
    }

    /** A class with a method that takes a {@code type}, which only its descriptor names. */
    private static byte[] taking(String name, String type) {
        return ClassFile.of().build(ClassDesc.of(name), built -> built.withMethodBody(
                "run", MethodTypeDesc.ofDescriptor("(L" + type.replace('.', '/') + ";)V"), ClassFile.ACC_STATIC,
                code -> code.return_()));
    }
}
