package dev.landfall.iam.certificate;

import dev.landfall.iam.IamErrors;
import dev.landfall.iam.IamTables;
import dev.landfall.state.Image;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import software.amazon.awssdk.services.iam.model.Tag;

/** Looking for server certificates, and the rules for their tags. */
public final class Certificates {
    /** User guide, IAM quotas: server certificates stored in an account. */
    static final int QUOTA = 20;

    /** User guide, IAM quotas: tags that can be attached to a server certificate. */
    private static final int TAGS_MAX = 50;

    private Certificates() {}

    public static Optional<CertificateRow> find(Image image, String name, String accountId) {
        return image.get(IamTables.CERTIFICATES, IamTables.key(accountId, name));
    }

    public static Optional<CertificateRow> byArn(Image image, String arn, String accountId) {
        return image.find(IamTables.CERTIFICATES, IamTables.CERTIFICATES_BY_ARN, arn).stream()
                .filter(row -> row.accountId().equals(accountId)).findFirst();
    }

    static CertificateRow require(Image image, String name, String accountId) {
        return find(image, name, accountId).orElseThrow(() -> IamErrors.noSuchCertificate(name));
    }

    static String arn(String accountId, String path, String name) {
        return "arn:aws:iam::" + accountId + ":server-certificate" + path + name;
    }

    /** The tags with others added, which replace those of the same key, in the order of their keys. */
    static List<Tag> with(List<Tag> tags, List<Tag> added) {
        var keys = new TreeSet<String>();
        for (Tag tag : added) {
            if (!keys.add(tag.key().toLowerCase(Locale.ROOT))) {
                throw IamErrors.invalidInput(
                        "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
            }
            if (tag.key().toLowerCase(Locale.ROOT).startsWith("aws:")) {
                throw IamErrors.invalidInput("Tag keys that begin with aws: are reserved.");
            }
        }
        var merged = new ArrayList<Tag>(tags.stream()
                .filter(tag -> !keys.contains(tag.key().toLowerCase(Locale.ROOT))).toList());
        merged.addAll(added);
        if (merged.size() > TAGS_MAX) {
            throw IamErrors.limitExceeded("The number of tags has reached the maximum limit.");
        }
        merged.sort(Comparator.comparing(Tag::key));
        return merged;
    }
}
