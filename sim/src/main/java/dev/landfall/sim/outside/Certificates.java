package dev.landfall.sim.outside;

import dev.landfall.sim.Dice;
import dev.landfall.sim.Timeline;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.acm.AcmClient;
import software.amazon.awssdk.services.acm.model.CertificateDetail;
import software.amazon.awssdk.services.acm.model.CertificateStatus;
import software.amazon.awssdk.services.acm.model.CertificateSummary;
import software.amazon.awssdk.services.acm.model.DeleteCertificateRequest;
import software.amazon.awssdk.services.acm.model.DeleteCertificateResponse;
import software.amazon.awssdk.services.acm.model.DescribeCertificateRequest;
import software.amazon.awssdk.services.acm.model.DescribeCertificateResponse;
import software.amazon.awssdk.services.acm.model.ListCertificatesRequest;
import software.amazon.awssdk.services.acm.model.ListCertificatesResponse;
import software.amazon.awssdk.services.acm.model.RequestCertificateRequest;
import software.amazon.awssdk.services.acm.model.RequestCertificateResponse;
import software.amazon.awssdk.services.acm.model.ResourceInUseException;

/** A Certificate Manager that issues what it is asked for a while later, and deletes nothing that is in use. */
public final class Certificates implements AcmClient {
    private static final Duration SOONEST = Duration.ofMillis(100);
    private static final Duration LATEST = Duration.ofSeconds(5);
    private static final int MISTAKEN = 400;

    private final Timeline timeline;
    private final Dice dice;
    private final Predicate<String> used;
    private final SortedMap<String, CertificateDetail> certificates = new TreeMap<>();

    /** @param used whether a load balancer has the certificate of that ARN */
    public Certificates(Timeline timeline, Dice dice, Predicate<String> used) {
        this.timeline = timeline;
        this.dice = dice;
        this.used = used;
    }

    /** The names of all certificates, by their ARNs. */
    public SortedMap<String, String> names() {
        var names = new TreeMap<String, String>();
        certificates.forEach((arn, certificate) -> names.put(arn, certificate.domainName()));
        return names;
    }

    @Override
    public RequestCertificateResponse requestCertificate(RequestCertificateRequest request) {
        String arn = "arn:aws:acm:us-east-1:000000000000:certificate/" + request.idempotencyToken();
        if (!certificates.containsKey(arn)) {
            certificates.put(arn, CertificateDetail.builder().certificateArn(arn).domainName(request.domainName())
                    .status(CertificateStatus.PENDING_VALIDATION).build());
            timeline.after(dice.between(SOONEST, LATEST), "issued", arn, () -> certificates.computeIfPresent(arn,
                    (key, asked) -> asked.toBuilder().status(CertificateStatus.ISSUED).build()));
        }
        return RequestCertificateResponse.builder().certificateArn(arn).build();
    }

    @Override
    public DescribeCertificateResponse describeCertificate(DescribeCertificateRequest request) {
        return DescribeCertificateResponse.builder().certificate(certificates.get(request.certificateArn())).build();
    }

    @Override
    public ListCertificatesResponse listCertificates(ListCertificatesRequest request) {
        return ListCertificatesResponse.builder().certificateSummaryList(certificates.values().stream()
                .map(each -> CertificateSummary.builder().certificateArn(each.certificateArn())
                        .domainName(each.domainName()).status(each.status()).build()).toList()).build();
    }

    @Override
    public DeleteCertificateResponse deleteCertificate(DeleteCertificateRequest request) {
        if (used.test(request.certificateArn())) {
            throw ResourceInUseException.builder().statusCode(MISTAKEN).message("in use").awsErrorDetails(
                    AwsErrorDetails.builder().errorCode("ResourceInUseException").errorMessage("in use").build())
                    .build();
        }
        certificates.remove(request.certificateArn());
        return DeleteCertificateResponse.builder().build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
