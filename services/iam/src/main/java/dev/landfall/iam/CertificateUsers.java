package dev.landfall.iam;

import java.util.List;

/** Who uses server certificates. Called by any thread; may block. */
@FunctionalInterface
public interface CertificateUsers {
    CertificateUsers NONE = arn -> List.of();

    /** The ARNs of the resources that use the certificate, in order. */
    List<String> of(String certificateArn);
}
