package dev.landfall.iam.certificate;

import dev.landfall.iam.IamErrors;
import dev.landfall.iam.IamTables;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import dev.landfall.state.Write;
import dev.landfall.x509.Flaw;
import dev.landfall.x509.Pem;
import dev.landfall.x509.ServerCertificate;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.iam.model.IamException;
import software.amazon.awssdk.services.iam.model.ServerCertificateMetadata;
import software.amazon.awssdk.services.iam.model.UploadServerCertificateRequest;
import software.amazon.awssdk.services.iam.model.UploadServerCertificateResponse;

/** Takes a server certificate with its key. */
public final class UploadServerCertificate {
    /** Ids are of this length, and begin with what says what they are of (user guide, IAM identifiers). */
    private static final String ID_PREFIX = "ASCA";
    private static final int ID_LENGTH = 21;

    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private UploadServerCertificate() {}

    /** Reads what the request brings. Signs with the key to see that it fits, and so is no part of the decision. */
    public static ServerCertificate read(UploadServerCertificateRequest request) {
        try {
            return ServerCertificate.read(request.certificateBody(),
                    Optional.ofNullable(request.certificateChain()), request.privateKey());
        } catch (Flaw.Found e) {
            throw refusal(e);
        }
    }

    private static IamException refusal(Flaw.Found found) {
        return switch (found.flaw()) {
            case CERTIFICATE_UNREADABLE, SEVERAL_CERTIFICATES, CERTIFICATE_UNFIT -> IamErrors.malformed(
                    "Unable to parse certificate. Please ensure the certificate is in PEM format.");
            case KEY_UNREADABLE, KEY_ENCRYPTED -> IamErrors.malformed("Unable to parse private key. "
                    + "Please ensure the private key is in PEM format and is not encrypted.");
            case KEY_UNSUPPORTED -> IamErrors.malformed("The private key is not supported.");
            case KEY_OF_ANOTHER_CERTIFICATE -> IamErrors.keyPairMismatch();
            case CHAIN_UNREADABLE, CHAIN_BROKEN -> IamErrors.malformed("Unable to validate certificate chain. The "
                    + "certificate chain must start with the immediate signing certificate, followed by any "
                    + "intermediaries in order. The index within the chain of the invalid certificate is: "
                    + found.index());
        };
    }

    public static Decision<UploadServerCertificateResponse> decide(Image image,
            UploadServerCertificateRequest request, ServerCertificate brought, String accountId, Context context) {
        String name = request.serverCertificateName();
        if (Certificates.find(image, name, accountId).isPresent()) {
            throw IamErrors.certificateExists(name);
        }
        if (image.count(IamTables.CERTIFICATES, IamTables.CERTIFICATES_BY_ACCOUNT, accountId) >= Certificates.QUOTA) {
            throw IamErrors.tooManyCertificates(Certificates.QUOTA);
        }
        Instant end = brought.certificate().getNotAfter().toInstant();
        if (end.isBefore(context.now())
                || brought.certificate().getNotBefore().toInstant().isAfter(context.now())) {
            throw IamErrors.malformed("The certificate has expired or is not valid yet.");
        }
        String path = Optional.ofNullable(request.path()).orElse("/");
        var metadata = ServerCertificateMetadata.builder().path(path).serverCertificateName(name)
                .serverCertificateId(id(context)).arn(Certificates.arn(accountId, path, name))
                .uploadDate(context.now()).expiration(end).build();
        var row = new CertificateRow(accountId, metadata, request.certificateBody(),
                Optional.ofNullable(request.certificateChain()).orElse(""), Pem.of(brought.key()),
                Certificates.with(List.of(), request.tags()));
        return Decision.of(UploadServerCertificateResponse.builder().serverCertificateMetadata(metadata)
                .tags(row.tags()).build(), Write.put(IamTables.CERTIFICATES, row));
    }

    private static String id(Context context) {
        var id = new StringBuilder(ID_PREFIX);
        var number = new BigInteger(context.ids().next(), 16);
        while (id.length() < ID_LENGTH) {
            id.insert(ID_PREFIX.length(), DIGITS.charAt(number.intValue() & DIGITS.length() - 1));
            number = number.shiftRight(5); // bits of a digit
        }
        return id.toString();
    }
}
