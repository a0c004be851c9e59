package dev.landfall.ecs.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.ecs.EcsTables;
import dev.landfall.ecs.Scope;
import dev.landfall.state.Context;
import dev.landfall.state.Decision;
import dev.landfall.state.Image;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecs.model.DeleteAccountSettingRequest;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ListAccountSettingsRequest;
import software.amazon.awssdk.services.ecs.model.PutAccountSettingDefaultRequest;
import software.amazon.awssdk.services.ecs.model.PutAccountSettingRequest;
import software.amazon.awssdk.services.ecs.model.Setting;
import software.amazon.awssdk.services.ecs.model.SettingName;
import software.amazon.awssdk.services.ecs.model.SettingType;

class AccountSettingsTest {
    private static final Scope SCOPE = new Scope("123456789012", "eu-central-1");
    private static final String ROOT = "arn:aws:iam::123456789012:root";
    private static final String USER = "arn:aws:iam::123456789012:user/ann";
    private static final Context CONTEXT = new Context(Instant.EPOCH, () -> {
        throw new IllegalStateException("settings need no ids");
    });

    private Image image = Image.empty(EcsTables.ALL);

    @Test
    void aPrincipalsOwnValueHoldsBeforeTheAccounts() {
        assertThat(effective(USER)).isEqualTo("disabled");
        putDefault("containerInsights", "enabled");
        assertThat(effective(USER)).isEqualTo("enabled");
        put("containerInsights", "enhanced", USER);
        assertThat(effective(USER)).isEqualTo("enhanced");
        assertThat(effective(null)).isEqualTo("enabled");
        assertThat(AccountSettings.value(image, SCOPE, SettingName.CONTAINER_INSIGHTS)).isEqualTo("enabled");

        assertThat(delete("containerInsights", USER).value()).isEqualTo("enhanced");
        assertThat(effective(USER)).isEqualTo("enabled");
        assertThat(delete("containerInsights", null).principalArn()).isEqualTo(ROOT);
        assertThat(effective(USER)).isEqualTo("disabled");
        assertThat(image.size(EcsTables.ACCOUNT_SETTINGS)).isZero();
    }

    @Test
    void onlyWhatWasSetIsListedUnlessAllIsAskedFor() {
        put("awsvpcTrunking", "enabled", null);

        assertThat(list(request -> { })).containsExactly(Setting.builder().name("awsvpcTrunking").value("enabled")
                .principalArn(ROOT).type("user").build());
        assertThat(list(request -> request.principalArn(USER))).isEmpty();
        assertThat(list(request -> request.effectiveSettings(true))).hasSize(10)
                .allSatisfy(setting -> assertThat(setting.principalArn()).isEqualTo(ROOT));
        assertThat(list(request -> request.effectiveSettings(true).name("taskLongArnFormat").value("disabled")))
                .isEmpty();
        assertThat(list(request -> request.effectiveSettings(true).name("taskLongArnFormat").value("enabled")))
                .hasSize(1);
    }

    @Test
    void pagesWalkAllSettingsOnce() {
        var seen = new ArrayList<Setting>();
        String token = null;
        do {
            var page = ListAccountSettings.read(image, ListAccountSettingsRequest.builder()
                    .effectiveSettings(true).maxResults(4).nextToken(token).build(), SCOPE);
            seen.addAll(page.settings());
            token = page.nextToken();
        } while (token != null);
        assertThat(seen).extracting(Setting::nameAsString).containsExactly("awsvpcTrunking", "containerInsights",
                "containerInstanceLongArnFormat", "defaultLogDriverMode", "dualStackIPv6", "fargateEventWindows",
                "fargateFIPSMode", "fargateTaskRetirementWaitPeriod", "guardDutyActivate", "serviceLongArnFormat",
                "tagResourceAuthorization", "taskLongArnFormat");
        assertThat(seen).extracting(Setting::value).containsExactly("disabled", "disabled", "enabled", "non-blocking",
                "enabled", "disabled", "disabled", "7", "off", "enabled", "off", "enabled");
        assertThat(seen).filteredOn(setting -> setting.type() == SettingType.AWS_MANAGED)
                .extracting(Setting::nameAsString).containsExactly("guardDutyActivate");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "color             | red      |  | Invalid setting 'name'",
        "containerInsights | loud     |  | Invalid setting 'value'",
        "containerInsights |          |  | Invalid setting 'value'",
        "guardDutyActivate | on       |  | The setting guardDutyActivate is managed by AWS and cannot be changed.",
        "fargateTaskRetirementWaitPeriod | 3 |  | Invalid setting 'value'",
        "fargateTaskRetirementWaitPeriod | 14 | arn:aws:iam::123456789012:user/ann | You must use the root user when "
                + "you set the Fargate wait time.",
        "awsvpcTrunking    | enabled  | arn:aws:sts::123456789012:federated-user/ann | Invalid principal ARN.",
        "awsvpcTrunking    | enabled  | ann | Invalid principal ARN."})
    void whatIsNoSettingIsRefused(String name, String value, String principal, String message) {
        assertThatThrownBy(() -> put(name, value, principal)).isInstanceOf(InvalidParameterException.class)
                .extracting(error -> ((InvalidParameterException) error).awsErrorDetails().errorMessage())
                .isEqualTo(message);
    }

    @Test
    void aFederatedUserHasTheAccountsSettings() {
        putDefault("containerInsights", "enhanced");
        assertThat(effective("arn:aws:sts::123456789012:federated-user/ann")).isEqualTo("enhanced");
    }

    @Test
    void aSettingOutsideTheSdksEnumerationWorksLikeTheOthers() {
        put("dualStackIPv6", "disabled", null);
        assertThat(list(request -> request.name("dualStackIPv6"))).singleElement()
                .satisfies(setting -> assertThat(setting.value()).isEqualTo("disabled"));
        assertThat(delete("dualStackIPv6", null).value()).isEqualTo("disabled");
    }

    @Test
    void aValueIsOnlyAFilterForAName() {
        assertThatThrownBy(() -> list(request -> request.value("enabled")))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("If you specify a value, you must also specify a name.");
    }

    private String effective(String principalArn) {
        return list(request -> request.effectiveSettings(true).name("containerInsights").principalArn(principalArn))
                .getFirst().value();
    }

    private List<Setting> list(Consumer<ListAccountSettingsRequest.Builder> change) {
        var request = ListAccountSettingsRequest.builder();
        change.accept(request);
        return ListAccountSettings.read(image, request.build(), SCOPE).settings();
    }

    private void put(String name, String value, String principalArn) {
        var request = PutAccountSettingRequest.builder().name(name).value(value).principalArn(principalArn).build();
        apply(PutAccountSetting.decide(image, request, SCOPE, CONTEXT));
    }

    private void putDefault(String name, String value) {
        var request = PutAccountSettingDefaultRequest.builder().name(name).value(value).build();
        apply(PutAccountSettingDefault.decide(image, request, SCOPE, CONTEXT));
    }

    private Setting delete(String name, String principalArn) {
        var request = DeleteAccountSettingRequest.builder().name(name).principalArn(principalArn).build();
        return apply(DeleteAccountSetting.decide(image, request, SCOPE, CONTEXT)).setting();
    }

    private <A> A apply(Decision<A> decision) {
        image = image.apply(decision.writes());
        return decision.reply();
    }
}
