package dev.landfall.ecs.express;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
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

/** Certificate Manager, whose certificates are issued when they are looked at for the second time. */
public final class VirtualAcm implements AcmClient {
    public final SortedMap<String, CertificateDetail> certificates = new TreeMap<>();
    private final Supplier<TreeSet<String>> used;

    /** @param used the certificates that are in use */
    public VirtualAcm(Supplier<TreeSet<String>> used) {
        this.used = used;
    }

    @Override
    public RequestCertificateResponse requestCertificate(RequestCertificateRequest request) {
        String arn = "arn:aws:acm:eu-central-1:123456789012:certificate/" + request.idempotencyToken();
        certificates.putIfAbsent(arn, CertificateDetail.builder().certificateArn(arn)
                .domainName(request.domainName()).status(CertificateStatus.PENDING_VALIDATION).build());
        return RequestCertificateResponse.builder().certificateArn(arn).build();
    }

    @Override
    public DescribeCertificateResponse describeCertificate(DescribeCertificateRequest request) {
        CertificateDetail found = certificates.get(request.certificateArn());
        certificates.put(found.certificateArn(), found.toBuilder().status(CertificateStatus.ISSUED).build());
        return DescribeCertificateResponse.builder().certificate(found).build();
    }

    @Override
    public ListCertificatesResponse listCertificates(ListCertificatesRequest request) {
        return ListCertificatesResponse.builder().certificateSummaryList(certificates.values().stream()
                .map(each -> CertificateSummary.builder().certificateArn(each.certificateArn())
                        .domainName(each.domainName()).status(each.status()).build()).toList()).build();
    }

    @Override
    public DeleteCertificateResponse deleteCertificate(DeleteCertificateRequest request) {
        if (used.get().contains(request.certificateArn())) {
            throw ResourceInUseException.builder().statusCode(400).message("in use").awsErrorDetails(
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
