package dev.landfall.app.logs;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;

/**
 * One container's output on its way to ours. With a prefix it is cut into lines, since frames end anywhere and several
 * containers share the screen; without one the bytes pass as they are.
 */
final class LogStream extends ResultCallback.Adapter<Frame> {
    /** A longer line is passed on in pieces. */
    private static final int LINE_LIMIT = 1 << 20;

    private final String prefix;
    private final PrintStream out;
    private final PrintStream err;
    private final ByteArrayOutputStream outLine = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errLine = new ByteArrayOutputStream();

    LogStream(String prefix, PrintStream out, PrintStream err) {
        this.prefix = prefix;
        this.out = out;
        this.err = err;
    }

    @Override
    public void onNext(Frame frame) {
        boolean error = frame.getStreamType() == StreamType.STDERR;
        PrintStream target = error ? err : out;
        if (prefix.isEmpty()) {
            target.write(frame.getPayload(), 0, frame.getPayload().length);
            target.flush();
            return;
        }
        ByteArrayOutputStream line = error ? errLine : outLine;
        for (byte b : frame.getPayload()) {
            line.write(b);
            if (b == '\n' || line.size() >= LINE_LIMIT) {
                print(line, target);
            }
        }
    }

    @Override
    public void onComplete() {
        print(outLine, out);
        print(errLine, err);
        super.onComplete();
    }

    private void print(ByteArrayOutputStream line, PrintStream target) {
        if (line.size() == 0) {
            return;
        }
        synchronized (target) {
            target.print(prefix);
            target.write(line.toByteArray(), 0, line.size());
            if (line.toByteArray()[line.size() - 1] != '\n') {
                target.println();
            }
            target.flush();
        }
        line.reset();
    }
}
