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
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

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
    private static final KeyAlgorithm OWN_ALGORITHM = KeyAlgorithm.RSA_2048;

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
        var request = new Form(subject, pair.getPublic(), from, until, entropy.serialNumber());
        X509Certificate made = signed(request, own.certificate.getSubjectX500Principal(), own.key, builder -> {
            var extensions = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.subjectAlternativeName, subject.isEmpty(),
                    new GeneralNames(names.stream().map(name -> new GeneralName(GeneralName.dNSName, name))
                            .toArray(GeneralName[]::new)));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(algorithm.isRsa()
                    ? KeyUsage.digitalSignature | KeyUsage.keyEncipherment : KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false,
                    new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
            builder.addExtension(Extension.subjectKeyIdentifier, false,
                    extensions.createSubjectKeyIdentifier(pair.getPublic()));
            builder.addExtension(Extension.authorityKeyIdentifier, false,
                    extensions.createAuthorityKeyIdentifier(own.certificate.getPublicKey()));
        });
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
        var request = new Form(name, pair.getPublic(), from, from.plus(OWN_VALIDITY), serial);
        X509Certificate made = signed(request, request.principal(), pair.getPrivate(), builder -> {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(Extension.subjectKeyIdentifier, false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
        });
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

    private record Form(String commonName, PublicKey key, Instant from, Instant until, BigInteger serial) {
        X500Principal principal() {
            var name = new X500NameBuilder(BCStyle.INSTANCE);
            if (!commonName.isEmpty()) {
                name.addRDN(BCStyle.CN, commonName);
            }
            try {
                return new X500Principal(name.build().getEncoded());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @FunctionalInterface
    private interface Extensions {
        void addTo(JcaX509v3CertificateBuilder builder) throws IOException, GeneralSecurityException;
    }

    private static X509Certificate signed(Form form, X500Principal issuer, PrivateKey key, Extensions extensions) {
        var builder = new JcaX509v3CertificateBuilder(issuer, form.serial, Date.from(form.from),
                Date.from(form.until), form.principal(), form.key);
        try {
            extensions.addTo(builder);
            return new JcaX509CertificateConverter().getCertificate(
                    builder.build(new JcaContentSignerBuilder(OWN_ALGORITHM.signature()).build(key)));
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("a certificate cannot be made", e);
        }
    }
}
