package dev.landfall.elb.rule;

import dev.landfall.elb.ElbErrors;
import dev.landfall.elb.Quotas;
import dev.landfall.elb.Scope;
import dev.landfall.elb.loadbalancer.LoadBalancerRow;
import dev.landfall.state.Image;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.FixedResponseActionConfig;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RedirectActionConfig;

/** The rules for actions, and the form in which they are stored and shown: complete with AWS's defaults. */
public final class Actions {
    private static final List<String> CONTENT_TYPES = List.of(
            "text/html", "application/json", "application/javascript", "text/css", "text/plain");
    private static final Pattern PORT = Pattern.compile("#\\{port\\}|[1-9][0-9]{0,4}");
    private static final Pattern HOST = Pattern.compile("([A-Za-z0-9.:-]|#\\{host\\})+");
    private static final Pattern PATH = Pattern.compile("/([\\x21-\\x7e])*");
    private static final Pattern QUERY = Pattern.compile("[\\x21-\\x7e]*");

    private Actions() {}

    /**
     * Where actions are to stand.
     *
     * @param protocol of the listener; GENEVE for one of a gateway
     */
    public record Place(LoadBalancerRow balancer, ProtocolEnum protocol) {
        boolean application() {
            return balancer.loadBalancer().type() == LoadBalancerTypeEnum.APPLICATION;
        }

        /** Whether one action may forward to several target groups, by weight. */
        boolean weighted() {
            return balancer.loadBalancer().type() != LoadBalancerTypeEnum.GATEWAY;
        }
    }

    public static List<Action> validated(Image image, Scope scope, Place place, List<Action> actions) {
        if (actions.isEmpty()) {
            throw ElbErrors.invalidAction("At least one action must be specified");
        }
        if (actions.size() > Quotas.ACTIONS_PER_RULE) {
            throw ElbErrors.tooManyActions();
        }
        List<Action> ordered = ordered(actions);
        long last = ordered.stream().filter(action -> routes(action.type())).count();
        if (last != 1 || !routes(ordered.getLast().type())) {
            throw ElbErrors.invalidAction("The actions must include exactly one of the types 'forward', 'redirect' and "
                    + "'fixed-response', and it must be the last action to be performed");
        }
        List<Action> valid = ordered.stream().map(action -> validated(image, scope, place, action)).toList();
        Forwards.requireRoom(image, place, RuleRow.targetGroupArns(valid));
        return valid;
    }

    private static List<Action> ordered(List<Action> actions) {
        if (actions.size() == 1) {
            return actions;
        }
        if (actions.stream().anyMatch(action -> action.order() == null)
                || actions.stream().map(Action::order).distinct().count() < actions.size()) {
            throw ElbErrors.invalidAction("Each action must have an order of its own if there are several");
        }
        return actions.stream().sorted(Comparator.comparing(Action::order)).toList();
    }

    /** Whether a request's way ends with it. */
    private static boolean routes(ActionTypeEnum type) {
        return type == ActionTypeEnum.FORWARD || type == ActionTypeEnum.REDIRECT
                || type == ActionTypeEnum.FIXED_RESPONSE;
    }

    private static Action validated(Image image, Scope scope, Place place, Action action) {
        if (!place.application() && action.type() != ActionTypeEnum.FORWARD) {
            throw ElbErrors.invalidAction("Actions of type '" + action.type() + "' are supported only on HTTP and "
                    + "HTTPS listeners");
        }
        if (place.protocol() != ProtocolEnum.HTTPS && !routes(action.type())) {
            throw ElbErrors.invalidAction("Actions of type '" + action.type()
                    + "' are supported only on HTTPS listeners");
        }
        requireOwnConfig(action);
        return switch (action.type()) {
            case FORWARD -> Forwards.validated(image, scope, place, action);
            case REDIRECT -> redirect(place, action);
            case FIXED_RESPONSE -> fixedResponse(action);
            case AUTHENTICATE_OIDC -> Authentications.oidc(action);
            case AUTHENTICATE_COGNITO -> Authentications.cognito(action);
            case JWT_VALIDATION -> Authentications.jwt(action);
            case UNKNOWN_TO_SDK_VERSION -> throw new IllegalStateException("a checked request has known types");
        };
    }

