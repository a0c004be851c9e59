package dev.landfall.acm;

import dev.landfall.acm.account.GetAccountConfiguration;
import dev.landfall.acm.account.PutAccountConfiguration;
import dev.landfall.acm.certificate.Certificates;
import dev.landfall.acm.certificate.DeleteCertificate;
import dev.landfall.acm.certificate.DescribeCertificate;
import dev.landfall.acm.certificate.ExportCertificate;
import dev.landfall.acm.certificate.GetCertificate;
import dev.landfall.acm.certificate.ImportCertificate;
import dev.landfall.acm.certificate.ListCertificates;
import dev.landfall.acm.certificate.Material;
import dev.landfall.acm.certificate.RenewCertificate;
import dev.landfall.acm.certificate.RequestCertificate;
import dev.landfall.acm.certificate.ResendValidationEmail;
import dev.landfall.acm.certificate.RevokeCertificate;
import dev.landfall.acm.certificate.UpdateCertificateOptions;
import dev.landfall.acm.tag.AddTagsToCertificate;
import dev.landfall.acm.tag.ListTagsForCertificate;
import dev.landfall.acm.tag.RemoveTagsFromCertificate;
import dev.landfall.state.Commit;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Decisions;
import dev.landfall.state.Image;
import dev.landfall.wire.rules.RequestRules;
import dev.landfall.x509.Authority;
import dev.landfall.x509.ServerCertificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.services.acm.AcmClient;
import software.amazon.awssdk.services.acm.model.*;

/**
 * AWS Certificate Manager, whose certificates an authority of this machine issues. A table of contents: each operation
 * hands its request to the class named after it, which decides or reads. Owns the thread that has certificates issued
 * and renewed; close it before the writer.
 */
public final class Acm implements AcmClient {
    private static final RequestRules RULES = new RequestRules(Acm.class, AcmErrors::validation);

    private final Decisions writer;
    private final InstantSource clock;
    private final CertificateUsers users;
    private final Issuer issuer;

    /**
     * @param writer its schema has {@link AcmTables#ALL}
     * @param clock the writer's
     * @param users who is asked before a certificate is deleted
     */
    public Acm(Decisions writer, InstantSource clock, Authority authority, CertificateUsers users) {
        this(writer, clock, users, new Issuer(writer, clock, authority, users));
        issuer.start();
    }

    /** One whose issuer only looks when it is told to. */
    Acm(Decisions writer, InstantSource clock, CertificateUsers users, Issuer issuer) {
        this.writer = writer;
        this.clock = clock;
        this.users = users;
        this.issuer = issuer;
    }

    /** The certificate with its key, for servers of the same account and region; none that is not issued. */
    public Optional<Material> find(String arn, Scope scope) {
        return Certificates.usable(writer.image(), arn, scope);
    }

    /** Whether there is such a certificate in that account and region, issued or not. */
    public boolean has(String arn, Scope scope) {
        return Certificates.has(writer.image(), arn, scope);
    }

    /** Tells the ARNs of certificates that are others from now on: renewed, imported anew, or gone. Must not block. */
    public void follow(Consumer<String> follower) {
        writer.follow(commit -> changed(commit).forEach(follower));
    }

    private static List<String> changed(Commit commit) {
        return commit.writes().stream().filter(write -> write.table() == AcmTables.MATERIALS)
                .map(write -> write.key()).distinct().toList();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        issuer.close();
    }

    @FunctionalInterface
    private interface Deciding<A> {
        Decision<A> decide(Image image, Scope scope, Context context);
    }

    private <A> A decide(AcmRequest request, Deciding<A> operation) {
        RULES.checked(request);
        Scope scope = Scope.current();
        return writer.submit((image, context) -> operation.decide(image, scope, context));
    }

    // ---- Certificates ----

    @Override
    public RequestCertificateResponse requestCertificate(RequestCertificateRequest request) {
        RequestCertificateResponse requested = decide(request,
                (image, scope, context) -> RequestCertificate.decide(image, request, scope, context));
        issuer.await(requested.certificateArn());
        return requested;
    }

    @Override
    public ImportCertificateResponse importCertificate(ImportCertificateRequest request) {
        RULES.checked(request);
        ServerCertificate brought = ImportCertificate.read(request);
        return decide(request,
                (image, scope, context) -> ImportCertificate.decide(image, request, brought, scope, context));
    }

    @Override
    public DescribeCertificateResponse describeCertificate(DescribeCertificateRequest request) {
        return DescribeCertificate.read(
                writer.image(), RULES.checked(request), Scope.current(), users, clock.instant());
    }

    @Override
    public ListCertificatesResponse listCertificates(ListCertificatesRequest request) {
        return ListCertificates.read(writer.image(), RULES.checked(request), Scope.current(), users, clock.instant());
    }

    @Override
    public GetCertificateResponse getCertificate(GetCertificateRequest request) {
        return GetCertificate.read(writer.image(), RULES.checked(request), Scope.current());
    }

    @Override
    public DeleteCertificateResponse deleteCertificate(DeleteCertificateRequest request) {
        RULES.checked(request);
        List<String> using = users.of(request.certificateArn());
        return decide(request, (image, scope, context) -> DeleteCertificate.decide(image, request, scope, using));
    }

    @Override
    public ExportCertificateResponse exportCertificate(ExportCertificateRequest request) {
        Material material = decide(request,
                (image, scope, context) -> ExportCertificate.decide(image, request, scope));
        return ExportCertificate.answer(material, request);
    }

    @Override
    public RenewCertificateResponse renewCertificate(RenewCertificateRequest request) {
        return decide(request, (image, scope, context) -> RenewCertificate.decide(image, request, scope, context));
    }

    @Override
    public ResendValidationEmailResponse resendValidationEmail(ResendValidationEmailRequest request) {
        return ResendValidationEmail.read(writer.image(), RULES.checked(request), Scope.current());
    }

    @Override
    public RevokeCertificateResponse revokeCertificate(RevokeCertificateRequest request) {
        RULES.checked(request);
        List<String> using = users.of(request.certificateArn());
        return decide(request,
                (image, scope, context) -> RevokeCertificate.decide(image, request, scope, using, context));
    }

    @Override
    public UpdateCertificateOptionsResponse updateCertificateOptions(UpdateCertificateOptionsRequest request) {
        return decide(request, (image, scope, context) -> UpdateCertificateOptions.decide(image, request, scope));
    }

    // ---- Tags ----

    @Override
    public AddTagsToCertificateResponse addTagsToCertificate(AddTagsToCertificateRequest request) {
        return decide(request, (image, scope, context) -> AddTagsToCertificate.decide(image, request, scope));
    }

    @Override
    public RemoveTagsFromCertificateResponse removeTagsFromCertificate(RemoveTagsFromCertificateRequest request) {
        return decide(request, (image, scope, context) -> RemoveTagsFromCertificate.decide(image, request, scope));
    }

    @Override
    public ListTagsForCertificateResponse listTagsForCertificate(ListTagsForCertificateRequest request) {
        return ListTagsForCertificate.read(writer.image(), RULES.checked(request), Scope.current());
    }

    // ---- The account ----

    @Override
    public GetAccountConfigurationResponse getAccountConfiguration(GetAccountConfigurationRequest request) {
        return GetAccountConfiguration.read(writer.image(), Scope.current());
    }

    @Override
    public PutAccountConfigurationResponse putAccountConfiguration(PutAccountConfigurationRequest request) {
        return decide(request,
                (image, scope, context) -> PutAccountConfiguration.decide(image, request, scope, context));
    }
}
