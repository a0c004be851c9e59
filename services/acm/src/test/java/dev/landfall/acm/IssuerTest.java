package dev.landfall.acm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.state.Writer;
import dev.landfall.testkit.Await;
import dev.landfall.wire.SdkForms;
import dev.landfall.x509.Authority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.acm.model.CertificateStatus;

/** The thread that has certificates issued, through crashes and faults. */
class IssuerTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Stage.START);

    @TempDir private Path directory;

    private final AtomicLong ids = new AtomicLong();

    private Writer writer(MemoryJournal journal) {
        return new Writer(journal, AcmTables.ALL, SdkForms.rows(), CLOCK.withZone(ZoneOffset.UTC),
                () -> "%032x".formatted(ids.incrementAndGet()));
    }

    private Acm acm(Writer writer) {
        return new Acm(writer, CLOCK, new Authority(directory, new FixedEntropy()), CertificateUsers.NONE);
    }

    private static void await(BooleanSupplier condition) throws Exception {
        Await.until("the certificate is issued", Duration.ofSeconds(20), condition::getAsBoolean);
    }

    private static boolean issued(Acm acm, String arn) {
        return acm.describeCertificate(it -> it.certificateArn(arn)).certificate().status()
                == CertificateStatus.ISSUED;
    }

    @Test
    void whatIsRequestedIsIssuedByItself() throws Exception {
        try (var writer = writer(new MemoryJournal()); var acm = acm(writer)) {
            var changed = new CopyOnWriteArrayList<String>();
            acm.follow(changed::add);
            String arn = acm.requestCertificate(it -> it.domainName("a.example.com")).certificateArn();
            await(() -> issued(acm, arn));
            String other = acm.requestCertificate(it -> it.domainName("b.example.com")).certificateArn();
            await(() -> issued(acm, other));

            await(() -> changed.equals(List.of(arn, other)));
            assertThat(acm.find(arn, new Scope("000000000000", "us-east-1"))).isPresent();
            assertThat(acm.find(arn, new Scope("000000000000", "us-east-2"))).isEmpty();
        }
    }

    @Test
    void whatWasRequestedBeforeACrashIsIssuedAfterIt() throws Exception {
        var journal = new MemoryJournal();
        String arn;
        try (var writer = writer(journal)) {
            Issuer idle = new Issuer(writer, CLOCK, new Authority(directory, new FixedEntropy()),
                    CertificateUsers.NONE);
            arn = new Acm(writer, CLOCK, CertificateUsers.NONE, idle)
                    .requestCertificate(it -> it.domainName("a.example.com")).certificateArn();
        }
        try (var writer = writer(journal.afterCrash()); var acm = acm(writer)) {
            await(() -> issued(acm, arn));
        }
    }

    @Test
    void itTriesAgainWhenTheAuthorityCouldNotBeWritten() throws Exception {
        Path missing = directory.resolve("missing");
        try (var writer = writer(new MemoryJournal());
             var acm = new Acm(writer, CLOCK, new Authority(missing, new FixedEntropy()), CertificateUsers.NONE)) {
            String arn = acm.requestCertificate(it -> it.domainName("a.example.com")).certificateArn();
            assertThat(issued(acm, arn)).isFalse();
            Files.createDirectory(missing);
            await(() -> issued(acm, arn));
        }
    }
}