    private record Config(ActionTypeEnum type, String name, Object value) {}

    private static void requireOwnConfig(Action action) {
        List<Config> configs = List.of(
                new Config(ActionTypeEnum.FORWARD, "TargetGroupArn", action.targetGroupArn()),
                new Config(ActionTypeEnum.FORWARD, "ForwardConfig", action.forwardConfig()),
                new Config(ActionTypeEnum.REDIRECT, "RedirectConfig", action.redirectConfig()),
                new Config(ActionTypeEnum.FIXED_RESPONSE, "FixedResponseConfig", action.fixedResponseConfig()),
                new Config(ActionTypeEnum.AUTHENTICATE_OIDC, "AuthenticateOidcConfig", action.authenticateOidcConfig()),
                new Config(ActionTypeEnum.AUTHENTICATE_COGNITO, "AuthenticateCognitoConfig",
                        action.authenticateCognitoConfig()),
                new Config(ActionTypeEnum.JWT_VALIDATION, "JwtValidationConfig", action.jwtValidationConfig()));
        if (own(action, configs).allMatch(config -> config.value == null)) {
            throw ElbErrors.invalidAction("For actions of type '" + action.type()
                    + "', you must specify the following fields: '" + own(action, configs).toList().getFirst().name
                    + "'");
        }
        configs.stream().filter(config -> config.type != action.type() && config.value != null).findFirst()
                .ifPresent(config -> {
                    throw ElbErrors.invalidAction("For actions of type '" + action.type()
                            + "', you cannot specify the following fields: '" + config.name + "'");
                });
    }

    private static Stream<Config> own(Action action, List<Config> configs) {
        return configs.stream().filter(config -> config.type == action.type());
    }

    private static Action redirect(Place place, Action action) {
        RedirectActionConfig given = action.redirectConfig();
        RedirectActionConfig config = RedirectActionConfig.builder()
                .protocol(or(given.protocol(), "#{protocol}"))
                .host(or(given.host(), "#{host}"))
                .port(or(given.port(), "#{port}"))
                .path(or(given.path(), "/#{path}"))
                .query(or(given.query(), "#{query}"))
                .statusCode(given.statusCode())
                .build();
        if (!PORT.matcher(config.port()).matches()
                || !config.port().startsWith("#") && Integer.parseInt(config.port()) > 65_535) {
            throw ElbErrors.invalidAction("The redirect port must be '#{port}' or between '1-65535'");
        }
        if (!HOST.matcher(config.host()).matches() || !PATH.matcher(config.path()).matches()
                || !QUERY.matcher(config.query()).matches()) {
            throw ElbErrors.invalidAction("The redirect configuration is not valid because it contains a character "
                    + "that is not valid, or its path does not begin with '/'");
        }
        boolean sameProtocol = config.protocol().equals("#{protocol}")
                || config.protocol().equals(place.protocol().toString());
        boolean samePort = config.port().equals("#{port}");
        if (sameProtocol && samePort && config.host().equals("#{host}") && config.path().equals("/#{path}")) {
            throw ElbErrors.invalidAction("The redirect configuration is not valid because it creates a loop.");
        }
        if (place.protocol() == ProtocolEnum.HTTPS && config.protocol().equals("HTTP")) {
            throw ElbErrors.invalidAction("You cannot redirect from HTTPS to HTTP");
        }
        return action.toBuilder().redirectConfig(config).build();
    }

    private static String or(String given, String otherwise) {
        return given == null ? otherwise : given;
    }

    private static Action fixedResponse(Action action) {
        FixedResponseActionConfig config = action.fixedResponseConfig();
        if (config.contentType() != null && !CONTENT_TYPES.contains(config.contentType())) {
            throw ElbErrors.invalidAction("The ContentType must be one of:'text/html', 'application/json', "
                    + "'application/javascript', 'text/css', 'text/plain'");
        }
        return action;
    }
}
