package dev.landfall.acm.certificate;

import dev.landfall.x509.KeyAlgorithm;
import java.math.BigInteger;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;
import software.amazon.awssdk.services.acm.model.CertificateDetail;
import software.amazon.awssdk.services.acm.model.ExtendedKeyUsage;
import software.amazon.awssdk.services.acm.model.ExtendedKeyUsageName;
import software.amazon.awssdk.services.acm.model.KeyUsage;
import software.amazon.awssdk.services.acm.model.KeyUsageName;

/** What ACM tells of an X.509 certificate. */
final class Facts {
    /** RFC 5280, 4.2.1.6: the kind of a subject alternative name that is a server's. */
    private static final Integer DNS_NAME = 2;

    /** RFC 5280, 4.2.1.3: in the order of the bits. */
    private static final List<KeyUsageName> USAGES = List.of(KeyUsageName.DIGITAL_SIGNATURE,
            KeyUsageName.NON_REPUDIATION, KeyUsageName.KEY_ENCIPHERMENT, KeyUsageName.DATA_ENCIPHERMENT,
            KeyUsageName.KEY_AGREEMENT, KeyUsageName.CERTIFICATE_SIGNING, KeyUsageName.CRL_SIGNING,
            KeyUsageName.ENCIPHER_ONLY, KeyUsageName.DECIPHER_ONLY);

    private Facts() {}

    /** Sets what follows from the certificate, also its names. */
    static CertificateDetail.Builder of(CertificateDetail.Builder detail, X509Certificate certificate,
            KeyAlgorithm algorithm) {
        Optional<String> subject = part(certificate.getSubjectX500Principal(), "CN");
        List<String> names = names(certificate, subject);
        return detail.domainName(subject.orElse(names.isEmpty() ? null : names.getFirst()))
                .subjectAlternativeNames(names)
                .serial(hex(certificate.getSerialNumber()))
                .subject(text(certificate.getSubjectX500Principal()))
                .issuer(part(certificate.getIssuerX500Principal(), "O")
                        .or(() -> part(certificate.getIssuerX500Principal(), "CN"))
                        .orElse(text(certificate.getIssuerX500Principal())))
                .notBefore(certificate.getNotBefore().toInstant())
                .notAfter(certificate.getNotAfter().toInstant())
                .keyAlgorithm(algorithm.describedName())
                .signatureAlgorithm(certificate.getSigAlgName().toUpperCase(Locale.ROOT))
                .keyUsages(usages(certificate).stream().map(name -> KeyUsage.builder().name(name).build()).toList())
                .extendedKeyUsages(extended(certificate));
    }

    private static List<String> names(X509Certificate certificate, Optional<String> subject) {
        var names = new ArrayList<String>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                alternatives.stream().filter(each -> each.getFirst().equals(DNS_NAME))
                        .forEach(each -> names.add((String) each.get(1)));
            }
        } catch (CertificateParsingException e) {
            // an extension that nobody can read names nothing
        }
        if (names.isEmpty()) {
            subject.ifPresent(names::add);
        }
        return names.stream().distinct().toList();
    }

    private static List<KeyUsageName> usages(X509Certificate certificate) {
        boolean[] bits = certificate.getKeyUsage();
        var usages = new ArrayList<KeyUsageName>();
        for (int i = 0; bits != null && i < Math.min(bits.length, USAGES.size()); i++) {
            if (bits[i]) {
                usages.add(USAGES.get(i));
            }
        }
        return usages;
    }

    private static List<ExtendedKeyUsage> extended(X509Certificate certificate) {
        try {
            List<String> oids = certificate.getExtendedKeyUsage();
            return oids == null ? List.of() : oids.stream()
                    .map(oid -> ExtendedKeyUsage.builder().name(extendedName(oid)).oid(oid).build()).toList();
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    /** API reference, ExtendedKeyUsage. */
    private static ExtendedKeyUsageName extendedName(String oid) {
        return switch (oid) {
            case "1.3.6.1.5.5.7.3.1" -> ExtendedKeyUsageName.TLS_WEB_SERVER_AUTHENTICATION;
            case "1.3.6.1.5.5.7.3.2" -> ExtendedKeyUsageName.TLS_WEB_CLIENT_AUTHENTICATION;
            case "1.3.6.1.5.5.7.3.3" -> ExtendedKeyUsageName.CODE_SIGNING;
            case "1.3.6.1.5.5.7.3.4" -> ExtendedKeyUsageName.EMAIL_PROTECTION;
            case "1.3.6.1.5.5.7.3.8" -> ExtendedKeyUsageName.TIME_STAMPING;
            case "1.3.6.1.5.5.7.3.9" -> ExtendedKeyUsageName.OCSP_SIGNING;
            case "1.3.6.1.5.5.7.3.5" -> ExtendedKeyUsageName.IPSEC_END_SYSTEM;
            case "1.3.6.1.5.5.7.3.6" -> ExtendedKeyUsageName.IPSEC_TUNNEL;
            case "1.3.6.1.5.5.7.3.7" -> ExtendedKeyUsageName.IPSEC_USER;
            case "2.5.29.37.0" -> ExtendedKeyUsageName.ANY;
            default -> ExtendedKeyUsageName.CUSTOM;
        };
    }

    /** {@code 07:71:71:f4}. */
    private static String hex(BigInteger number) {
        return HexFormat.ofDelimiter(":").formatHex(number.toByteArray());
    }

    private static Optional<String> part(X500Principal name, String type) {
        return rdns(name).stream().filter(rdn -> rdn.getType().equalsIgnoreCase(type))
                .map(rdn -> String.valueOf(rdn.getValue())).findFirst();
    }

    /** In the order of the certificate: {@code C=US, O=Example, CN=www.example.com}. */
    private static String text(X500Principal name) {
        return String.join(", ", rdns(name).stream().map(Rdn::toString).toList());
    }

    private static List<Rdn> rdns(X500Principal name) {
        try {
            return new LdapName(name.getName()).getRdns();
        } catch (InvalidNameException e) {
            return List.of();
        }
    }
}
