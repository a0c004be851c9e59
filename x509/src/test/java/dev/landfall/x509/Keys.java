package dev.landfall.x509;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.util.io.pem.PemObject;

/** Keys for tests: made once for each kind, as making them takes its time. */
final class Keys implements Entropy {
    private static final Map<KeyAlgorithm, KeyPair> MADE = new EnumMap<>(KeyAlgorithm.class);

    private final AtomicLong serials = new AtomicLong(0x1000);

    static synchronized KeyPair of(KeyAlgorithm algorithm) {
        return MADE.computeIfAbsent(algorithm, SECURE::keyPair);
    }

    @Override
    public KeyPair keyPair(KeyAlgorithm algorithm) {
        return of(algorithm);
    }

    @Override
    public BigInteger serialNumber() {
        return BigInteger.valueOf(serials.incrementAndGet());
    }

    /** PKCS #1 or SEC 1, as older tools write keys. */
    static String traditional(PrivateKey key) {
        var text = new StringWriter();
        try (var out = new JcaPEMWriter(text)) {
            out.writeObject(key instanceof ECPrivateKey ec ? new PemObject("EC PRIVATE KEY", sec1(ec)) : key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** With the curve in it, as OpenSSL writes it. */
    private static byte[] sec1(ECPrivateKey key) throws IOException {
        var curve = PrivateKeyInfo.getInstance(key.getEncoded()).getPrivateKeyAlgorithm().getParameters();
        return new org.bouncycastle.asn1.sec.ECPrivateKey(
                key.getParams().getOrder().bitLength(), key.getS(), curve).getEncoded();
    }
}
