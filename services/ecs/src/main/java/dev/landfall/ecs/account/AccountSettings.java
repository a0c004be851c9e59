package dev.landfall.ecs.account;

import dev.landfall.ecs.EcsErrors;
import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Image;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Setting;
import software.amazon.awssdk.services.ecs.model.SettingName;
import software.amazon.awssdk.services.ecs.model.SettingType;

/** The settings there are, what they may be, and which one holds for a principal. */
public final class AccountSettings {
    private static final List<String> ON_OFF = List.of("enabled", "disabled");

    /** A setting that the API documents and the SDK's enumeration leaves out. */
    private static final String DUAL_STACK = "dualStackIPv6";

    /** Belongs to AWS: it is shown and cannot be set (ECS API Reference, PutAccountSetting). */
    private static final String GUARD_DUTY = SettingName.GUARD_DUTY_ACTIVATE.toString();

    /** One setting of the service. */
    private record Known(String name, String initial, List<String> values) {
        Known(SettingName name, String initial, List<String> values) {
            this(name.toString(), initial, values);
        }
    }

    /** With the values a new account has (ECS Developer Guide, Account settings). */
    private static final List<Known> ALL = List.of(
            new Known(SettingName.AWSVPC_TRUNKING, "disabled", ON_OFF),
            new Known(SettingName.CONTAINER_INSIGHTS, "disabled", List.of("enhanced", "enabled", "disabled")),
            new Known(SettingName.CONTAINER_INSTANCE_LONG_ARN_FORMAT, "enabled", ON_OFF),
            new Known(SettingName.DEFAULT_LOG_DRIVER_MODE, "non-blocking", List.of("blocking", "non-blocking")),
            new Known(DUAL_STACK, "enabled", ON_OFF),
            new Known(SettingName.FARGATE_EVENT_WINDOWS, "disabled", ON_OFF),
            new Known(SettingName.FARGATE_FIPS_MODE, "disabled", ON_OFF),
            new Known(SettingName.FARGATE_TASK_RETIREMENT_WAIT_PERIOD, "7", List.of("0", "7", "14")),
            new Known(SettingName.GUARD_DUTY_ACTIVATE, "off", List.of("on", "off")),
            new Known(SettingName.SERVICE_LONG_ARN_FORMAT, "enabled", ON_OFF),
            new Known(SettingName.TAG_RESOURCE_AUTHORIZATION, "off", List.of("on", "off")),
            new Known(SettingName.TASK_LONG_ARN_FORMAT, "enabled", ON_OFF));

    private AccountSettings() {}

    /** The value that holds for everyone in the account who has set none of their own. */
    public static String value(Image image, Scope scope, SettingName name) {
        return find(image, scope, name, "").orElse(known(name.toString()).initial);
    }

    static List<String> names() {
        return ALL.stream().map(Known::name).toList();
    }

    private static Optional<String> find(Image image, Scope scope, SettingName name, String principalArn) {
        return find(image, scope, name.toString(), principalArn);
    }

    static Optional<String> find(Image image, Scope scope, String name, String principalArn) {
        return image.get(EcsTables.ACCOUNT_SETTINGS, AccountSettingRow.key(scope, name, principalArn))
                .map(AccountSettingRow::value);
    }

    /** What holds for a principal: its own, the account's, or the service's initial value. */
    static Setting effective(Image image, Scope scope, String name, String principalArn) {
        String value = find(image, scope, name, principalArn)
                .or(() -> find(image, scope, name, ""))
                .orElseGet(() -> known(name).initial);
        return setting(name, value, principalArn);
    }

    static Setting setting(String name, String value, String principalArn) {
        var type = name.equals(GUARD_DUTY) ? SettingType.AWS_MANAGED : SettingType.USER;
        return Setting.builder().name(name).value(value).principalArn(principalArn).type(type).build();
    }

    /** The setting named by a caller. */
    static String requireName(String name) {
        return known(name).name;
    }

    static String requireSettable(String name, String value) {
        Known known = known(name);
        if (known.name.equals(GUARD_DUTY)) {
            throw EcsErrors.invalidParameter("The setting guardDutyActivate is managed by AWS and cannot be changed.");
        }
        if (value == null || !known.values.contains(value)) {
            throw EcsErrors.invalidParameter("Invalid setting 'value'");
        }
        return known.name;
    }

    /** The account's root, which stands for everyone in the account without a setting of their own. */
    static String root(Scope scope) {
        return "arn:aws:iam::" + scope.accountId() + ":root";
    }

    /**
     * What the row of a principal is kept under; the root's row is the account's default. "Federated users assume the
     * account setting of the root user and can't have explicit account settings set for them."
     */
    static String owner(Scope scope, String principalArn) {
        if (principalArn == null || principalArn.equals(root(scope)) || matches(principalArn, "federated-user")) {
            return "";
        }
        if (!matches(principalArn, "(user|role)")) {
            throw EcsErrors.invalidParameter("Invalid principal ARN.");
        }
        return principalArn;
    }

    /** As {@link #owner}, for a value that is to be set. */
    static String settableOwner(Scope scope, String name, String principalArn) {
        if (principalArn != null && matches(principalArn, "federated-user")) {
            throw EcsErrors.invalidParameter("Invalid principal ARN.");
        }
        String owner = owner(scope, principalArn);
        if (!owner.isEmpty() && name.equals(SettingName.FARGATE_TASK_RETIREMENT_WAIT_PERIOD.toString())) {
            throw EcsErrors.invalidParameter("You must use the root user when you set the Fargate wait time.");
        }
        return owner;
    }

    private static boolean matches(String principalArn, String kinds) {
        return principalArn.matches("arn:aws[a-z-]*:(iam|sts)::[^:]*:" + kinds + "/.+");
    }

    private static Known known(String name) {
        return ALL.stream()
                .filter(known -> known.name.equals(name))
                .findFirst()
                .orElseThrow(() -> EcsErrors.invalidParameter("Invalid setting 'name'"));
    }
}
