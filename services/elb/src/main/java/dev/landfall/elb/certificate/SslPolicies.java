package dev.landfall.elb.certificate;

import dev.landfall.elb.ElbErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Cipher;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.SslPolicy;

/**
 * AWS's security policies (user guide of Application Load Balancers, security policies): for each its protocols and, in
 * the order of the server's preference, its ciphers.
 */
public final class SslPolicies {
    /** What a listener has that names none. */
    public static final String DEFAULT = "ELBSecurityPolicy-2016-08";

    private static final String PREFIX = "ELBSecurityPolicy-";
    private static final List<String> TLS_1_3 =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");
    private static final List<String> NONE_1_3 = List.of();
    private static final List<String> TLS_1_3_FIPS = TLS_1_3.subList(0, 2);

    /** Ciphers up to TLS 1.2, in AWS's order; a policy has some of these groups. */
    private enum Group { FORWARD_GCM, FORWARD_SHA2, FORWARD_SHA1, PLAIN_SHA2, PLAIN_SHA1, TRIPLE_DES }

    private record Named(Group group, String cipher) {}

    private static final List<Named> ORDER = List.of(
            new Named(Group.FORWARD_GCM, "ECDHE-ECDSA-AES128-GCM-SHA256"),
            new Named(Group.FORWARD_GCM, "ECDHE-RSA-AES128-GCM-SHA256"),
            new Named(Group.FORWARD_SHA2, "ECDHE-ECDSA-AES128-SHA256"),
            new Named(Group.FORWARD_SHA2, "ECDHE-RSA-AES128-SHA256"),
            new Named(Group.FORWARD_SHA1, "ECDHE-ECDSA-AES128-SHA"),
            new Named(Group.FORWARD_SHA1, "ECDHE-RSA-AES128-SHA"),
            new Named(Group.FORWARD_GCM, "ECDHE-ECDSA-AES256-GCM-SHA384"),
            new Named(Group.FORWARD_GCM, "ECDHE-RSA-AES256-GCM-SHA384"),
            new Named(Group.FORWARD_SHA2, "ECDHE-ECDSA-AES256-SHA384"),
            new Named(Group.FORWARD_SHA2, "ECDHE-RSA-AES256-SHA384"),
            new Named(Group.FORWARD_SHA1, "ECDHE-RSA-AES256-SHA"),
            new Named(Group.FORWARD_SHA1, "ECDHE-ECDSA-AES256-SHA"),
            new Named(Group.PLAIN_SHA2, "AES128-GCM-SHA256"),
            new Named(Group.PLAIN_SHA2, "AES128-SHA256"),
            new Named(Group.PLAIN_SHA1, "AES128-SHA"),
            new Named(Group.PLAIN_SHA2, "AES256-GCM-SHA384"),
            new Named(Group.PLAIN_SHA2, "AES256-SHA256"),
            new Named(Group.PLAIN_SHA1, "AES256-SHA"),
            new Named(Group.TRIPLE_DES, "DES-CBC3-SHA"));

    private static final List<Group> NONE = List.of();
    private static final List<Group> GCM = List.of(Group.FORWARD_GCM);
    private static final List<Group> SHA2 = List.of(Group.FORWARD_GCM, Group.FORWARD_SHA2);
    private static final List<Group> FORWARD = List.of(Group.FORWARD_GCM, Group.FORWARD_SHA2, Group.FORWARD_SHA1);
    private static final List<Group> ALL_SHA2 = List.of(Group.FORWARD_GCM, Group.FORWARD_SHA2, Group.PLAIN_SHA2);
    private static final List<Group> ALL = List.of(
            Group.FORWARD_GCM, Group.FORWARD_SHA2, Group.FORWARD_SHA1, Group.PLAIN_SHA2, Group.PLAIN_SHA1);
    private static final List<Group> OLD = List.of(Group.values());

    private static final List<SslPolicy> POLICIES = all();

    private SslPolicies() {}

