package dev.landfall.bench.edge;

import dev.landfall.bench.edge.Scenario.Door;
import dev.landfall.protocol.edge.Action;
import dev.landfall.protocol.edge.Balancer;
import dev.landfall.protocol.edge.Condition;
import dev.landfall.protocol.edge.EdgeSnapshot;
import dev.landfall.protocol.edge.Listener;
import dev.landfall.protocol.edge.Rule;
import dev.landfall.protocol.edge.TargetGroup;
import dev.landfall.protocol.edge.TargetGroup.HealthCheck;
import dev.landfall.protocol.edge.TargetGroup.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The same listeners, rules and targets for each server, in its own words. */
final class Configurations {
    static final String GROUP = "arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/bench/1";
    private static final String NETWORK_GROUP =
            "arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/bench-tcp/2";
    private static final String BALANCER = "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/";
    /** AWS's quota of rules for each Application Load Balancer. */
    private static final int RULES = 100;
    private static final int CHECK_SECONDS = 5;
    private static final String CIPHERS = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384";

    private Configurations() {}

    /** Answers 128 bytes, or a megabyte, at each of some ports, and says at which. */
    static String backend(List<Integer> ports, Path directory) {
        String listens = ports.stream().map(port -> "listen 127.0.0.1:" + port + " backlog=4096;")
                .collect(Collectors.joining(" "));
        return nginx(directory) + """
                http { access_log off; keepalive_requests 1000000000; keepalive_timeout 600s; sendfile on;
                  open_file_cache max=10; default_type text/plain; server_tokens off;
                  server { %s
                    add_header X-Port $server_port always;
                    location = / { return 200 "%s"; }
                    location = /megabyte { root %s; }
                  } }
                """.formatted(listens, "x".repeat(128), directory);
    }

    private static String nginx(Path directory) {
        return """
                daemon off; master_process off; worker_processes 1; pid %s/nginx.pid; error_log stderr error;
                events { worker_connections 8192; }
                """.formatted(directory);
    }

    static String nginxProxy(Map<Door, Integer> ports, int target, Path directory) {
        String rules = IntStream.range(0, RULES).mapToObj(i ->
                        "location /service-" + i + "/ { proxy_pass http://targets; }").collect(Collectors.joining(" "));
        String proxy = "proxy_http_version 1.1; proxy_set_header Connection \"\"; proxy_set_header Host $host; "
                + "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; "
                + "proxy_set_header X-Forwarded-Proto $scheme; ";
        return nginx(directory) + """
                http { keepalive_requests 1000000000; keepalive_timeout 600s;
                  upstream targets { server 127.0.0.1:%d; keepalive 1024; keepalive_requests 1000000000; }
                  server { listen 127.0.0.1:%d backlog=4096; access_log off; %s
                    location / { proxy_pass http://targets; } }
                  server { listen 127.0.0.1:%d backlog=4096; access_log %s/nginx-access.log; %s %s
                    location / { proxy_pass http://targets; } }
                  server { listen 127.0.0.1:%d ssl http2 backlog=4096; access_log %s/nginx-access.log; %s %s
                    ssl_certificate %s/both.pem; ssl_certificate_key %s/both.pem; ssl_protocols TLSv1.3;
                    location / { proxy_pass http://targets; } }
                }
                """.formatted(target, ports.get(Door.BARE), proxy, ports.get(Door.HTTP), directory, proxy, rules,
                ports.get(Door.TLS), directory, proxy, rules, directory, directory);
    }

