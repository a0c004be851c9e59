package dev.landfall.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Holds every file of the repository to {@link Tidiness}; each rule is proven by a planted violation. */
class TidyTest {
    private static final Set<String> SCRIPTS = Set.of("landfall", "run");

    @Test
    void everyFileIsTidy() throws IOException {
        Path root = Repository.root();
        var found = new ArrayList<String>();
        var java = new TreeMap<String, String>();
        for (Path file : Repository.sources(TidyTest::isChecked)) {
            String name = root.relativize(file).toString();
            String text = Files.readString(file);
            if (name.endsWith(".java")) {
                java.put(name, text);
            } else {
                found.addAll(SCRIPTS.contains(file.getFileName().toString())
                        ? Tidiness.ofCode(name, text)
                        : Tidiness.ofText(name, text));
            }
        }
        found.addAll(Tidiness.ofJava(java));

        assertThat(found).isEmpty();
    }

    @Test
    void looksAtEveryModule() throws IOException {
        assertThat(Repository.sources(file -> file.endsWith("pom.xml")))
                .hasSizeGreaterThan(5)
                .allSatisfy(pom -> assertThat(pom).startsWith(Repository.root()));
        assertThat(Repository.sources(file -> file.endsWith("Main.java"))).isNotEmpty();
        assertThat(Repository.sources(file -> file.toString().contains("/java/"))).as("packages of that name")
                .anyMatch(file -> file.getParent().endsWith("target"))
                .noneMatch(file -> file.toString().contains("/target/classes/"));
    }

    private static boolean isChecked(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".java") || name.endsWith(".md") || name.endsWith(".xml") || SCRIPTS.contains(name);
    }

    @Test
    void findsPlantedText() {
        assertThat(Tidiness.ofText("a.md", "one\ttwo\n")).containsExactly("a.md:1: tab");
        assertThat(Tidiness.ofText("a.md", "fine\nnot \n")).containsExactly("a.md:2: space at the end of the line");
        assertThat(Tidiness.ofText("a.md", "// FIX" + "ME later\n")).containsExactly("a.md:1: FIX" + "ME");
        assertThat(Tidiness.ofText("a.md", "// TO" + "DO: some day\n")).hasSize(1);
        assertThat(Tidiness.ofText("a.md", "// TO" + "DO when JDK 26 is out: drop this\n")).isEmpty();
        assertThat(Tidiness.ofText("a.md", "cut off")).hasSize(1);
    }

    @Test
    void findsPlantedCode() {
        assertThat(Tidiness.ofCode("a", "x".repeat(121) + "\n")).containsExactly("a:1: 121 columns");
        assertThat(Tidiness.ofCode("a", "x".repeat(120) + "\n")).isEmpty();
        assertThat(Tidiness.ofCode("a", "x\n".repeat(601))).containsExactly("a: 601 lines");
        assertThat(Tidiness.ofCode("a", "x\n".repeat(600))).isEmpty();
    }

    @Test
    void findsPlantedJava() throws IOException {
        assertThat(ofJava(method(71))).containsExactly("A.java:2: long_ has 71 lines");
        assertThat(ofJava(method(70))).isEmpty();
        for (String name : List.of("TaskImpl", "TaskManager", "TaskHelper", "TaskUtil", "Utils", "TaskBase")) {
            assertThat(ofJava("class A {\n    interface " + name + " {}\n}\n"))
                    .containsExactly("A.java:2: the name " + name + " says nothing");
        }
        assertThat(ofJava("class Utilization {}\n")).isEmpty();
    }

    private static List<String> ofJava(String text) throws IOException {
        return Tidiness.ofJava(Map.of("A.java", text));
    }

    private static String method(int lines) {
        return "class A {\n    void long_() {\n" + "        next();\n".repeat(lines - 2) + "    }\n}\n";
    }
}
