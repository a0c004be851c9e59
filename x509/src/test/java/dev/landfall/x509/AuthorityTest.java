package dev.landfall.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AuthorityTest {
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

    @TempDir private Path directory;

    private Authority authority() {
        return new Authority(directory, new Keys());
    }

    private X509Certificate own() throws Exception {
        return Pem.certificates(Files.readString(directory.resolve("ca.pem")), Flaw.CERTIFICATE_UNREADABLE).getFirst();
    }

    private static void validate(ServerCertificate made, X509Certificate trusted) throws Exception {
        var parameters = new PKIXParameters(Set.of(new TrustAnchor(trusted, null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(NOW));
        CertPathValidator.getInstance("PKIX").validate(
                CertificateFactory.getInstance("X.509").generateCertPath(List.of(made.certificate())), parameters);
    }

    @ParameterizedTest
    @EnumSource(names = {"RSA_2048", "EC_PRIME256V1", "EC_SECP384R1"})
    void certificatesHoldForWhoTrustsTheAuthority(KeyAlgorithm algorithm) throws Exception {
        ServerCertificate made = authority().issue(List.of("www.example.com", "*.example.com"), algorithm, NOW);

        validate(made, own());
        assertThat(made.chain()).containsExactly(own());
        assertThat(KeyAlgorithm.of(made.certificate().getPublicKey())).contains(algorithm);
        assertThat(made.certificate().getSubjectX500Principal().getName()).isEqualTo("CN=www.example.com");
        assertThat(made.certificate().getSubjectAlternativeNames()).extracting(each -> each.get(1))
                .isEqualTo(List.<Object>of("www.example.com", "*.example.com"));
        assertThat(made.certificate().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(made.certificate().getBasicConstraints()).as("certifies nobody").isEqualTo(-1);
        assertThat(made.certificate().getNotBefore().toInstant()).isEqualTo(Instant.parse("2026-03-04T00:00:00Z"));
        assertThat(made.certificate().getNotAfter().toInstant()).isEqualTo(Instant.parse("2027-04-02T23:59:59Z"));
    }

    @Test
    void theKeyIsForNobodyElse() throws Exception {
        assertThat(directory).isEmptyDirectory();
        authority().issue(List.of("a.example.com"), KeyAlgorithm.EC_PRIME256V1, NOW);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("ca-key.pem"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("ca.pem"))))
                .isEqualTo("rw-r--r--");
        try (var files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("ca.pem", "ca-key.pem");
        }
        assertThat(own().getBasicConstraints()).as("certifies servers only").isZero();
    }

    @Test
    void itIsTheSameAfterARestart() throws Exception {
        authority().issue(List.of("a.example.com"), KeyAlgorithm.EC_PRIME256V1, NOW);
        X509Certificate before = own();
        ServerCertificate made = authority().issue(List.of("b.example.com"), KeyAlgorithm.EC_PRIME256V1, NOW);

        assertThat(own()).isEqualTo(before);
        validate(made, before);
    }

    @Test
    void aStartThatWasCutShortBeginsAnew() throws Exception {
        authority().issue(List.of("a.example.com"), KeyAlgorithm.EC_PRIME256V1, NOW);
        Files.delete(directory.resolve("ca-key.pem"));
        ServerCertificate made = authority().issue(List.of("b.example.com"), KeyAlgorithm.EC_PRIME256V1, NOW);

        validate(made, own());
    }

    @Test
    void saysWhatToDoWithDamagedFiles() throws Exception {
        authority().issue(List.of("a.example.com"), KeyAlgorithm.EC_PRIME256V1, NOW);
        Files.writeString(directory.resolve("ca-key.pem"), "nothing");

        assertThatThrownBy(() -> authority().issue(List.of("b.example.com"), KeyAlgorithm.EC_PRIME256V1, NOW))
                .hasMessageContaining("remove both");
    }

    @Test
    void noCertificateOutlivesTheAuthority() {
        Authority authority = authority();
        authority.issue(List.of("a.example.com"), KeyAlgorithm.EC_PRIME256V1, NOW);
        Instant late = NOW.plusSeconds(86_400L * 3_500);
        ServerCertificate made = authority.issue(List.of("b.example.com"), KeyAlgorithm.EC_PRIME256V1, late);

        assertThat(made.certificate().getNotAfter()).isEqualTo(made.chain().getFirst().getNotAfter());
    }

    @Test
    void aLongNameIsOnlyAnAlternative() throws Exception {
        String name = "a".repeat(60) + ".example.com";
        ServerCertificate made = authority().issue(List.of(name), KeyAlgorithm.EC_PRIME256V1, NOW);

        validate(made, own());
        assertThat(made.certificate().getSubjectX500Principal().getName()).isEmpty();
    }

    @Test
    void keysAndNumbersAreNeverTheSame() {
        assertThat(Entropy.SECURE.serialNumber()).isNotEqualTo(Entropy.SECURE.serialNumber()).isPositive();
        assertThat(Entropy.SECURE.keyPair(KeyAlgorithm.EC_PRIME256V1).getPublic())
                .isNotEqualTo(Entropy.SECURE.keyPair(KeyAlgorithm.EC_PRIME256V1).getPublic());
    }
}
