package dev.landfall.protocol.edge;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/**
 * A condition of a rule, named by AWS's {@code Field}. It holds when one of its values does. In values {@code *} stands
 * for any characters and {@code ?} for one; regex values are matched as AWS does, anywhere in the text.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "field")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Condition.HostHeader.class, name = "host-header"),
    @JsonSubTypes.Type(value = Condition.PathPattern.class, name = "path-pattern"),
    @JsonSubTypes.Type(value = Condition.HttpHeader.class, name = "http-header"),
    @JsonSubTypes.Type(value = Condition.HttpRequestMethod.class, name = "http-request-method"),
    @JsonSubTypes.Type(value = Condition.QueryString.class, name = "query-string"),
    @JsonSubTypes.Type(value = Condition.SourceIp.class, name = "source-ip"),
})
public sealed interface Condition {
    record HostHeader(List<String> values, List<String> regexValues) implements Condition {
        public HostHeader {
            values = Checks.list(values);
            regexValues = Checks.list(regexValues);
        }
    }

    record PathPattern(List<String> values, List<String> regexValues) implements Condition {
        public PathPattern {
            values = Checks.list(values);
            regexValues = Checks.list(regexValues);
        }
    }

    record HttpHeader(String name, List<String> values, List<String> regexValues) implements Condition {
        public HttpHeader {
            Checks.present(name, "httpHeaderName");
            values = Checks.list(values);
            regexValues = Checks.list(regexValues);
        }
    }

    record HttpRequestMethod(List<String> values) implements Condition {
        public HttpRequestMethod {
            values = Checks.list(values);
        }
    }

    record QueryString(List<KeyValue> values) implements Condition {
        public QueryString {
            values = Checks.list(values);
        }
    }

    /** An empty key matches any key. */
    record KeyValue(String key, String value) {
        public KeyValue {
            key = key == null ? "" : key;
            Checks.that(value != null, "query string value", value);
        }
    }

    /** Address blocks, such as {@code 10.0.0.0/8} and {@code 2001:db8::/32}. */
    record SourceIp(List<String> values) implements Condition {
        public SourceIp {
            values = Checks.list(values);
        }
    }
}
