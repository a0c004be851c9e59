package dev.landfall.edge.tls;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One of AWS's security policies, as protocols and ciphers in OpenSSL's names, from the tables of "Security policies
 * for your Application Load Balancer". Their names say what they hold, and so are read. What the TLS library does not
 * have (CBC with SHA-2, post-quantum groups in some builds) is left out; TLS 1.3 always has its three ciphers.
 */
public record SecurityPolicy(List<String> protocols, List<String> ciphers) {
    private static final List<String> GCM = List.of(
            "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256",
            "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384");
    private static final List<String> CBC_SHA2 = List.of(
            "ECDHE-ECDSA-AES128-SHA256", "ECDHE-RSA-AES128-SHA256",
            "ECDHE-ECDSA-AES256-SHA384", "ECDHE-RSA-AES256-SHA384");
    private static final List<String> CBC_SHA1 = List.of(
            "ECDHE-ECDSA-AES128-SHA", "ECDHE-RSA-AES128-SHA", "ECDHE-RSA-AES256-SHA", "ECDHE-ECDSA-AES256-SHA");
    private static final List<String> RSA =
            List.of("AES128-GCM-SHA256", "AES128-SHA256", "AES256-GCM-SHA384", "AES256-SHA256");
    private static final List<String> RSA_SHA1 = List.of("AES128-SHA", "AES256-SHA");
    /** The oldest version, as in TLS-1-1-2017-01; the oldest policies do not say it. */
    private static final Pattern OLDEST = Pattern.compile("^(?:TLS13|TLS|FS)-1-([0-3])-");
    private static final List<String> TLS_13 =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    /** AWS's default is ELBSecurityPolicy-2016-08; a name nobody knows is treated as that. */
    public static SecurityPolicy of(String name) {
        String rest = name.replace("ELBSecurityPolicy-", "");
        var ciphers = new ArrayList<String>();
        if (rest.startsWith("TLS13-")) {
            ciphers.addAll(TLS_13);
        }
        ciphers.addAll(older(rest));
        return new SecurityPolicy(protocols(rest), List.copyOf(ciphers));
    }

    private static List<String> protocols(String rest) {
        Matcher minor = OLDEST.matcher(rest);
        String from = !minor.find() || minor.group(1).equals("0") ? "TLSv1" : "TLSv1." + minor.group(1);
        var protocols = new ArrayList<String>();
        if (rest.startsWith("TLS13-")) {
            protocols.add("TLSv1.3");
        }
        for (String protocol : List.of("TLSv1.2", "TLSv1.1", "TLSv1")) {
            if (protocol.compareTo(from) >= 0) {
                protocols.add(protocol);
            }
        }
        return List.copyOf(protocols);
    }

    private static List<String> older(String rest) {
        boolean tls13 = rest.startsWith("TLS13-");
        if (tls13 && rest.startsWith("TLS13-1-3")) {
            return List.of();
        }
        if (rest.startsWith("FS-1-2-Res-2020") || rest.startsWith("TLS13-1-2-Res")) {
            return GCM;
        }
        if (rest.startsWith("FS-1-2-Res-2019")
                || rest.startsWith("TLS13-1-2-") && !rest.contains("Ext")) {
            return joined(GCM, CBC_SHA2);
        }
        if (rest.startsWith("FS-") || rest.contains("Ext0")) {
            return joined(GCM, CBC_SHA2, CBC_SHA1);
        }
        if (rest.startsWith("TLS-1-2-2017") || rest.contains("Ext1")) {
            return joined(GCM, CBC_SHA2, RSA);
        }
        return joined(GCM, CBC_SHA2, CBC_SHA1, RSA, RSA_SHA1);
    }

    @SafeVarargs
    private static List<String> joined(List<String>... parts) {
        var all = new ArrayList<String>();
        for (List<String> part : parts) {
            all.addAll(part);
        }
        return all;
    }
}
