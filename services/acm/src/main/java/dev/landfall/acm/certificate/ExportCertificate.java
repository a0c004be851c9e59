package dev.landfall.acm.certificate;

import dev.landfall.acm.AcmErrors;
import dev.landfall.acm.AcmTables;
import dev.landfall.acm.Scope;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import dev.landfall.x509.Pem;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.services.acm.model.CertificateExport;
import software.amazon.awssdk.services.acm.model.ExportCertificateRequest;
import software.amazon.awssdk.services.acm.model.ExportCertificateResponse;

/** Hands out a certificate with its key, if it was requested as one that can be exported. */
public final class ExportCertificate {
    private ExportCertificate() {}

    /** The reply is what is handed out. */
    public static Decision<Material> decide(Image image, ExportCertificateRequest request, Scope scope) {
        CertificateRow row = Certificates.require(image, request.certificateArn(), scope);
        requirePassphrase(passphrase(request));
        if (row.isImported() || row.isIssuedHere()
                && row.detail().options().export() != CertificateExport.ENABLED) {
            throw AcmErrors.validation("Certificate ARN: " + row.arn() + " is not a private certificate");
        }
        Material material = image.get(AcmTables.MATERIALS, row.arn()).orElseThrow(AcmErrors::inProgress);
        return Decision.of(material, Write.put(AcmTables.CERTIFICATES, row.asExported()));
    }

    /** Hides the key, by chance numbers, and so is no part of the decision. */
    public static ExportCertificateResponse answer(Material material, ExportCertificateRequest request) {
        return ExportCertificateResponse.builder().certificate(material.certificate())
                .certificateChain(material.chain())
                .privateKey(Pem.of(Pem.privateKey(material.privateKey()), passphrase(request))).build();
    }

    private static String passphrase(ExportCertificateRequest request) {
        return new String(request.passphrase().asByteArrayUnsafe(), StandardCharsets.ISO_8859_1);
    }

    /** API reference: any ASCII character except #, $ or %. */
    private static void requirePassphrase(String passphrase) {
        if (!passphrase.chars().allMatch(each -> each >= ' ' && each <= '~' && "#$%".indexOf(each) < 0)) {
            throw AcmErrors.validation("The passphrase can have any ASCII character except #, $, or %.");
        }
    }
}
