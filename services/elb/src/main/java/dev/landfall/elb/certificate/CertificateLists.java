package dev.landfall.elb.certificate;

import dev.landfall.elb.Certificates;
import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.Scope;
import java.util.List;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Certificate;

/** The rules for lists of certificates in requests. */
public final class CertificateLists {
    private static final Pattern ARN = Pattern.compile("arn:aws[a-z-]*:(acm|iam):[!-~]{1,2048}");

    /** As AWS's message tells; the API reference speaks of one. */
    private static final int PER_CALL_MAX = 10;

    private CertificateLists() {}

    /** The ARNs of the certificates that a call names. */
    static List<String> arns(List<Certificate> certificates) {
        if (certificates.isEmpty()) {
            throw ElbErrors.validation("A certificate ARN must be specified");
        }
        if (certificates.size() > PER_CALL_MAX) {
            throw ElbErrors.validation("Up to '" + PER_CALL_MAX + "' certificate ARNs can be specified, but '"
                    + certificates.size() + "' were specified");
        }
        for (Certificate certificate : certificates) {
            if (certificate.certificateArn() == null) {
                throw ElbErrors.validation("A certificate ARN must be specified");
            }
            if (certificate.isDefault() != null) {
                throw ElbErrors.validation("You cannot set the isDefault parameter for a certificate");
            }
        }
        return certificates.stream().map(Certificate::certificateArn).distinct().toList();
    }

    /**
     * That all are there and can be used. Asks another service, and so is no part of a decision.
     *
     * @throws software.amazon.awssdk.services.elasticloadbalancingv2.model.CertificateNotFoundException if one is not
     */
    public static void requireKnown(Certificates known, List<Certificate> certificates, Scope scope) {
        for (Certificate certificate : certificates) {
            String arn = certificate.certificateArn();
            if (arn == null) {
                continue; // refused by the decision
            }
            if (!ARN.matcher(arn).matches()) {
                throw ElbErrors.validation("Certificate ARN '" + (arn.length() > 100 ? arn.substring(0, 100)
                        + "…" : arn)
                        + "' is not valid");
            }
            if (known.find(arn, scope).isEmpty()) {
                throw known.isUnusable(arn, scope)
                        ? ElbErrors.unsupportedCertificate(arn) : ElbErrors.certificateNotFound(arn);
            }
        }
    }
}
