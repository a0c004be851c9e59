package dev.landfall.app;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** The rules of style that a machine can check. */
final class Tidiness {
    static final int COLUMNS = 120;
    static final int FILE_LINES = 600;
    static final int METHOD_LINES = 70;

    private static final Pattern BANNED_NAME = Pattern.compile(".*(Impl|Manager|Helper|Utils?|Base)");
    /** Put together, so that this file does not break its own rule. */
    private static final String FIX = "FIX" + "ME";
    private static final Pattern TO_DO = Pattern.compile("\\bTO" + "DO\\b(?! (when|until|once|if|after) )");

    private Tidiness() {}

    /** Any text: no tabs, nothing at line ends, nothing left for later without a condition. */
    static List<String> ofText(String name, String text) {
        var found = new ArrayList<String>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            String where = name + ":" + (i + 1) + ": ";
            if (line.indexOf('\t') >= 0) {
                found.add(where + "tab");
            }
            if (!line.equals(line.stripTrailing())) {
                found.add(where + "space at the end of the line");
            }
            if (line.contains(FIX)) {
                found.add(where + FIX);
            }
            if (TO_DO.matcher(line).find()) {
                found.add(where + "to-do without the condition that ends it");
            }
        }
        if (!text.isEmpty() && !text.endsWith("\n")) {
            found.add(name + ": no newline at the end");
        }
        return found;
    }

    /** Code: the widths as well. */
    static List<String> ofCode(String name, String text) {
        var found = new ArrayList<>(ofText(name, text));
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            int columns = lines.get(i).codePointCount(0, lines.get(i).length());
            if (columns > COLUMNS) {
                found.add(name + ":" + (i + 1) + ": " + columns + " columns");
            }
        }
        if (lines.size() > FILE_LINES) {
            found.add(name + ": " + lines.size() + " lines");
        }
        return found;
    }

    /** Java, by file name: names and the length of methods as well, as the compiler parses them. */
    static List<String> ofJava(Map<String, String> texts) throws IOException {
        var found = new ArrayList<String>();
        texts.forEach((name, text) -> found.addAll(ofCode(name, text)));
        var sources = texts.entrySet().stream().map(file -> new Source(file.getKey(), file.getValue())).toList();
        var task = (JavacTask) ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, null, List.of("-proc:none"), null, sources);
        for (CompilationUnitTree unit : task.parse()) {
            String name = unit.getSourceFile().toUri().getPath().substring(1);
            new Scan(name, unit, Trees.instance(task).getSourcePositions(), found).scan(unit, null);
        }
        return found;
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String name, String text) {
            super(URI.create("string:///" + name), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class Scan extends TreeScanner<Void, Void> {
        private final String name;
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<String> found;

        Scan(String name, CompilationUnitTree unit, SourcePositions positions, List<String> found) {
            this.name = name;
            this.unit = unit;
            this.positions = positions;
            this.found = found;
        }

        @Override
        public Void visitClass(ClassTree type, Void nothing) {
            if (BANNED_NAME.matcher(type.getSimpleName()).matches()) {
                found.add(name + ":" + line(positions.getStartPosition(unit, type)) + ": the name "
                        + type.getSimpleName() + " says nothing");
            }
            return super.visitClass(type, nothing);
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            Tree body = method.getBody();
            if (body != null) {
                long first = line(positions.getStartPosition(unit, method));
                long lines = line(positions.getEndPosition(unit, body)) - first + 1;
                if (lines > METHOD_LINES) {
                    found.add(name + ":" + first + ": " + method.getName() + " has " + lines + " lines");
                }
            }
            return super.visitMethod(method, nothing);
        }

        private long line(long position) {
            return unit.getLineMap().getLineNumber(position);
        }
    }
}
