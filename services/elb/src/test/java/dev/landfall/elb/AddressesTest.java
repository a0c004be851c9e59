package dev.landfall.elb;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
    @ParameterizedTest
    @ValueSource(strings = {"::", "::1", "1::", "fe80::1:2", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "ABCD::ef01"})
    void isOne(String text) {
        assertThat(Addresses.isIpv6(text)).isTrue();
        assertThat(Addresses.isBlock(text + "/128")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", ":::", "1", "1:2", "1::2::3", "1:::2", ":1::2", "1::2:", "1:2:3:4:5:6:7:8:9",
            "1:2:3:4:5:6:7:8::", "12345::", "g::", "::1%lo", "::1.2.3.4", "1.2.3.4"})
    void isNone(String text) {
        assertThat(Addresses.isIpv6(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0/0", "10.0.0.0/8", "255.255.255.255/32", "::/0"})
    void isABlock(String text) {
        assertThat(Addresses.isBlock(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0/8", "10.0.0.256/8", "01.0.0.0/8",
            "10.0.0.0/08", "10.0.0.0/-1", "::/129", "10.0.0.0/8/8", "10.0.0.0/99999999999"})
    void isNoBlock(String text) {
        assertThat(Addresses.isBlock(text)).isFalse();
    }
}
