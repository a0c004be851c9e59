package dev.landfall.elb.rule;

import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.Quotas;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.QueryStringKeyValuePair;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RuleCondition;

/** The rules for conditions, and the form in which they are shown: values stand in both places where they may be. */
final class Conditions {
    private static final List<String> FIELDS = List.of(
            "http-header", "http-request-method", "host-header", "query-string", "source-ip", "path-pattern");
    /** There may be several conditions on headers and on the query, and one of each other kind. */
    private static final List<String> REPEATED = List.of("http-header", "query-string");
    private static final int VALUE_LENGTH_MAX = 128;
    private static final int NAME_LENGTH_MAX = 40;
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.*?-]+");
    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9_.$/~\"'@:+&*?-]+");
    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern METHOD = Pattern.compile("[A-Z_-]+");
    private static final Pattern VISIBLE = Pattern.compile("[\\x20-\\x7e]+");
    private static final Pattern IPV4_BLOCK = Pattern.compile(
            "((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(?!/)|(?=/))){4}/(3[0-2]|[12]?[0-9])");
    private static final Pattern IPV6_BLOCK = Pattern.compile(
            "(?=[^/]*:[^/]*:)(?!.*:::)[0-9A-Fa-f:]{2,39}/(12[0-8]|1[01][0-9]|[1-9]?[0-9])");

    private Conditions() {}

    static List<RuleCondition> validated(List<RuleCondition> conditions) {
        if (conditions.isEmpty()) {
            throw ElbErrors.validation("A condition must be specified");
        }
        var shown = new ArrayList<RuleCondition>();
        for (RuleCondition condition : conditions) {
            if (condition.field() == null) {
                throw ElbErrors.validation("A condition field must be specified");
            }
            if (!FIELDS.contains(condition.field())) {
                throw ElbErrors.validation("Condition field '" + condition.field() + "' must be one of '"
                        + String.join(",", FIELDS) + "'");
            }
            if (!REPEATED.contains(condition.field())
                    && shown.stream().anyMatch(other -> other.field().equals(condition.field()))) {
                throw ElbErrors.validation("A rule can only have one '" + condition.field() + "' condition");
            }
            requireOwnConfig(condition);
            shown.add(switch (condition.field()) {
                case "host-header" -> hostHeader(condition);
                case "path-pattern" -> pathPattern(condition);
                case "http-header" -> httpHeader(condition);
                case "http-request-method" -> method(condition);
                case "query-string" -> queryString(condition);
                default -> sourceIp(condition);
            });
        }
        requireWithinQuotas(shown);
        return List.copyOf(shown);
    }

    private static void requireOwnConfig(RuleCondition condition) {
        boolean plain = condition.hasValues() && !condition.values().isEmpty();
        if (plain && !List.of("host-header", "path-pattern").contains(condition.field())) {
            throw ElbErrors.validation("The 'Values' field is not compatible with '" + condition.field() + "'");
        }
        Stream.of(
                new Config("host-header", "HostHeaderConfig", condition.hostHeaderConfig()),
                new Config("path-pattern", "PathPatternConfig", condition.pathPatternConfig()),
                new Config("http-header", "HttpHeaderConfig", condition.httpHeaderConfig()),
                new Config("http-request-method", "HttpRequestMethodConfig", condition.httpRequestMethodConfig()),
                new Config("query-string", "QueryStringConfig", condition.queryStringConfig()),
                new Config("source-ip", "SourceIpConfig", condition.sourceIpConfig()))
                .filter(config -> config.value != null && !config.field.equals(condition.field()))
                .forEach(config -> {
                    throw ElbErrors.validation("The '" + config.name + "' field is not compatible with '"
                            + condition.field() + "'");
                });
    }

    private record Config(String field, String name, Object value) {}

    // ---- Each kind ----

    private static RuleCondition hostHeader(RuleCondition condition) {
        var config = condition.hostHeaderConfig();
        List<String> values = either(condition, "HostHeaderConfig", config == null ? List.of() : config.values());
        List<String> regexes = regexes(condition, config == null ? List.of() : config.regexValues());
        requireOneKind("HostHeaderConfig", values, regexes);
        values.forEach(value -> requireForm(condition.field(), value, HOST));
        if (!regexes.isEmpty()) {
            return RuleCondition.builder().field(condition.field()).regexValues(regexes)
                    .hostHeaderConfig(it -> it.regexValues(regexes)).build();
        }
        return RuleCondition.builder().field(condition.field()).values(values)
                .hostHeaderConfig(it -> it.values(values)).build();
    }

    private static RuleCondition pathPattern(RuleCondition condition) {
        var config = condition.pathPatternConfig();
        List<String> values = either(condition, "PathPatternConfig", config == null ? List.of() : config.values());
        List<String> regexes = regexes(condition, config == null ? List.of() : config.regexValues());
        requireOneKind("PathPatternConfig", values, regexes);
        values.forEach(value -> requireForm(condition.field(), value, PATH));
        if (!regexes.isEmpty()) {
            return RuleCondition.builder().field(condition.field()).regexValues(regexes)
                    .pathPatternConfig(it -> it.regexValues(regexes)).build();
        }
        return RuleCondition.builder().field(condition.field()).values(values)
                .pathPatternConfig(it -> it.values(values)).build();
    }

    private static RuleCondition httpHeader(RuleCondition condition) {
        var config = condition.httpHeaderConfig();
        if (config == null) {
            throw required("HttpHeaderConfig", condition.field());
        }
        String name = config.httpHeaderName();
        if (name == null || name.isEmpty()) {
            throw ElbErrors.validation("A 'HttpHeaderName' must be specified with 'http-header'");
        }
        if (name.length() > NAME_LENGTH_MAX) {
            throw ElbErrors.validation("The 'HttpHeaderName' value is too long; the limit is '40'");
        }
        if (!HEADER_NAME.matcher(name).matches()) {
            throw notValid(name);
        }
        if (name.equalsIgnoreCase("host")) {
            throw ElbErrors.validation("You cannot specify 'host' as an HTTP header name");
        }
        List<String> regexes = regexes(condition, config.regexValues());
        requireOneKind("HttpHeaderConfig", config.values(), regexes);
        config.values().forEach(value -> requireForm(condition.field(), value, VISIBLE));
        return RuleCondition.builder().field(condition.field()).httpHeaderConfig(it -> {
            it.httpHeaderName(name);
            if (regexes.isEmpty()) {
                it.values(config.values());
            } else {
                it.regexValues(regexes);
            }
        }).build();
    }

    private static RuleCondition method(RuleCondition condition) {
        var config = condition.httpRequestMethodConfig();
        if (config == null) {
            throw required("HttpRequestMethodConfig", condition.field());
        }
        requireNoRegex(condition);
        requireValue(config.values());
        for (String value : config.values()) {
            if (value.length() > NAME_LENGTH_MAX) {
                throw ElbErrors.validation("The 'http-request-method' value is too long; the limit is '40'");
            }
            if (!METHOD.matcher(value).matches()) {
                throw notValid(value);
            }
        }
        return condition;
    }

    private static RuleCondition queryString(RuleCondition condition) {
        var config = condition.queryStringConfig();
        if (config == null) {
            throw required("QueryStringConfig", condition.field());
        }
        requireNoRegex(condition);
        requireValue(config.values());
        for (QueryStringKeyValuePair pair : config.values()) {
            if (pair.value() == null) {
                throw ElbErrors.validation("A 'Value' must be specified in 'QueryStringKeyValuePair'");
            }
            requireLength("Key", pair.key() == null ? "" : pair.key());
            requireLength("Value", pair.value());
            if (!VISIBLE.matcher((pair.key() == null ? "" : pair.key()) + pair.value()).matches()) {
                throw notValid(pair.value());
            }
        }
        return condition;
    }

    private static RuleCondition sourceIp(RuleCondition condition) {
        var config = condition.sourceIpConfig();
        if (config == null) {
            throw required("SourceIpConfig", condition.field());
        }
        requireNoRegex(condition);
        if (config.values().isEmpty()) {
            throw ElbErrors.validation("A 'source-ip' value must be specified");
        }
        for (String value : config.values()) {
            if (!IPV4_BLOCK.matcher(value).matches() && !IPV6_BLOCK.matcher(value).matches()) {
                throw ElbErrors.validation("The specified value '" + value + "' is not a valid CIDR block");
            }
        }
        return condition;
    }

    // ---- What they share ----

    /** The values, from the one place where they are given. */
    private static List<String> either(RuleCondition condition, String config, List<String> configured) {
        List<String> plain = condition.values();
        if (!plain.isEmpty() && !configured.isEmpty()) {
            throw ElbErrors.validation("You cannot provide both Values and '" + config
                    + "' for a condition of type '" + condition.field() + "'");
        }
        if (plain.size() > 1) {
            throw ElbErrors.validation("The '" + condition.field()
                    + "' field contains too many values; the limit is '1'");
        }
        return plain.isEmpty() ? configured : plain;
    }

    private static List<String> regexes(RuleCondition condition, List<String> configured) {
        List<String> plain = condition.regexValues();
        if (!plain.isEmpty() && !configured.isEmpty() && !plain.equals(configured)) {
            throw ElbErrors.validation("You cannot provide regular expressions twice for a condition of type '"
                    + condition.field() + "'");
        }
        List<String> regexes = plain.isEmpty() ? configured : plain;
        for (String regex : regexes) {
            requireLength(condition.field(), regex);
            requireRegex(regex);
        }
        return regexes;
    }

    static void requireRegex(String regex) {
        try {
            Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw ElbErrors.validation("The regular expression '" + regex + "' is not valid");
        }
    }

    private static void requireOneKind(String config, List<String> values, List<String> regexes) {
        if (!values.isEmpty() && !regexes.isEmpty()) {
            throw ElbErrors.validation("You must provide exactly one of the following: ['Values' 'RegexValues'] for "
                    + "config of type '" + config + "'");
        }
        if (regexes.isEmpty()) {
            requireValue(values);
        }
    }

    private static void requireValue(List<?> values) {
        if (values.isEmpty()) {
            throw ElbErrors.validation("A condition value must be specified");
        }
    }

    private static void requireNoRegex(RuleCondition condition) {
        if (!condition.regexValues().isEmpty()) {
            throw ElbErrors.validation("The 'RegexValues' field is not compatible with '" + condition.field() + "'");
        }
    }

    private static void requireForm(String field, String value, Pattern form) {
        requireLength(field, value);
        if (!form.matcher(value).matches()) {
            throw notValid(value);
        }
    }

    private static void requireLength(String field, String value) {
        if (value.length() > VALUE_LENGTH_MAX) {
            throw ElbErrors.validation("Condition value for '" + field + "' cannot contain more than 128 characters");
        }
    }

    private static RuntimeException notValid(String value) {
        return ElbErrors.validation("Condition value '" + (value.length() > VALUE_LENGTH_MAX
                ? value.substring(0, VALUE_LENGTH_MAX) + "…" : value) + "' contains a character that is not valid");
    }

    private static RuntimeException required(String config, String field) {
        return ElbErrors.validation("A '" + config + "' must be specified with '" + field + "'");
    }

    private static void requireWithinQuotas(List<RuleCondition> conditions) {
        List<String> values = conditions.stream().flatMap(Conditions::values).toList();
        long all = values.size() + conditions.stream().mapToLong(Conditions::regexCount).sum();
        if (all > Quotas.CONDITION_VALUES_PER_RULE) {
            throw ElbErrors.validation("A rule can only have '" + Quotas.CONDITION_VALUES_PER_RULE
                    + "' condition values");
        }
        long wildcards = values.stream().flatMapToInt(String::chars).filter(c -> c == '*' || c == '?').count();
        if (wildcards > Quotas.CONDITION_WILDCARDS_PER_RULE) {
            throw ElbErrors.validation("A rule can only have '" + Quotas.CONDITION_WILDCARDS_PER_RULE
                    + "' condition wildcards");
        }
    }

    private static long regexCount(RuleCondition condition) {
        return condition.regexValues().size()
                + (condition.httpHeaderConfig() == null ? 0 : condition.httpHeaderConfig().regexValues().size());
    }

    private static Stream<String> values(RuleCondition condition) {
        return switch (condition.field()) {
            case "http-header" -> condition.httpHeaderConfig().values().stream();
            case "http-request-method" -> condition.httpRequestMethodConfig().values().stream();
            case "query-string" -> condition.queryStringConfig().values().stream()
                    .map(pair -> (pair.key() == null ? "" : pair.key()) + pair.value());
            case "source-ip" -> condition.sourceIpConfig().values().stream();
            default -> condition.values().stream();
        };
    }
}
