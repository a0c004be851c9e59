package dev.landfall.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ServerCertificateTest {
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

    private static ServerCertificate made(KeyAlgorithm algorithm) {
        try {
            Path directory = Files.createTempDirectory("authority");
            try {
                return new Authority(directory, new Keys()).issue(List.of("www.example.com"), algorithm, NOW);
            } finally {
                Files.deleteIfExists(directory.resolve("ca.pem"));
                Files.deleteIfExists(directory.resolve("ca-key.pem"));
                Files.delete(directory);
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void refused(Flaw flaw, String certificate, String chain, String key) {
        assertThatExceptionOfType(Flaw.Found.class)
                .isThrownBy(() -> ServerCertificate.read(certificate, Optional.ofNullable(chain), key))
                .matches(found -> found.flaw() == flaw, "is " + flaw);
    }

    @ParameterizedTest
    @EnumSource
    void readsEveryKindOfKeyInEitherForm(KeyAlgorithm algorithm) {
        ServerCertificate made = made(algorithm);
        for (String key : List.of(Pem.of(made.key()), Keys.traditional(made.key()))) {
            ServerCertificate read =
                    ServerCertificate.read(Pem.of(made.certificate()), Optional.of(Pem.of(made.chain())), key);

            assertThat(read.certificate()).isEqualTo(made.certificate());
            assertThat(read.chain()).isEqualTo(made.chain());
            assertThat(Pem.of(read.key())).isEqualTo(Pem.of(made.key()));
            assertThat(read.algorithm()).isEqualTo(algorithm);
            assertThat(read.toString()).doesNotContain("Key");
        }
    }

    @Test
    void passesOverWhatStandsAroundTheBlocks() {
        ServerCertificate made = made(KeyAlgorithm.EC_PRIME256V1);
        String curve = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";

        ServerCertificate read = ServerCertificate.read("subject=www\n" + Pem.of(made.certificate()) + "\n\n",
                Optional.empty(), curve + Keys.traditional(made.key()));

        assertThat(read.chain()).isEmpty();
    }

    @Test
    void findsTheFlaw() {
        ServerCertificate rsa = made(KeyAlgorithm.RSA_2048);
        ServerCertificate ec = made(KeyAlgorithm.EC_PRIME256V1);
        String own = Pem.of(rsa.certificate());
        String key = Pem.of(rsa.key());
        String chain = Pem.of(rsa.chain());

        refused(Flaw.CERTIFICATE_UNREADABLE, "", null, key);
        refused(Flaw.CERTIFICATE_UNREADABLE, "MIIB", null, key);
        refused(Flaw.CERTIFICATE_UNREADABLE, key, null, key);
        refused(Flaw.CERTIFICATE_UNREADABLE, own.substring(0, own.length() / 2), null, key);
        refused(Flaw.SEVERAL_CERTIFICATES, own + chain, null, key);
        refused(Flaw.KEY_UNREADABLE, own, null, "");
        refused(Flaw.KEY_UNREADABLE, own, null, own);
        refused(Flaw.KEY_ENCRYPTED, own, null, Pem.of(rsa.key(), "secret"));
        refused(Flaw.KEY_OF_ANOTHER_CERTIFICATE, own, null, Pem.of(ec.key()));
        refused(Flaw.KEY_OF_ANOTHER_CERTIFICATE, own, null,
                Pem.of(Entropy.SECURE.keyPair(KeyAlgorithm.RSA_2048).getPrivate()));
        refused(Flaw.CHAIN_UNREADABLE, own, "", key);
        refused(Flaw.CHAIN_BROKEN, own, own, key);
        refused(Flaw.CHAIN_BROKEN, own, chain + own, key);
    }

    @Test
    void saysWhereAChainIsBroken() {
        ServerCertificate made = made(KeyAlgorithm.RSA_2048);
        String own = Pem.of(made.certificate());
        String key = Pem.of(made.key());

        assertThatExceptionOfType(Flaw.Found.class).isThrownBy(() ->
                ServerCertificate.read(own, Optional.of(own), key)).matches(found -> found.index() == -1);
        assertThatExceptionOfType(Flaw.Found.class).isThrownBy(() ->
                ServerCertificate.read(own, Optional.of(Pem.of(made.chain()) + own), key))
                .matches(found -> found.index() == 0);
    }

    @Test
    void anEncryptedKeyIsReadWithItsPassphrase() throws Exception {
        ServerCertificate made = made(KeyAlgorithm.RSA_2048);
        String hidden = Pem.of(made.key(), "pass phrase");
        byte[] content = java.util.Base64.getMimeDecoder().decode(hidden.replaceAll("-----[A-Z ]+-----", ""));
        var info = new javax.crypto.EncryptedPrivateKeyInfo(content);
        var secret = javax.crypto.SecretKeyFactory.getInstance("PBEWithHmacSHA256AndAES_256")
                .generateSecret(new javax.crypto.spec.PBEKeySpec("pass phrase".toCharArray()));
        var cipher = javax.crypto.Cipher.getInstance("PBEWithHmacSHA256AndAES_256");
        cipher.init(javax.crypto.Cipher.DECRYPT_MODE, secret, info.getAlgParameters());

        assertThat(info.getKeySpec(cipher).getEncoded()).isEqualTo(made.key().getEncoded());
    }

    /** Texts of strangers must be told apart from faults of ours, however they are broken. */
    @Property(tries = 500)
    void brokenTextsAreRefusedAsSuch(
            @ForAll @IntRange(max = 1_500) int at, @ForAll @StringLength(max = 4) String put) {
        String key = broken(Keys.traditional(Keys.of(KeyAlgorithm.EC_PRIME256V1).getPrivate()), at % 200, put);
        String other = broken(Pem.of(Keys.of(KeyAlgorithm.RSA_2048).getPrivate()), at, put);
        for (String text : List.of(key, other)) {
            try {
                assertThat(Pem.privateKey(text)).isNotNull();
            } catch (Flaw.Found e) {
                assertThat(e.flaw()).isNotNull();
            }
        }
        try {
            assertThat(Pem.certificates(broken(CERTIFICATE, at, put), Flaw.CHAIN_UNREADABLE)).isNotEmpty();
        } catch (Flaw.Found e) {
            assertThat(e.flaw()).isEqualTo(Flaw.CHAIN_UNREADABLE);
        }
    }

    private static final String CERTIFICATE = Pem.of(made(KeyAlgorithm.EC_PRIME256V1).certificate());

    private static String broken(String text, int at, String put) {
        int from = Math.min(at, text.length());
        return text.substring(0, from) + put + text.substring(Math.min(text.length(), from + put.length() + 1));
    }
}
