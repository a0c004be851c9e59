package dev.landfall.x509;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
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
 * What a certificate says, and how it is signed (RFC 5280). Apart from {@link Authority}, so that Bouncy Castle, whose
 * signed archives the JVM verifies for a fifth of a second, is loaded when a certificate is made and not at each start.
 *
 * @param commonName of the subject; "" for none
 */
record CertificateForm(String commonName, PublicKey key, Instant from, Instant until, BigInteger serial) {
    @FunctionalInterface
    private interface Extensions {
        void addTo(JcaX509v3CertificateBuilder builder) throws IOException, GeneralSecurityException;
    }

    /** A server's. */
    X509Certificate signedForServer(
            List<String> names, boolean rsa, X509Certificate authority, PrivateKey authorityKey) {
        return signed(authority.getSubjectX500Principal(), authorityKey, builder -> {
            var extensions = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.subjectAlternativeName, commonName.isEmpty(),
                    new GeneralNames(names.stream().map(name -> new GeneralName(GeneralName.dNSName, name))
                            .toArray(GeneralName[]::new)));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(rsa
                    ? KeyUsage.digitalSignature | KeyUsage.keyEncipherment : KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false,
                    new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
            builder.addExtension(Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(key));
            builder.addExtension(Extension.authorityKeyIdentifier, false,
                    extensions.createAuthorityKeyIdentifier(authority.getPublicKey()));
        });
    }

    /** An authority's own. */
    X509Certificate signedByItself(PrivateKey ownKey) {
        return signed(subject(), ownKey, builder -> {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(Extension.subjectKeyIdentifier, false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key));
        });
    }

    private X500Principal subject() {
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

    private X509Certificate signed(X500Principal issuer, PrivateKey issuersKey, Extensions extensions) {
        var builder = new JcaX509v3CertificateBuilder(
                issuer, serial, Date.from(from), Date.from(until), subject(), key);
        try {
            extensions.addTo(builder);
            return new JcaX509CertificateConverter().getCertificate(
                    builder.build(new JcaContentSignerBuilder(Authority.OWN_ALGORITHM.signature()).build(issuersKey)));
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("a certificate cannot be made", e);
        }
    }
}