    private static List<SslPolicy> all() {
        var policies = new ArrayList<SslPolicy>();
        policies.add(policy("2016-08", 0, 2, NONE_1_3, ALL));
        for (String year : List.of("2021-06", "PQ-2025-09")) {
            policies.add(policy("TLS13-1-2-" + year, 2, 3, TLS_1_3, SHA2));
            policies.add(policy("TLS13-1-2-Res-" + year, 2, 3, TLS_1_3, GCM));
            policies.add(policy("TLS13-1-2-Ext1-" + year, 2, 3, TLS_1_3, ALL_SHA2));
            policies.add(policy("TLS13-1-2-Ext2-" + year, 2, 3, TLS_1_3, ALL));
            policies.add(policy("TLS13-1-3-" + year, 3, 3, TLS_1_3, NONE));
        }
        policies.add(policy("TLS13-1-1-2021-06", 1, 3, TLS_1_3, ALL));
        policies.add(policy("TLS13-1-0-2021-06", 0, 3, TLS_1_3, ALL));
        for (String year : List.of("FIPS-2023-04", "FIPS-PQ-2025-09")) {
            policies.add(policy("TLS13-1-3-" + year, 3, 3, TLS_1_3_FIPS, NONE));
            policies.add(policy("TLS13-1-2-" + year, 2, 3, TLS_1_3_FIPS, SHA2));
            policies.add(policy("TLS13-1-2-Res-" + year, 2, 3, TLS_1_3_FIPS, GCM));
            policies.add(policy("TLS13-1-2-Ext0-" + year, 2, 3, TLS_1_3_FIPS, FORWARD));
            policies.add(policy("TLS13-1-2-Ext1-" + year, 2, 3, TLS_1_3_FIPS, ALL_SHA2));
            policies.add(policy("TLS13-1-2-Ext2-" + year, 2, 3, TLS_1_3_FIPS, ALL));
        }
        policies.add(policy("TLS13-1-1-FIPS-2023-04", 1, 3, TLS_1_3_FIPS, ALL));
        policies.add(policy("TLS13-1-0-FIPS-2023-04", 0, 3, TLS_1_3_FIPS, ALL));
        policies.add(policy("TLS-1-2-2017-01", 2, 2, NONE_1_3, ALL_SHA2));
        policies.add(policy("TLS-1-1-2017-01", 1, 2, NONE_1_3, ALL));
        policies.add(policy("TLS-1-2-Ext-2018-06", 2, 2, NONE_1_3, ALL));
        policies.add(policy("FS-2018-06", 0, 2, NONE_1_3, FORWARD));
        policies.add(policy("FS-1-1-2019-08", 1, 2, NONE_1_3, FORWARD));
        policies.add(policy("FS-1-2-2019-08", 2, 2, NONE_1_3, FORWARD));
        policies.add(policy("FS-1-2-Res-2019-08", 2, 2, NONE_1_3, SHA2));
        policies.add(policy("FS-1-2-Res-2020-10", 2, 2, NONE_1_3, GCM));
        policies.add(policy("2015-05", 0, 2, NONE_1_3, ALL));
        policies.add(policy("TLS-1-0-2015-04", 0, 2, NONE_1_3, OLD));
        return List.copyOf(policies);
    }

    /** @param first the oldest TLS version, 0 to 3 for 1.0 to 1.3 */
    private static SslPolicy policy(String name, int first, int last, List<String> newest, List<Group> groups) {
        List<String> ciphers = Stream.concat(newest.stream(),
                ORDER.stream().filter(named -> groups.contains(named.group)).map(Named::cipher)).toList();
        List<String> versions = List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");
        return SslPolicy.builder()
                .name(PREFIX + name)
                .sslProtocols(versions.subList(first, last + 1).reversed())
                .ciphers(IntStream.range(0, ciphers.size())
                        .mapToObj(i -> Cipher.builder().name(ciphers.get(i)).priority(i + 1).build()).toList())
                .supportedLoadBalancerTypes("application", "network")
                .build();
    }

    static List<SslPolicy> list() {
        return POLICIES;
    }

    static Optional<SslPolicy> find(String name) {
        return POLICIES.stream().filter(policy -> policy.name().equals(name)).findFirst();
    }

    /**
     * @throws software.amazon.awssdk.services.elasticloadbalancingv2.model.SslPolicyNotFoundException if AWS has
     * none
     */
    public static void require(String name) {
        find(name).orElseThrow(() -> ElbErrors.sslPolicyNotFound(
                name.length() > 100 ? name.substring(0, 100) + "…" : name));
    }
}
