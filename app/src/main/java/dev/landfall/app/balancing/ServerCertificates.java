package dev.landfall.app.balancing;

import dev.landfall.acm.Acm;
import dev.landfall.elb.Certificates;
import dev.landfall.elb.Scope;
import dev.landfall.iam.Iam;
import java.util.Optional;

/** The certificates of ACM and IAM, by ARN, for load balancers. */
public final class ServerCertificates implements Certificates {
    private final Acm acm;
    private final Iam iam;

    public ServerCertificates(Acm acm, Iam iam) {
        this.acm = acm;
        this.iam = iam;
    }

    @Override
    public Optional<Certificate> find(String arn, Scope scope) {
        return arn.startsWith("arn:aws:iam:")
                ? iam.find(arn, scope.accountId()).map(row -> new Certificate(row.fullChain(), row.privateKey()))
                : acm.find(arn, new dev.landfall.acm.Scope(scope.accountId(), scope.region()))
                        .map(made -> new Certificate(made.certificate() + made.chain(), made.privateKey()));
    }

    @Override
    public boolean isUnusable(String arn, Scope scope) {
        return find(arn, scope).isEmpty()
                && acm.has(arn, new dev.landfall.acm.Scope(scope.accountId(), scope.region()));
    }
}
