package dev.landfall.iam;

import dev.landfall.iam.certificate.CertificateRow;
import dev.landfall.iam.certificate.Certificates;
import dev.landfall.iam.certificate.DeleteServerCertificate;
import dev.landfall.iam.certificate.GetServerCertificate;
import dev.landfall.iam.certificate.ListServerCertificateTags;
import dev.landfall.iam.certificate.ListServerCertificates;
import dev.landfall.iam.certificate.TagServerCertificate;
import dev.landfall.iam.certificate.UntagServerCertificate;
import dev.landfall.iam.certificate.UpdateServerCertificate;
import dev.landfall.iam.certificate.UploadServerCertificate;
import dev.landfall.state.Commit;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Decisions;
import dev.landfall.state.Image;
import dev.landfall.wire.Call;
import dev.landfall.wire.rules.RequestRules;
import dev.landfall.x509.ServerCertificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.*;

/**
 * Of Identity and Access Management the server certificates. A table of contents: each operation hands its request to
 * the class named after it, which decides or reads.
 */
public final class Iam implements IamClient {
    private static final RequestRules RULES = new RequestRules(Iam.class, IamErrors::validation);

    private final Decisions writer;
    private final CertificateUsers users;

    /**
     * @param writer its schema has {@link IamTables#ALL}
     * @param users who is asked before a certificate is deleted
     */
    public Iam(Decisions writer, CertificateUsers users) {
        this.writer = writer;
        this.users = users;
    }

    /** The server certificate of that ARN, with its key. */
    public Optional<CertificateRow> find(String arn, String accountId) {
        return Certificates.byArn(writer.image(), arn, accountId);
    }

    /** Tells the ARNs of certificates that are new, or gone, from now on. Must not block. */
    public void follow(Consumer<String> follower) {
        writer.follow(commit -> changed(commit).forEach(follower));
    }

    private static List<String> changed(Commit commit) {
        return commit.writes().stream().filter(write -> write.table() == IamTables.CERTIFICATES)
                .flatMap(write -> Stream.of(commit.before(), commit.after())
                        .flatMap(image -> image.get(IamTables.CERTIFICATES, write.key()).stream()))
                .map(CertificateRow::arn).distinct().toList();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}

    @FunctionalInterface
    private interface Deciding<A> {
        Decision<A> decide(Image image, String accountId, Context context);
    }

    private <A> A decide(IamRequest request, Deciding<A> operation) {
        RULES.checked(request);
        String accountId = Call.current().accountId();
        return writer.submit((image, context) -> operation.decide(image, accountId, context));
    }

    @Override
    public UploadServerCertificateResponse uploadServerCertificate(UploadServerCertificateRequest request) {
        RULES.checked(request);
        ServerCertificate brought = UploadServerCertificate.read(request);
        return decide(request, (image, account, context) ->
                UploadServerCertificate.decide(image, request, brought, account, context));
    }

    @Override
    public GetServerCertificateResponse getServerCertificate(GetServerCertificateRequest request) {
        return GetServerCertificate.read(writer.image(), RULES.checked(request), Call.current().accountId());
    }

    @Override
    public ListServerCertificatesResponse listServerCertificates(ListServerCertificatesRequest request) {
        return ListServerCertificates.read(writer.image(), RULES.checked(request), Call.current().accountId());
    }

    @Override
    public UpdateServerCertificateResponse updateServerCertificate(UpdateServerCertificateRequest request) {
        return decide(request, (image, account, context) -> UpdateServerCertificate.decide(image, request, account));
    }

    @Override
    public DeleteServerCertificateResponse deleteServerCertificate(DeleteServerCertificateRequest request) {
        RULES.checked(request);
        List<String> using = Certificates.find(
                        writer.image(), request.serverCertificateName(), Call.current().accountId())
                .map(row -> users.of(row.arn())).orElse(List.of());
        return decide(request, (image, account, context) ->
                DeleteServerCertificate.decide(image, request, account, using));
    }

    @Override
    public TagServerCertificateResponse tagServerCertificate(TagServerCertificateRequest request) {
        return decide(request, (image, account, context) -> TagServerCertificate.decide(image, request, account));
    }

    @Override
    public UntagServerCertificateResponse untagServerCertificate(UntagServerCertificateRequest request) {
        return decide(request, (image, account, context) -> UntagServerCertificate.decide(image, request, account));
    }

    @Override
    public ListServerCertificateTagsResponse listServerCertificateTags(ListServerCertificateTagsRequest request) {
        return ListServerCertificateTags.read(writer.image(), RULES.checked(request), Call.current().accountId());
    }
}
