package dev.landfall.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.edge.Backend;
import dev.landfall.edge.Ground;
import dev.landfall.edge.Wire;
import dev.landfall.protocol.edge.Action;
import dev.landfall.protocol.edge.Condition;
import dev.landfall.protocol.edge.Rule;
import dev.landfall.protocol.edge.Transform;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conditions, transforms and the answers of actions. */
class RulesTest {
    private final Ground ground = new Ground(1);

    @AfterEach
    void close() {
        ground.close();
    }

    private static Rule rule(Condition... conditions) {
        return new Rule("rule", 1, List.of(conditions), List.of(), new Action.FixedResponse("200", "", "matched"));
    }

    private boolean matches(Condition condition, String request) {
        ground.rules = List.of(rule(condition));
        ground.standard = new Action.FixedResponse("404", "", "");
        ground.apply();
        try (Wire client = ground.connect()) {
            client.send(request + "\r\n");
            return client.message().body().equals("matched");
        }
    }

    private static String get(String target, String host, String fields) {
        return "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + fields;
    }

    @ParameterizedTest
    @CsvSource({
        "example.com, EXAMPLE.com, true", "example.com, example.com:8080, true", "*.example.com, a.example.com, true",
        "*.example.com, example.com, false", "a?c.de, abc.de, true", "a?c.de, ac.de, false",
        "*a*b*c*, xxaxxbxxcxx, true", "*a*b*c*, xxaxxcxxbxx, false"})
    void hosts(String pattern, String host, boolean expected) {
        assertThat(matches(new Condition.HostHeader(List.of("no.match", pattern), List.of()), get("/", host, "")))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "/img/*, /img/a, true", "/img/*, /img, false", "/Img/*, /img/a, false", "/a*z, /abcz?q=1, true",
        "/a, /a?b, true", "/a, /ab, false", "/?, /b, true", "*.png, /x/y.png, true"})
    void paths(String pattern, String target, boolean expected) {
        assertThat(matches(new Condition.PathPattern(List.of(pattern), List.of()), get(target, "a", "")))
                .isEqualTo(expected);
    }

    @Test
    void regularExpressionsTakeLinearTime() {
        var evil = new Condition.HttpHeader("x-evil", List.of(), List.of("(a+)+$"));
        assertThat(matches(evil, get("/", "a", "X-Evil: " + "a".repeat(10_000) + "!\r\n"))).isFalse();
        assertThat(matches(evil, get("/", "a", "X-Evil: aaa\r\n"))).isTrue();
        assertThat(matches(new Condition.PathPattern(List.of(), List.of("^/v[0-9]+/")), get("/v12/x", "a", "")))
                .isTrue();
    }

    @Test
    void headersMethodsAndSources() {
        var header = new Condition.HttpHeader("User-Agent", List.of("*Chrome*"), List.of());
        assertThat(matches(header, get("/", "a", "user-agent: x CHROME y\r\n"))).isTrue();
        assertThat(matches(header, get("/", "a", "user-agent: Safari\r\n"))).isFalse();
        assertThat(matches(new Condition.HttpRequestMethod(List.of("PUT", "GET")), get("/", "a", ""))).isTrue();
        assertThat(matches(new Condition.HttpRequestMethod(List.of("get")), get("/", "a", ""))).isFalse();
        assertThat(matches(new Condition.SourceIp(List.of("127.0.0.0/8")), get("/", "a", ""))).isTrue();
        assertThat(matches(new Condition.SourceIp(List.of("127.0.0.2/32", "::/0")), get("/", "a", ""))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "version, v1, /?a=b&version=v1, true", "version, v1, /?version=v2, false", ", *example*, /?x=anExample1, true",
        "k, v, /?K=V, true", "k, 'a b', /?k=a%20b, true", "k, \\*, /?k=*, true", "k, \\*, /?k=x, false",
        "k, v, /k=v, false"})
    void queries(String key, String value, String target, boolean expected) {
        var condition = new Condition.QueryString(List.of(new Condition.KeyValue(key, value)));
        assertThat(matches(condition, get(target, "a", ""))).isEqualTo(expected);
    }

    @Test
    void allConditionsOfARuleAndTheFirstRuleThatMatches() {
        ground.rules = List.of(
                new Rule("1", 1, List.of(new Condition.PathPattern(List.of("/a*"), List.of()),
                        new Condition.HostHeader(List.of("b.c"), List.of())), List.of(),
                        new Action.FixedResponse("200", "", "first")),
                new Rule("2", 2, List.of(new Condition.PathPattern(List.of("/a*"), List.of())), List.of(),
                        new Action.FixedResponse("200", "application/json", "{}")));
        ground.standard = new Action.FixedResponse("503", "", "");
        ground.apply();
        try (Wire client = ground.connect()) {
            client.send(get("/ab", "b.c", "\r\n"));
            assertThat(client.message().body()).isEqualTo("first");
            client.send(get("/ab", "x.y", "\r\n"));
            Wire.Message second = client.message();
            assertThat(second.body()).isEqualTo("{}");
            assertThat(second.field("content-type")).contains("application/json; charset=utf-8");
            client.send(get("/", "b.c", "\r\n"));
            assertThat(client.message().firstLine()).isEqualTo("HTTP/1.1 503 Service Temporarily Unavailable");
            client.send("HEAD /ab HTTP/1.1\r\nHost: b.c\r\n\r\n");
            assertThat(client.head().field("content-length")).contains("5");
        }
    }

    @Test
    void redirects() {
        String[][] cases = {
            {"HTTPS", null, "443", null, null, "/a/b?c=d", "https://ex.am:443/a/b?c=d"},
            {null, "new.#{host}", null, "/new/#{path}", "x=#{query}&h=#{host}", "/a?c",
                "http://new.ex.am:PORT/new/a?x=c&h=ex.am"},
            {null, null, null, "/#{port}/#{protocol}", "", "/#{host}?z", "http://ex.am:PORT/PORT/http"}};
        for (String[] row : cases) {
            ground.standard = new Action.Redirect(row[0], row[1], row[2], row[3], row[4], "HTTP_301");
            ground.apply();
            try (Wire client = ground.connect()) {
                client.send(get(row[5], "ex.am", "\r\n"));
                Wire.Message response = client.message();
                assertThat(response.firstLine()).isEqualTo("HTTP/1.1 301 Moved Permanently");
                assertThat(response.field("location"))
                        .contains(row[6].replace("PORT", String.valueOf(ground.port)));
                assertThat(response.body()).hasSize(134);
            }
        }
    }

    /** U+010D and U+010A have the low bits of a carriage return and a line feed. */
    @Test
    void configuredTextIsOneLineWhateverItSays() {
        String odd = "/a\r\nX-Odd: y\u010d\u010aX-Odd: z";
        ground.listenerAttributes = Map.of("routing.http.response.x_frame_options.header_value", odd);
        try (Backend target = Backend.answering("")) {
            ground.group("tg", Map.of(), target);
            ground.rules = List.of(
                    new Rule("1", 1, List.of(new Condition.PathPattern(List.of("/r"), List.of())), List.of(),
                            new Action.Redirect("HTTPS", odd, "443", odd, odd, "HTTP_301")),
                    new Rule("2", 2, List.of(new Condition.PathPattern(List.of("/f"), List.of())), List.of(),
                            new Action.FixedResponse("200", odd, "")),
                    new Rule("3", 3, List.of(new Condition.PathPattern(List.of("/t"), List.of())),
                            List.of(new Transform.UrlRewrite(List.of(new Transform.Rewrite("/t", odd)))),
                            Ground.forward("tg")));
            ground.apply();
            try (Wire client = ground.connect()) {
                for (String path : List.of("/r", "/f", "/t")) {
                    client.send(get(path, "ex.am", "\r\n"));
                    assertThat(client.message().field("x-odd")).as(path).isEmpty();
                }
                assertThat(target.requests.getFirst().field("x-odd")).isEmpty();
            }
        }
    }

    @Test
    void transforms() {
        try (Backend target = Backend.answering("")) {
            ground.group("tg", Map.of(), target);
            ground.rules = List.of(new Rule("r", 1, List.of(new Condition.PathPattern(List.of("/api/*"), List.of())),
                    List.of(new Transform.UrlRewrite(
                                    List.of(new Transform.Rewrite("^/api/(v[0-9])/(.*)$", "/$2?v=$1"))),
                            new Transform.HostHeaderRewrite(
                                    List.of(new Transform.Rewrite("^(.*)\\.example\\.com$", "$1.internal")))),
                    Ground.forward("tg")));
            ground.apply();
            try (Wire client = ground.connect()) {
                client.send(get("/api/v2/users", "shop.example.com", "\r\n"));
                client.message();
                assertThat(target.requests.getFirst().firstLine()).isEqualTo("GET /users?v=v2 HTTP/1.1");
                assertThat(target.requests.getFirst().field("host").orElseThrow()).startsWith("shop.internal");
            }
        }
    }

    @Test
    void weightsAndTheirStickiness() {
        try (Backend a = Backend.answering("a"); Backend b = Backend.answering("b")) {
            ground.group("a", Map.of(), a).group("b", Map.of(), b);
            ground.standard = new Action.Forward(
                    List.of(new Action.WeightedGroup("a", 3), new Action.WeightedGroup("b", 1)), 60);
            ground.apply();
            int ofA = 0;
            String cookie = "";
            try (Wire client = ground.connect()) {
                for (int i = 0; i < 400; i++) {
                    client.send(get("/", "a", "\r\n"));
                    Wire.Message response = client.message();
                    ofA += response.body().equals("a") ? 1 : 0;
                    if (response.body().equals("b")) {
                        cookie = response.all("set-cookie").stream().filter(one -> one.startsWith("AWSALBTG="))
                                .findFirst().orElseThrow().split(";")[0];
                    }
                }
                assertThat(ofA).isBetween(240, 360);
                for (int i = 0; i < 20; i++) {
                    client.send(get("/", "a", "Cookie: x=y; " + cookie + "\r\n\r\n"));
                    assertThat(client.message().body()).isEqualTo("b");
                }
            }
        }
    }
}
