package dev.landfall.x509;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.InvalidParameterSpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/** Certificates and keys as text (RFC 7468). */
public final class Pem {
    /** PBES2 of RFC 8018, which OpenSSL writes and reads too. */
    private static final String PBES2 = "PBEWithHmacSHA256AndAES_256";

    private static final int LINE = 64;

    private Pem() {}

    public static String of(X509Certificate certificate) {
        try {
            return block("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("a certificate without an encoding", e);
        }
    }

    public static String of(List<X509Certificate> certificates) {
        return certificates.stream().map(Pem::of).collect(Collectors.joining());
    }

    /** The certificates of a text and nothing else. */
    public static String normalized(String certificates) {
        return of(certificates(certificates, Flaw.CERTIFICATE_UNREADABLE));
    }

    /** The key as PKCS #8. */
    public static String of(PrivateKey key) {
        return block("PRIVATE KEY", key.getEncoded());
    }

    /** The key as PKCS #8, encrypted. */
    public static String of(PrivateKey key, String passphrase) {
        try {
            SecretKey secret = SecretKeyFactory.getInstance(PBES2)
                    .generateSecret(new PBEKeySpec(passphrase.toCharArray()));
            Cipher cipher = Cipher.getInstance(PBES2);
            cipher.init(Cipher.ENCRYPT_MODE, secret);
            byte[] hidden = cipher.doFinal(key.getEncoded());
            var scheme = new AlgorithmIdentifier(PKCSObjectIdentifiers.id_PBES2,
                    ASN1Primitive.fromByteArray(cipher.getParameters().getEncoded()));
            return block("ENCRYPTED PRIVATE KEY", new EncryptedPrivateKeyInfo(scheme, hidden).getEncoded());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the JDK lacks " + PBES2, e);
        }
    }

    /**
     * The certificates of a text; what stands around them is passed over.
     *
     * @throws Flaw.Found {@code unreadable}, also if there is none
     */
    public static List<X509Certificate> certificates(String text, Flaw unreadable) {
        var found = new ArrayList<X509Certificate>();
        try (var in = new PEMParser(new StringReader(text))) {
            var factory = CertificateFactory.getInstance("X.509");
            for (var block = in.readPemObject(); block != null; block = in.readPemObject()) {
                if (!block.getType().equals("CERTIFICATE")) {
                    throw new Flaw.Found(unreadable);
                }
                found.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.getContent())));
            }
        } catch (IOException | GeneralSecurityException | IllegalArgumentException | IllegalStateException e) {
            throw new Flaw.Found(unreadable); // the parser tells of broken texts in all of these ways
        }
        if (found.isEmpty()) {
            throw new Flaw.Found(unreadable);
        }
        return found;
    }

    /**
     * The first private key of a text: PKCS #8, PKCS #1 or SEC 1.
     *
     * @throws Flaw.Found if there is none, if it is encrypted, or of no kind that is supported
     */
    public static PrivateKey privateKey(String text) {
        try (var in = new PEMParser(new StringReader(text))) {
            for (Object block = in.readObject(); block != null; block = in.readObject()) {
                switch (block) {
                    case PEMEncryptedKeyPair _ -> throw new Flaw.Found(Flaw.KEY_ENCRYPTED);
                    case PKCS8EncryptedPrivateKeyInfo _ -> throw new Flaw.Found(Flaw.KEY_ENCRYPTED);
                    case PEMKeyPair pair -> {
                        return read(pair.getPrivateKeyInfo());
                    }
                    case PrivateKeyInfo info -> {
                        return read(info);
                    }
                    default -> { } // such as the parameters that stand before an EC key
                }
            }
        } catch (IOException | IllegalArgumentException | IllegalStateException | ClassCastException e) {
            throw new Flaw.Found(Flaw.KEY_UNREADABLE);
        }
        throw new Flaw.Found(Flaw.KEY_UNREADABLE);
    }

    private static PrivateKey read(PrivateKeyInfo info) throws IOException {
        try {
            return switch (info.getPrivateKeyAlgorithm().getAlgorithm().getId()) {
                case "1.2.840.113549.1.1.1" -> KeyFactory.getInstance("RSA")
                        .generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
                case "1.2.840.10045.2.1" -> readEc(info);
                default -> throw new Flaw.Found(Flaw.KEY_UNSUPPORTED);
            };
        } catch (InvalidParameterSpecException e) {
            throw new Flaw.Found(Flaw.KEY_UNSUPPORTED);
        } catch (GeneralSecurityException e) {
            throw new Flaw.Found(Flaw.KEY_UNREADABLE);
        }
    }

    /** By its number: the JDK does not read what SEC 1 lets stand behind it. */
    private static PrivateKey readEc(PrivateKeyInfo info) throws IOException, GeneralSecurityException {
        if (!(info.getPrivateKeyAlgorithm().getParameters() instanceof ASN1ObjectIdentifier curve)) {
            throw new Flaw.Found(Flaw.KEY_UNSUPPORTED);
        }
        var parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec(curve.getId()));
        return KeyFactory.getInstance("EC").generatePrivate(new ECPrivateKeySpec(
                ECPrivateKey.getInstance(info.parsePrivateKey()).getKey(),
                parameters.getParameterSpec(ECParameterSpec.class)));
    }

    private static String block(String type, byte[] content) {
        byte[] lines = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encode(content);
        String text = "-----BEGIN " + type + "-----\n" + new String(lines, StandardCharsets.US_ASCII)
                + "\n-----END " + type + "-----\n";
        Arrays.fill(lines, (byte) 0);
        return text;
    }
}
