package dev.landfall.protocol.edge;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** What a rule changes of a request before it is forwarded, named by AWS's {@code TransformTypeEnum}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Transform.HostHeaderRewrite.class, name = "host-header-rewrite"),
    @JsonSubTypes.Type(value = Transform.UrlRewrite.class, name = "url-rewrite"),
})
public sealed interface Transform {
    record HostHeaderRewrite(List<Rewrite> rewrites) implements Transform {
        public HostHeaderRewrite {
            rewrites = Checks.list(rewrites);
        }
    }

    record UrlRewrite(List<Rewrite> rewrites) implements Transform {
        public UrlRewrite {
            rewrites = Checks.list(rewrites);
        }
    }

    /** {@code replace} may name the groups of {@code regex}: $1, $2, … */
    record Rewrite(String regex, String replace) {
        public Rewrite {
            Checks.present(regex, "regex");
            replace = replace == null ? "" : replace;
        }
    }
}
