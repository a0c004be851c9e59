package dev.landfall.app;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.temporal.ChronoUnit;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Where log records go: one line each, to standard error or to {@code landfall.log}. Closing it ends the output. Safe
 * for any thread.
 */
final class Log extends Handler implements AutoCloseable {
    /** Together with the one older file that is kept, what the log may take of the disk. */
    private static final long FILE_LIMIT_BYTES = 16L << 20;

    /** Held for the life of the process, as the JDK keeps loggers only weakly and would forget the level. */
    private static final Logger LIBRARIES = Logger.getLogger("io.helidon");

    private final Path file;
    private OutputStream out;
    private long written;

    private Log(Path file, OutputStream out, long written) {
        this.file = file;
        this.out = out;
        this.written = written;
        setFormatter(new Line());
    }

    static Log toStandardError() {
        return install(new Log(Path.of(""), System.err, 0));
    }

    static Log toFile(Path directory) {
        Path file = directory.resolve("landfall.log");
        try {
            return install(new Log(file, open(file), Files.size(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Log install(Log log) {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.setLevel(Level.INFO);
        root.addHandler(log);
        LIBRARIES.setLevel(Level.WARNING);
        return log;
    }

    private static OutputStream open(Path file) throws IOException {
        return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Override
    public synchronized void publish(LogRecord record) {
        if (!isLoggable(record)) {
            return;
        }
        try {
            byte[] line = getFormatter().format(record).getBytes(StandardCharsets.UTF_8);
            if (!(out instanceof PrintStream) && written + line.length > FILE_LIMIT_BYTES) {
                out.close();
                Files.move(file, file.resolveSibling("landfall.log.1"), StandardCopyOption.REPLACE_EXISTING);
                out = open(file);
                written = 0;
            }
            out.write(line);
            out.flush();
            written += line.length;
        } catch (IOException e) {
            reportError("cannot write the log", e, java.util.logging.ErrorManager.WRITE_FAILURE);
        }
    }

    @Override
    public void flush() {
        // Every record is flushed by itself.
    }

    @Override
    public synchronized void close() {
        if (out instanceof PrintStream) {
            return;
        }
        try {
            Logger.getLogger("").removeHandler(this);
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code 2026-01-31T10:11:12.131Z INFO    dev.landfall.agent.Agent  what happened}, and a stack trace if any. */
    private static final class Line extends Formatter {
        @Override
        public String format(LogRecord record) {
            var line = new StringBuilder();
            line.append(record.getInstant().truncatedTo(ChronoUnit.MILLIS)).append(' ')
                    .append(String.format("%-7s", record.getLevel().getName())).append(' ')
                    .append(record.getLoggerName()).append("  ")
                    .append(formatMessage(record)).append('\n');
            if (record.getThrown() != null) {
                var trace = new java.io.StringWriter();
                record.getThrown().printStackTrace(new java.io.PrintWriter(trace));
                line.append(trace);
            }
            return line.toString();
        }
    }
}
