package dev.landfall.elb.rule;

import dev.landfall.elb.ElbErrors;
import java.util.EnumSet;
import java.util.List;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RewriteConfig;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RuleTransform;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TransformTypeEnum;

/** The rules for what a rule changes of requests: at most one rewrite of the host and one of the URL. */
final class Transforms {
    private static final int LENGTH_MAX = 1_024;

    private Transforms() {}

    static List<RuleTransform> validated(List<RuleTransform> transforms) {
        var seen = EnumSet.noneOf(TransformTypeEnum.class);
        for (RuleTransform transform : transforms) {
            if (!seen.add(transform.type())) {
                throw ElbErrors.validation("A rule can only have one transform of type '" + transform.type() + "'");
            }
            boolean host = transform.type() == TransformTypeEnum.HOST_HEADER_REWRITE;
            if ((host ? transform.urlRewriteConfig() : transform.hostHeaderRewriteConfig()) != null) {
                throw ElbErrors.validation("The configuration is not compatible with a transform of type '"
                        + transform.type() + "'");
            }
            List<RewriteConfig> rewrites = host
                    ? transform.hostHeaderRewriteConfig() == null ? List.of()
                            : transform.hostHeaderRewriteConfig().rewrites()
                    : transform.urlRewriteConfig() == null ? List.of() : transform.urlRewriteConfig().rewrites();
            if (rewrites.size() != 1) {
                throw ElbErrors.validation("Exactly one rewrite must be specified for a transform of type '"
                        + transform.type() + "'");
            }
            requireRewrite(rewrites.getFirst());
        }
        return List.copyOf(transforms);
    }

    private static void requireRewrite(RewriteConfig rewrite) {
        if (rewrite.regex().isEmpty() || rewrite.regex().length() > LENGTH_MAX
                || rewrite.replace().length() > LENGTH_MAX) {
            throw ElbErrors.validation("The regular expression and the replacement of a rewrite can have up to '"
                    + LENGTH_MAX + "' characters");
        }
        Conditions.requireRegex(rewrite.regex());
    }
}
