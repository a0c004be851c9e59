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

    /** One setting of the service. */
    private record Known(SettingName name, String initial, List<String> values) {}

    private static final List<Known> ALL = List.of(
            new Known(SettingName.AWSVPC_TRUNKING, "disabled", ON_OFF),
            new Known(SettingName.CONTAINER_INSIGHTS, "disabled", List.of("enhanced", "enabled", "disabled")),
            new Known(SettingName.CONTAINER_INSTANCE_LONG_ARN_FORMAT, "enabled", ON_OFF),
            new Known(SettingName.DEFAULT_LOG_DRIVER_MODE, "non-blocking", List.of("blocking", "non-blocking")),
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

    static List<SettingName> names() {
        return ALL.stream().map(Known::name).toList();
    }

    static Optional<String> find(Image image, Scope scope, SettingName name, String principalArn) {
        return image.get(EcsTables.ACCOUNT_SETTINGS, AccountSettingRow.key(scope, name.toString(), principalArn))
                .map(AccountSettingRow::value);
    }

    /** What holds for a principal: its own, the account's, or the service's initial value. */
    static Setting effective(Image image, Scope scope, SettingName name, String principalArn) {
        String value = find(image, scope, name, principalArn).orElseGet(() -> value(image, scope, name));
        return setting(name, value, principalArn);
    }

    static Setting setting(SettingName name, String value, String principalArn) {
        var type = name == SettingName.GUARD_DUTY_ACTIVATE ? SettingType.AWS_MANAGED : SettingType.USER;
        return Setting.builder().name(name).value(value).principalArn(principalArn).type(type).build();
    }

    /** The setting named by a caller. */
    static SettingName requireName(String name) {
        return known(name).name;
    }

    static SettingName requireSettable(String name, String value) {
        Known known = known(name);
        if (known.name == SettingName.GUARD_DUTY_ACTIVATE) {
            throw EcsErrors.invalidParameter("The setting guardDutyActivate is managed by AWS and cannot be changed.");
        }
        if (value == null || !known.values.contains(value)) {
            throw EcsErrors.invalidParameter("Invalid value for setting " + name + ". The valid values are: "
                    + String.join(", ", known.values));
        }
        return known.name;
    }

    /** The account's root, which stands for everyone in the account without a setting of their own. */
    static String root(Scope scope) {
        return "arn:aws:iam::" + scope.accountId() + ":root";
    }

    /** What the row of a principal is kept under; the root's row is the account's default. */
    static String owner(Scope scope, String principalArn) {
        if (principalArn == null || principalArn.equals(root(scope))) {
            return "";
        }
        if (!principalArn.matches("arn:aws[a-z-]*:iam::[^:]*:(user|role|federated-user)/.+")) {
            throw EcsErrors.invalidParameter("Invalid principal ARN.");
        }
        return principalArn;
    }

    private static Known known(String name) {
        return ALL.stream()
                .filter(known -> known.name.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> EcsErrors.invalidParameter("Invalid setting name."));
    }
}
