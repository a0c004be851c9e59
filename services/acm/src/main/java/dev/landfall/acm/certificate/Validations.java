package dev.landfall.acm.certificate;

import dev.landfall.acm.AcmErrors;
import dev.landfall.acm.Scope;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import software.amazon.awssdk.services.acm.model.DomainStatus;
import software.amazon.awssdk.services.acm.model.DomainValidation;
import software.amazon.awssdk.services.acm.model.DomainValidationOption;
import software.amazon.awssdk.services.acm.model.RecordType;
import software.amazon.awssdk.services.acm.model.RequestCertificateRequest;
import software.amazon.awssdk.services.acm.model.ResourceRecord;
import software.amazon.awssdk.services.acm.model.ValidationMethod;

/** How the names of a certificate would be proven to be the caller's. */
final class Validations {
    /** User guide, email validation. */
    private static final List<String> MAILBOXES =
            List.of("administrator", "hostmaster", "postmaster", "webmaster", "admin");

    /** How many characters AWS's records have before and behind the first dot of their value. */
    private static final int NAME_LENGTH = 32;
    private static final int ZONE_LENGTH = 10;

    private Validations() {}

    static List<DomainValidation> of(RequestCertificateRequest request, List<String> names, Scope scope) {
        for (DomainValidationOption option : request.domainValidationOptions()) {
            if (!names.contains(option.domainName().toLowerCase(Locale.ROOT))) {
                throw AcmErrors.invalidValidation("The domain name " + option.domainName()
                        + " is not one of the certificate's.");
            }
            requireAbove(option.validationDomain(), option.domainName());
        }
        return names.stream().map(name -> request.validationMethod() == ValidationMethod.DNS
                ? byRecord(name, scope) : byMail(name, request.domainValidationOptions())).toList();
    }

    /** That a validation domain is the domain itself, or above it. */
    static void requireAbove(String validationDomain, String domain) {
        String name = domain.toLowerCase(Locale.ROOT);
        String above = validationDomain.toLowerCase(Locale.ROOT);
        if (!name.equals(above) && !name.endsWith("." + above)) {
            throw AcmErrors.invalidValidation("The validation domain " + validationDomain
                    + " is not " + domain + " or a superdomain of it.");
        }
    }

    /** A wildcard is proven by the record of the domain below it, and an account has one record for each domain. */
    private static DomainValidation byRecord(String name, Scope scope) {
        String domain = withoutWildcard(name);
        String hash = hash(scope.accountId() + '/' + domain);
        return DomainValidation.builder().domainName(name).validationDomain(name)
                .validationStatus(DomainStatus.PENDING_VALIDATION).validationMethod(ValidationMethod.DNS)
                .resourceRecord(ResourceRecord.builder().type(RecordType.CNAME)
                        .name('_' + hash.substring(0, NAME_LENGTH) + '.' + domain + '.')
                        .value('_' + hash(hash).substring(0, NAME_LENGTH) + '.'
                                + letters(hash).substring(0, ZONE_LENGTH) + ".acm-validations.aws.")
                        .build())
                .build();
    }

    private static DomainValidation byMail(String name, List<DomainValidationOption> options) {
        String domain = options.stream().filter(option -> option.domainName().equalsIgnoreCase(name))
                .map(DomainValidationOption::validationDomain).findFirst().orElse(name);
        return DomainValidation.builder().domainName(name).validationDomain(domain)
                .validationStatus(DomainStatus.PENDING_VALIDATION).validationMethod(ValidationMethod.EMAIL)
                .validationEmails(MAILBOXES.stream().map(box -> box + '@' + withoutWildcard(domain)).toList())
                .build();
    }

    /** The same validations, all of which have succeeded. */
    static List<DomainValidation> succeeded(Stream<DomainValidation> validations) {
        return validations.map(each -> each.toBuilder().validationStatus(DomainStatus.SUCCESS).build()).toList();
    }

    private static String withoutWildcard(String name) {
        return name.startsWith("*.") ? name.substring(2) : name;
    }

    private static String hash(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String letters(String hex) {
        return hex.chars().mapToObj(digit -> String.valueOf((char) ('a' + Character.digit(digit, 16))))
                .reduce("", String::concat);
    }
}
