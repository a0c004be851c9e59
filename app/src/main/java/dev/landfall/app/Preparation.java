package dev.landfall.app;

import dev.landfall.state.SqliteJournal;
import dev.landfall.wire.ApiServer;
import dev.landfall.wire.SdkForms;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * What every control plane needs whatever it is told: got ready on another core while the command line is read, which
 * takes as long. Whoever needs any of it waits for all of it: two threads that initialize classes which refer to each
 * other may wait for each other for ever.
 */
final class Preparation {
    private static final FutureTask<Void> WORK = new FutureTask<>(Preparation::prepare, null);

    private Preparation() {}

    /** Returns at once. */
    static void begin() {
        Thread.ofPlatform().name("prepare").daemon().start(WORK);
    }

    /** Returns when it is done; does it, if nobody has begun it. */
    static void complete() {
        WORK.run(); // nothing, if another thread does it or has done it
        try {
            WORK.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private static void prepare() {
        SqliteJournal.prepare();
        Tables.ALL.forEach(table -> SdkForms.rows().of(table.rowType()));
        ApiServer.prepare();
    }
}
