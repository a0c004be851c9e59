package dev.landfall.acm;

import dev.landfall.acm.certificate.CertificateRow;
import dev.landfall.acm.certificate.IssueCertificate;
import dev.landfall.state.Commit;
import dev.landfall.state.Decisions;
import dev.landfall.x509.Authority;
import dev.landfall.x509.ServerCertificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import software.amazon.awssdk.services.acm.model.CertificateStatus;

/**
 * Has certificates issued by the authority when they are due: those that were requested at once, others before they
 * end. What is due stands in the tables, so that nothing is forgotten in a crash.
 */
public final class Issuer implements AutoCloseable {
    /** After the journal has failed, or the authority's files, which the user may put right. */
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** Who uses certificates is asked for anew this often, as ACM does when a renewal is due. */
    private static final Duration LOOK_AGAIN = Duration.ofHours(1);

    /** Several times what the largest key takes to make. */
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Decisions writer;
    private final InstantSource clock;
    private final Authority authority;
    private final CertificateUsers users;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Guarded by the lock. */
    private boolean unseen;

    /** Guarded by the lock: looks that have failed. */
    private int failures;

    /** None until it is started. */
    private Thread thread;

    public Issuer(Decisions writer, InstantSource clock, Authority authority, CertificateUsers users) {
        this.writer = writer;
        this.clock = clock;
        this.authority = authority;
        this.users = users;
    }

    /** Looks from now on by itself, in a thread of its own. */
    void start() {
        writer.follow(this::note);
        thread = Thread.ofVirtual().name("acm-issuer").start(this::run);
    }

    private void note(Commit commit) {
        if (commit.writes().stream().anyMatch(write -> write.table() == AcmTables.CERTIFICATES)) {
            lock.lock();
            try {
                unseen = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private void run() {
        try {
            while (true) {
                try {
                    look();
                } catch (RuntimeException e) { // whatever it is, the certificates are still due
                    failed();
                    Thread.sleep(RETRY);
                    continue;
                }
                awaitWork();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Has issued what is due now. */
    void look() {
        Instant now = clock.instant();
        for (CertificateRow row : IssueCertificate.due(writer.image(), now)) {
            List<String> using = users.of(row.arn());
            if (IssueCertificate.isWanted(row, using, now)) {
                ServerCertificate made = authority.issue(
                        row.detail().subjectAlternativeNames(), IssueCertificate.algorithm(row), now);
                writer.submit((image, context) -> IssueCertificate.decide(image, row.arn(), made, context));
            }
        }
    }

    /**
     * Returns when the certificate has been issued, or cannot be so soon; at once if nobody looks by himself. Waiters
     * of the CLI and the SDKs that find it pending ask again only after a minute.
     */
    void await(String arn) {
        if (thread == null) {
            return;
        }
        lock.lock();
        try {
            long left = SOON.toNanos();
            int before = failures;
            while (pending(arn) && failures == before && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Nobody is to wait for what does not come soon. */
    private void failed() {
        lock.lock();
        try {
            failures++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean pending(String arn) {
        return writer.image().get(AcmTables.CERTIFICATES, arn)
                .filter(row -> row.detail().status() == CertificateStatus.PENDING_VALIDATION).isPresent();
    }

    private void awaitWork() throws InterruptedException {
        lock.lock();
        try {
            while (!unseen) {
                Instant now = clock.instant();
                Duration left = IssueCertificate.next(writer.image(), now)
                        .map(next -> Duration.between(now, next))
                        .filter(duration -> duration.compareTo(LOOK_AGAIN) < 0).orElse(LOOK_AGAIN);
                if (changed.awaitNanos(left.toNanos()) <= 0) {
                    return;
                }
            }
        } finally {
            unseen = false;
            lock.unlock();
        }
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }
}
