package dev.landfall.app.build;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * Copies an archive with its class files in a newer format. The JVM's AOT cache takes none from before Java 6, which have
 * no stack maps (JVM Specification, 4.10.2): these are made, and nothing else of a class is changed. The launcher's
 * build runs it for picocli, whose classes would else be read and verified at each start.
 */
public final class NewerClassFiles {
    /** Java 8's: nothing of what came later is asked of the classes. */
    private static final int VERSION = ClassFile.JAVA_8_VERSION;

    private static final String SUFFIX = ".class";

    private NewerClassFiles() {}

    /** @param arguments the archive, and where its copy goes */
    public static void main(String... arguments) throws IOException {
        copy(Path.of(arguments[0]), Path.of(arguments[1]));
    }

    /** @throws IllegalArgumentException if a class refers to one that is neither in the archive nor the JDK's */
    static void copy(Path from, Path to) throws IOException {
        Path unfinished = to.resolveSibling(to.getFileName() + ".new");
        try (var in = new JarFile(from.toFile())) {
            var classFiles = ClassFile.of(StackMapsOption.GENERATE_STACK_MAPS,
                    ClassHierarchyResolverOption.of(hierarchy(in)));
            try (OutputStream file = Files.newOutputStream(unfinished); var out = new JarOutputStream(file)) {
                for (JarEntry entry : (Iterable<JarEntry>) in.stream()::iterator) {
                    byte[] content = in.getInputStream(entry).readAllBytes();
                    out.putNextEntry(new JarEntry(entry.getName()));
                    out.write(entry.getName().endsWith(SUFFIX) ? newer(classFiles, content) : content);
                    out.closeEntry();
                }
            }
            Files.move(unfinished, to, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private static byte[] newer(ClassFile classFiles, byte[] content) {
        var parsed = classFiles.parse(content);
        if (parsed.majorVersion() >= VERSION) {
            return content;
        }
        ClassTransform version = (builder, element) -> {
            if (element instanceof ClassFileVersion) {
                builder.withVersion(VERSION, 0);
            } else {
                builder.with(element);
            }
        };
        // Methods that are taken apart and put together again get their stack maps on the way.
        return classFiles.transformClass(parsed,
                version.andThen(ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)));
    }

    /** To merge types a stack map needs to know what extends what. */
    private static ClassHierarchyResolver hierarchy(JarFile archive) {
        return ClassHierarchyResolver.ofResourceParsing(type -> inside(archive, type))
                .orElse(ClassHierarchyResolver.defaultResolver()).cached();
    }

    private static InputStream inside(JarFile archive, ClassDesc type) {
        String descriptor = type.descriptorString();
        JarEntry entry = archive.getJarEntry(descriptor.substring(1, descriptor.length() - 1) + SUFFIX);
        try {
            return entry == null ? null : archive.getInputStream(entry);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
