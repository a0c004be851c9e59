package dev.landfall.ecs.conformance;

import static dev.landfall.ecs.conformance.Row.refuses;
import static dev.landfall.ecs.conformance.Row.works;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.Setting;

class AccountSettingConformanceTest {
    private static final String ROOT = "arn:aws:iam::123456789012:root";
    private static final String USER = "arn:aws:iam::123456789012:user/ann";
    private static final Class<InvalidParameterException> INVALID = InvalidParameterException.class;
    private static final String INVALID_INSIGHTS = "Invalid setting 'value'";

    static List<Row> rows() {
        return Row.all(List.of(putAccountSetting(), putAccountSettingDefault(), deleteAccountSetting(),
                listAccountSettings()));
    }

    static Stream<Arguments> arguments() {
        return Row.arguments(rows());
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void holds(Row row) throws Exception {
        row.holds();
    }

    private static Setting setting(String name, String value, String principalArn) {
        return Setting.builder().name(name).value(value).principalArn(principalArn).type("user").build();
    }

    private static List<Row> putAccountSetting() {
        String action = "PutAccountSetting";
        return List.of(
                works(action, "sets it for the caller", on -> on.ecs().putAccountSetting(request -> request
                        .name("containerInsights").value("enabled")),
                        answer -> assertThat(answer.setting()).isEqualTo(
                                setting("containerInsights", "enabled", ROOT))),
                works(action, "sets it for a user", on -> on.ecs().putAccountSetting(request -> request
                        .name("containerInsights").value("enhanced").principalArn(USER)),
                        answer -> assertThat(answer.setting()).isEqualTo(
                                setting("containerInsights", "enhanced", USER))),
                works(action, "repeated answers the same", on -> {
                    on.ecs().putAccountSetting(request -> request.name("awsvpcTrunking").value("enabled"));
                    return on.ecs().putAccountSetting(request -> request.name("awsvpcTrunking").value("enabled"));
                }, answer -> assertThat(answer.setting()).isEqualTo(setting("awsvpcTrunking", "enabled", ROOT))),
                refuses(action, "an unknown name", INVALID, "Invalid setting 'name'",
                        on -> on.ecs().putAccountSetting(request -> request.name("loudness").value("enabled"))),
                refuses(action, "an unknown value", INVALID, INVALID_INSIGHTS,
                        on -> on.ecs().putAccountSetting(request -> request.name("containerInsights").value("on"))),
                refuses(action, "a principal that is none", INVALID, "Invalid principal ARN.",
                        on -> on.ecs().putAccountSetting(request -> request.name("containerInsights")
                                .value("enabled").principalArn("ann"))));
    }

    private static List<Row> putAccountSettingDefault() {
        String action = "PutAccountSettingDefault";
        return List.of(
                works(action, "sets it for everyone who has none of their own", on -> {
                    on.ecs().putAccountSettingDefault(request -> request
                            .name("fargateTaskRetirementWaitPeriod").value("0"));
                    return on.ecs().putAccountSettingDefault(request -> request
                            .name("fargateTaskRetirementWaitPeriod").value("14"));
                }, answer -> assertThat(answer.setting()).isEqualTo(
                        setting("fargateTaskRetirementWaitPeriod", "14", ROOT))),
                refuses(action, "an unknown name", INVALID, "Invalid setting 'name'",
                        on -> on.ecs().putAccountSettingDefault(request -> request.name("x").value("enabled"))),
                refuses(action, "an unknown value", INVALID, INVALID_INSIGHTS,
                        on -> on.ecs().putAccountSettingDefault(request -> request.name("containerInsights")
                                .value("on"))));
    }

    private static List<Row> deleteAccountSetting() {
        String action = "DeleteAccountSetting";
        return List.of(
                works(action, "answers what was set", on -> {
                    on.ecs().putAccountSetting(request -> request.name("containerInsights").value("enabled")
                            .principalArn(USER));
                    return on.ecs().deleteAccountSetting(request -> request.name("containerInsights")
                            .principalArn(USER));
                }, answer -> assertThat(answer.setting()).isEqualTo(
                        setting("containerInsights", "enabled", USER))),
                works(action, "repeated answers what holds then", on -> {
                    on.ecs().putAccountSetting(request -> request.name("containerInsights").value("enabled"));
                    on.ecs().deleteAccountSetting(request -> request.name("containerInsights"));
                    return on.ecs().deleteAccountSetting(request -> request.name("containerInsights"));
                }, answer -> assertThat(answer.setting()).isEqualTo(
                        setting("containerInsights", "disabled", ROOT))),
                refuses(action, "an unknown name", INVALID, "Invalid setting 'name'",
                        on -> on.ecs().deleteAccountSetting(request -> request.name("x"))));
    }

    private static List<Row> listAccountSettings() {
        String action = "ListAccountSettings";
        return List.of(
                works(action, "lists what was set", on -> {
                    on.ecs().putAccountSetting(request -> request.name("containerInsights").value("enabled"));
                    return on.ecs().listAccountSettings(request -> { });
                }, answer -> assertThat(answer.settings()).containsExactly(
                        setting("containerInsights", "enabled", ROOT))),
                works(action, "lists what holds, with AWS's initial values",
                        on -> on.ecs().listAccountSettings(request -> request.effectiveSettings(true)),
                        answer -> assertThat(answer.settings())
                                .extracting(each -> each.nameAsString() + "=" + each.value())
                                .contains("awsvpcTrunking=disabled", "containerInsights=disabled",
                                        "containerInstanceLongArnFormat=enabled", "serviceLongArnFormat=enabled",
                                        "dualStackIPv6=enabled", "fargateTaskRetirementWaitPeriod=7",
                                        "guardDutyActivate=off")),
                works(action, "lists what holds for a user, whose own value comes first", on -> {
                    on.ecs().putAccountSettingDefault(request -> request.name("containerInsights").value("enabled"));
                    on.ecs().putAccountSettingDefault(request -> request.name("awsvpcTrunking").value("enabled"));
                    on.ecs().putAccountSetting(request -> request.name("containerInsights").value("disabled")
                            .principalArn(USER));
                    return on.ecs().listAccountSettings(request -> request.effectiveSettings(true)
                            .principalArn(USER));
                }, answer -> assertThat(answer.settings()).contains(
                        setting("containerInsights", "disabled", USER), setting("awsvpcTrunking", "enabled", USER))),
                works(action, "lists those of a name and a value", on -> on.ecs().listAccountSettings(request ->
                        request.effectiveSettings(true).name("containerInsights").value("enabled")),
                        answer -> assertThat(answer.settings()).isEmpty()),
                refuses(action, "an unknown name", INVALID, "Invalid setting 'name'",
                        on -> on.ecs().listAccountSettings(request -> request.name("x"))),
                refuses(action, "a value without a name", INVALID,
                        "If you specify a value, you must also specify a name.",
                        on -> on.ecs().listAccountSettings(request -> request.value("enabled"))));
    }
}
