package dev.landfall.acm.conformance;

import dev.landfall.acm.FixedEntropy;
import dev.landfall.acm.Stage;
import dev.landfall.x509.KeyAlgorithm;
import dev.landfall.x509.Pem;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Date;
import java.util.function.Consumer;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import software.amazon.awssdk.services.acm.model.ImportCertificateRequest;

/** A certificate as people make it by hand: signed by itself, and without any extension. */
final class Plain {
    private Plain() {}

    static Consumer<ImportCertificateRequest.Builder> selfSigned(String name) {
        KeyPair pair = new FixedEntropy().keyPair(KeyAlgorithm.RSA_2048);
        var subject = new X500Name("C=DE, O=Plain Things, CN=" + name);
        var builder = new JcaX509v3CertificateBuilder(subject, BigInteger.TEN, Date.from(Stage.START),
                Date.from(Stage.START.plus(Duration.ofDays(30))), subject, pair.getPublic());
        try {
            X509Certificate made = new JcaX509CertificateConverter().getCertificate(
                    builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(pair.getPrivate())));
            return request -> request.certificate(Stage.bytes(Pem.of(made)))
                    .privateKey(Stage.bytes(Pem.of(pair.getPrivate())));
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
