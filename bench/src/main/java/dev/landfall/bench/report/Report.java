package dev.landfall.bench.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.landfall.bench.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The results of one run: tables for people, and the same as a JSON file for programs. For one thread. */
public final class Report {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final DateTimeFormatter FILE_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final String name;
    private final Instant began = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final Map<String, Object> machine = new LinkedHashMap<>(Machine.facts());
    private final Map<String, Object> settings = new LinkedHashMap<>();
    private final List<Table> tables = new ArrayList<>();

    /** Rows under named columns. A number is shown with as many digits as its size calls for. */
    public static final class Table {
        private final String title;
        private final List<String> columns;
        private final List<List<Object>> rows = new ArrayList<>();

        private Table(String title, List<String> columns) {
            this.title = title;
            this.columns = columns;
        }

        public void row(Object... cells) {
            if (cells.length != columns.size()) {
                throw new IllegalArgumentException("a row of " + title + " needs " + columns.size() + " cells");
            }
            rows.add(Arrays.asList(cells));
        }

        private List<Map<String, Object>> json() {
            var all = new ArrayList<Map<String, Object>>();
            for (List<Object> row : rows) {
                var members = new LinkedHashMap<String, Object>();
                for (int i = 0; i < row.size(); i++) {
                    boolean unknown = row.get(i) instanceof Double number && number.isNaN();
                    members.put(columns.get(i), unknown ? "" : row.get(i));
                }
                all.add(members);
            }
            return all;
        }

        private String text() {
            var lines = new ArrayList<List<String>>();
            lines.add(columns);
            rows.forEach(row -> lines.add(row.stream().map(Report::shown).toList()));
            int[] widths = new int[columns.size()];
            for (List<String> line : lines) {
                for (int i = 0; i < widths.length; i++) {
                    widths[i] = Math.max(widths[i], line.get(i).length());
                }
            }
            var text = new StringBuilder("\n").append(title).append('\n');
            for (List<String> line : lines) {
                for (int i = 0; i < widths.length; i++) {
                    String padding = " ".repeat(widths[i] - line.get(i).length());
                    text.append(i == 0 ? "  " + line.get(i) + padding : "  " + padding + line.get(i));
                }
                text.append('\n');
            }
            return text.toString();
        }
    }

    public Report(String name) {
        this.name = name;
    }

    public void setting(String what, Object value) {
        settings.put(what, value);
    }

    public void machine(String what, Object value) {
        machine.put(what, value);
    }

    public Table table(String title, String... columns) {
        var table = new Table(title, List.of(columns));
        tables.add(table);
        return table;
    }

    private static String shown(Object cell) {
        if (!(cell instanceof Double number)) {
            return String.valueOf(cell);
        }
        if (number.isNaN()) {
            return "-";
        }
        double size = Math.abs(number);
        return String.format(Locale.ROOT, size >= 1000 ? "%,.0f" : size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f",
                number);
    }

    /** Prints the tables and writes the file. */
    public void finish(Path out) {
        machine.put("loadAtEnd", Machine.load());
        System.out.println("\nlandfall bench " + name + ", " + began);
        machine.forEach((what, value) -> System.out.println("  " + what + ": " + value));
        settings.forEach((what, value) -> System.out.println("  " + what + ": " + value));
        tables.forEach(table -> System.out.print(table.text()));
        var document = new LinkedHashMap<String, Object>();
        document.put("benchmark", name);
        document.put("began", began.toString());
        document.put("machine", machine);
        document.put("settings", settings);
        var results = new LinkedHashMap<String, Object>();
        tables.forEach(table -> results.put(table.title, table.json()));
        document.put("results", results);
        Path file = out.resolve(name + "-" + FILE_TIME.format(began) + ".json");
        try {
            Files.createDirectories(out);
            Files.writeString(file, JSON.writeValueAsString(document) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Progress.say("written to " + file);
    }
}
