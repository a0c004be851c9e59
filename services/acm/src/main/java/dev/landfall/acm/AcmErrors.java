package dev.landfall.acm;

import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.acm.model.*;

/**
 * The caller's mistakes, as ACM words them; all are answered with status 400. Where AWS's words are not known, they are
 * those of the API reference.
 */
public final class AcmErrors {
    /** Messages tell what callers sent, of which the beginning is enough. */
    private static final int LENGTH_MAX = 2_000;

    private AcmErrors() {}

    public static ValidationException validation(String message) {
        return fill(ValidationException.builder(), "ValidationException", message);
    }

    public static ResourceNotFoundException notFound(String arn) {
        return fill(ResourceNotFoundException.builder(), "ResourceNotFoundException",
                "Could not find certificate " + arn + ".");
    }

    public static InvalidArnException invalidArn(String arn) {
        return fill(InvalidArnException.builder(), "InvalidArnException",
                "The requested Amazon Resource Name (ARN) does not refer to an existing resource: " + arn);
    }

    public static ResourceInUseException inUse(String arn, Scope scope) {
        return fill(ResourceInUseException.builder(), "ResourceInUseException",
                "Certificate " + arn + " in account " + scope.accountId() + " is in use.");
    }

    public static RequestInProgressException inProgress() {
        return fill(RequestInProgressException.builder(), "RequestInProgressException",
                "The certificate request is in process and the certificate in your account has not yet been issued.");
    }

    public static LimitExceededException limitExceeded(String message) {
        return fill(LimitExceededException.builder(), "LimitExceededException", message);
    }

    public static InvalidParameterException invalidParameter(String message) {
        return fill(InvalidParameterException.builder(), "InvalidParameterException", message);
    }

    public static InvalidArgsException invalidArgs(String message) {
        return fill(InvalidArgsException.builder(), "InvalidArgsException", message);
    }

    public static InvalidStateException invalidState(String message) {
        return fill(InvalidStateException.builder(), "InvalidStateException", message);
    }

    public static ConflictException conflict(String message) {
        return fill(ConflictException.builder(), "ConflictException", message);
    }

    public static InvalidDomainValidationOptionsException invalidValidation(String message) {
        return fill(InvalidDomainValidationOptionsException.builder(), "InvalidDomainValidationOptionsException",
                message);
    }

    public static InvalidTagException invalidTag(String message) {
        return fill(InvalidTagException.builder(), "InvalidTagException", message);
    }

    public static TooManyTagsException tooManyTags() {
        return fill(TooManyTagsException.builder(), "TooManyTagsException",
                "The request contains too many tags. Try the request again with fewer tags.");
    }

    @SuppressWarnings("unchecked") // every exception's own builder builds that exception
    private static <E extends AcmException> E fill(AcmException.Builder builder, String code, String message) {
        String told = message.length() > LENGTH_MAX ? message.substring(0, LENGTH_MAX) + "…" : message;
        return (E) builder.message(told)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .serviceName("Acm").errorCode(code).errorMessage(told).build())
                .statusCode(400)
                .build();
    }
}
