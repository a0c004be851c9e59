package dev.landfall.x509;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;

/**
 * A certificate authority of one data directory, which the user may trust: {@code ca.pem} for everybody to read, and
 * {@code ca-key.pem} for nobody else. Both are made when the first certificate is asked for. Safe for any thread.
 */
public final class Authority {
    public static final String CERTIFICATE_FILE = "ca.pem";
    static final String KEY_FILE = "ca-key.pem";

    /** As ACM's certificates (user guide, certificate characteristics: 13 months). */
    public static final Duration VALIDITY = Duration.ofDays(395);

    private static final Duration OWN_VALIDITY = Duration.ofDays(3_650);
    static final KeyAlgorithm OWN_ALGORITHM = KeyAlgorithm.RSA_2048;

    /** RFC 5280, appendix A.1: ub-common-name. */
    private static final int COMMON_NAME_MAX = 64;

    private static final FileAttribute<Set<PosixFilePermission>> OWNERS_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final Set<PosixFilePermission> FOR_ALL_TO_READ = PosixFilePermissions.fromString("rw-r--r--");

    private final Path directory;
    private final Entropy entropy;

    /** Guarded by this; none until it is needed. */
    private Identity identity;

    private record Identity(X509Certificate certificate, PrivateKey key) {}

    public Authority(Path directory, Entropy entropy) {
        this.directory = directory;
        this.entropy = entropy;
    }

    /**
     * A new key and a certificate for it, in force from the beginning of this day (UTC) for {@link #VALIDITY}.
     *
     * @param names of servers, the first of which is also the subject's; {@code *.} may stand before them
     */
    public ServerCertificate issue(List<String> names, KeyAlgorithm algorithm, Instant now) {
        Identity own = identity(now);
        KeyPair pair = entropy.keyPair(algorithm);
        Instant from = now.truncatedTo(ChronoUnit.DAYS);
        Instant wanted = from.plus(VALIDITY).minusSeconds(1);
        Instant until = wanted.isBefore(own.certificate.getNotAfter().toInstant())
                ? wanted : own.certificate.getNotAfter().toInstant();
        String subject = names.getFirst().length() > COMMON_NAME_MAX ? "" : names.getFirst();
        var form = new CertificateForm(subject, pair.getPublic(), from, until, entropy.serialNumber());
        X509Certificate made = form.signedForServer(names, algorithm.isRsa(), own.certificate, own.key);
        return new ServerCertificate(made, List.of(own.certificate), pair.getPrivate(), algorithm);
    }

    private synchronized Identity identity(Instant now) {
        if (identity == null) {
            Path certificate = directory.resolve(CERTIFICATE_FILE);
            Path key = directory.resolve(KEY_FILE);
            identity = Files.exists(key) ? read(certificate, key) : made(certificate, key, now);
        }
        return identity;
    }

    private static Identity read(Path certificate, Path key) {
        try {
            return new Identity(
                    Pem.certificates(Files.readString(certificate), Flaw.CERTIFICATE_UNREADABLE).getFirst(),
                    Pem.privateKey(Files.readString(key)));
        } catch (IOException e) {
            throw new UncheckedIOException("the certificate authority cannot be read: " + certificate, e);
        } catch (Flaw.Found e) {
            throw new IllegalStateException("the certificate authority is damaged: restore " + certificate + " and "
                    + key + ", or remove both", e);
        }
    }

    private Identity made(Path certificate, Path key, Instant now) {
        KeyPair pair = entropy.keyPair(OWN_ALGORITHM);
        BigInteger serial = entropy.serialNumber();
        // Its own number tells the authorities of several data directories apart in one trust store.
        String hex = serial.toString(16);
        String name = "Landfall CA " + hex.substring(Math.max(0, hex.length() - 8));
        Instant from = now.truncatedTo(ChronoUnit.DAYS);
        X509Certificate made = new CertificateForm(name, pair.getPublic(), from, from.plus(OWN_VALIDITY), serial)
                .signedByItself(pair.getPrivate());
        try { // the key last: it is what says that both are there
            write(certificate, Pem.of(made));
            Files.setPosixFilePermissions(certificate, FOR_ALL_TO_READ);
            write(key, Pem.of(pair.getPrivate()));
        } catch (IOException e) {
            throw new UncheckedIOException("the certificate authority cannot be written to " + directory, e);
        }
        return new Identity(made, pair.getPrivate());
    }

    private void write(Path file, String content) throws IOException {
        Path unfinished = Files.createTempFile(directory, "ca", ".new", OWNERS_ONLY);
        try {
            Files.writeString(unfinished, content);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }
}