    static String haproxy(Map<Door, Integer> ports, int target, Path directory) {
        String rules = IntStream.range(0, RULES).mapToObj(i ->
                "  acl service-" + i + " path_beg /service-" + i + "/\n  use_backend checked if service-" + i + "\n")
                .collect(Collectors.joining());
        String logged = "  log global\n  option httplog\n";
        return """
                global
                  nbthread 1
                  maxconn 8000
                  log stdout format raw local0
                  ssl-default-bind-ciphersuites %s
                  ssl-default-bind-options ssl-min-ver TLSv1.2
                defaults
                  mode http
                  option forwardfor
                  timeout connect 10s
                  timeout client 60s
                  timeout server 60s
                frontend bare
                  bind 127.0.0.1:%d
                  default_backend unchecked
                frontend http
                  bind 127.0.0.1:%d
                %s%s  default_backend checked
                frontend tls
                  bind 127.0.0.1:%d ssl crt %s/both.pem alpn h2,http/1.1
                %s%s  default_backend checked
                listen tcp
                  mode tcp
                  bind 127.0.0.1:%d
                  server target 127.0.0.1:%d check inter %ds
                backend unchecked
                  server target 127.0.0.1:%d
                backend checked
                  option httpchk GET /
                  server target 127.0.0.1:%d check inter %ds
                """.formatted(CIPHERS, ports.get(Door.BARE), ports.get(Door.HTTP), logged, rules, ports.get(Door.TLS),
                directory, logged, rules, ports.get(Door.TCP), target, CHECK_SECONDS, target, target, CHECK_SECONDS);
    }

    /** Ours: one load balancer for each door, since access logs are an attribute of the load balancer. */
    static EdgeSnapshot snapshot(long version, Map<Door, Integer> ports, Certificate certificate, int target) {
        var balancers = new ArrayList<Balancer>();
        for (var entry : ports.entrySet()) {
            Door door = entry.getKey();
            boolean network = door == Door.TCP;
            var rules = new ArrayList<Rule>();
            for (int i = 0; i < RULES && !network && door != Door.BARE; i++) {
                rules.add(new Rule("rule-" + i, i + 1,
                        List.of(new Condition.PathPattern(List.of("/service-" + i + "/*"), List.of())), List.of(),
                        forward(GROUP)));
            }
            rules.add(new Rule("default", List.of(), List.of(), forward(network ? NETWORK_GROUP : GROUP)));
            Listener.Protocol protocol = switch (door) {
                case BARE, HTTP -> Listener.Protocol.HTTP;
                case TLS -> Listener.Protocol.HTTPS;
                case TCP -> Listener.Protocol.TCP;
            };
            boolean secure = door == Door.TLS;
            var listener = new Listener("listener-" + door, entry.getValue(), protocol,
                    secure ? List.of(new Listener.Certificate("bench", certificate.chain(), certificate.key()))
                            : List.of(),
                    secure ? "ELBSecurityPolicy-TLS13-1-2-2021-06" : "", "", Map.of(), rules);
            balancers.add(new Balancer(BALANCER + (network ? "net/" : "app/") + "bench-" + door + "/" + door.ordinal(),
                    "bench-" + door, "", network ? Balancer.Type.NETWORK : Balancer.Type.APPLICATION,
                    List.of(new Balancer.BindAddress("127.0.0.1", "us-east-1a")),
                    door == Door.BARE || network ? Map.of() : Map.of("access_logs.s3.enabled", "true"),
                    List.of(listener)));
        }
        List<Target> targets = List.of(target(target));
        return new EdgeSnapshot(version, balancers, List.of(group(targets),
                new TargetGroup(NETWORK_GROUP, "bench-tcp", TargetGroup.Protocol.TCP, null, TargetGroup.TargetType.IP,
                        check(TargetGroup.Protocol.TCP), Map.of(), targets)));
    }

    /** The targets of the doors of HTTP, checked and with a delay that is over soon. */
    static TargetGroup group(List<Target> targets) {
        return new TargetGroup(GROUP, "bench", TargetGroup.Protocol.HTTP, TargetGroup.ProtocolVersion.HTTP1,
                TargetGroup.TargetType.IP, check(TargetGroup.Protocol.HTTP),
                Map.of("deregistration_delay.timeout_seconds", "5"), targets);
    }

    private static HealthCheck check(TargetGroup.Protocol protocol) {
        return new HealthCheck(true, protocol, null, "/", CHECK_SECONDS, 2, 2, 2, "200");
    }

    static Target target(int port) {
        return new Target("127.0.0.1", "127.0.0.1", port, "us-east-1a");
    }

    private static Action forward(String arn) {
        return new Action.Forward(List.of(new Action.WeightedGroup(arn, 1)), 0);
    }
}
