package dev.landfall.iam;

import java.util.List;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.iam.model.*;

/** The caller's mistakes, as IAM words them. Where AWS's words are not known, they are those of the API reference. */
public final class IamErrors {
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private IamErrors() {}

    /** What no error of the model stands for. */
    public static IamException validation(String message) {
        return fill(IamException.builder(), "ValidationError", BAD_REQUEST, message);
    }

    public static NoSuchEntityException noSuchCertificate(String name) {
        return fill(NoSuchEntityException.builder(), "NoSuchEntity", NOT_FOUND,
                "The Server Certificate with name " + name + " cannot be found.");
    }

    public static EntityAlreadyExistsException certificateExists(String name) {
        return fill(EntityAlreadyExistsException.builder(), "EntityAlreadyExists", CONFLICT,
                "The Server Certificate with name " + name + " already exists.");
    }

    public static LimitExceededException tooManyCertificates(int quota) {
        return limitExceeded("Cannot exceed quota for ServerCertificatesPerAccount: " + quota);
    }

    public static LimitExceededException limitExceeded(String message) {
        return fill(LimitExceededException.builder(), "LimitExceeded", CONFLICT, message);
    }

    public static DeleteConflictException inUse(String id, List<String> users) {
        return fill(DeleteConflictException.builder(), "DeleteConflict", CONFLICT, "Certificate: " + id
                + " is currently in use by " + String.join(", ", users)
                + ". Please remove it first before deleting it from IAM.");
    }

    public static MalformedCertificateException malformed(String message) {
        return fill(MalformedCertificateException.builder(), "MalformedCertificate", BAD_REQUEST, message);
    }

    public static KeyPairMismatchException keyPairMismatch() {
        return fill(KeyPairMismatchException.builder(), "KeyPairMismatch", BAD_REQUEST,
                "The public key certificate and the private key do not match.");
    }

    public static InvalidInputException invalidInput(String message) {
        return fill(InvalidInputException.builder(), "InvalidInput", BAD_REQUEST, message);
    }

    @SuppressWarnings("unchecked") // every exception's own builder builds that exception
    private static <E extends IamException> E fill(
            IamException.Builder builder, String code, int status, String message) {
        return (E) builder.message(message)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .serviceName("Iam").errorCode(code).errorMessage(message).build())
                .statusCode(status)
                .build();
    }
}
