package dev.landfall.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.landfall.app.data.Running;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The AWS CLI makes a load balancer as AWS's tutorials do, waits for it, reads errors and takes all away again. */
class LoadBalancingCliTest {
    private static final long PATIENCE_SECONDS = 120;

    @TempDir
    private Path directory;

    private URI endpoint = URI.create("http://landfall.invalid");

    private record Outcome(int status, String out, String errors) {}

    private Outcome run(List<String> command) throws IOException, InterruptedException {
        Path out = Files.createTempFile(directory, "out", "");
        Path errors = Files.createTempFile(directory, "errors", "");
        var builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(errors.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
        builder.environment().putAll(Map.of(
                "AWS_ENDPOINT_URL", endpoint.toString(), "AWS_DEFAULT_REGION", "eu-west-1",
                "AWS_ACCESS_KEY_ID", "landfall", "AWS_SECRET_ACCESS_KEY", "landfall", "AWS_PAGER", "",
                "AWS_CONFIG_FILE", "/dev/null", "NO_PROXY", "127.0.0.1"));
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return new Outcome(-1, "", e.toString()); // there is no such program
        }
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("still runs: " + command);
        }
        return new Outcome(process.exitValue(), Files.readString(out).strip(), Files.readString(errors).strip());
    }

    /** What {@code aws elbv2} prints as text. */
    private String elbv2(String... arguments) throws IOException, InterruptedException {
        Outcome outcome = called(arguments);
        assertThat(outcome.status).as(outcome.errors).isZero();
        return outcome.out;
    }

    private Outcome called(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("aws", "elbv2"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--output", "text"));
        return run(command);
    }

    @Test
    void followsTheTutorial() throws Exception {
        assumeTrue(run(List.of("aws", "--version")).status == 0, "the AWS CLI is not installed");
        try (var server = Launched.start("server", "--data", directory.toString(), "--port", "0")) {
            assertThat(server.firstLine()).isNotEmpty();
            endpoint = Running.find(directory).orElseThrow().endpoint();
            String balancer = elbv2("create-load-balancer", "--name", "my-load-balancer", "--subnets",
                    "subnet-0e3f5cac72EXAMPLE", "subnet-081ec835f3EXAMPLE", "--security-groups",
                    "sg-07e8ffd50fEXAMPLE", "--tags", "Key=team,Value=web",
                    "--query", "LoadBalancers[].LoadBalancerArn");
            elbv2("wait", "load-balancer-available", "--load-balancer-arns", balancer);
            String group = elbv2("create-target-group", "--name", "my-targets", "--protocol", "HTTP", "--port", "80",
                    "--vpc-id", "vpc-0598c7d356EXAMPLE", "--target-type", "ip",
                    "--query", "TargetGroups[].TargetGroupArn");
            elbv2("register-targets", "--target-group-arn", group, "--targets", "Id=10.0.0.5",
                    "Id=10.0.0.6,Port=8080");
            String listener = elbv2("create-listener", "--load-balancer-arn", balancer, "--protocol", "HTTP", "--port",
                    "80", "--default-actions", "Type=forward,TargetGroupArn=" + group,
                    "--query", "Listeners[].ListenerArn");
            String rule = elbv2("create-rule", "--listener-arn", listener, "--priority", "10", "--conditions",
                    "Field=path-pattern,Values=/img/*", "--actions", "Type=forward,TargetGroupArn=" + group,
                    "--query", "Rules[].RuleArn");

            assertThat(elbv2("describe-target-health", "--target-group-arn", group,
                    "--query", "TargetHealthDescriptions[].[Target.Id,Target.Port,TargetHealth.State]"))
                    .isEqualTo("10.0.0.5\t80\tinitial\n10.0.0.6\t8080\tinitial");
            assertThat(elbv2("describe-rules", "--listener-arn", listener, "--query", "Rules[].Priority"))
                    .isEqualTo("10\tdefault");
            assertThat(elbv2("describe-load-balancers", "--page-size", "1", "--query", "LoadBalancers[].DNSName"))
                    .matches("my-load-balancer-[0-9]{10}\\.eu-west-1\\.elb\\.localhost");

            Outcome refused = called("delete-target-group", "--target-group-arn", group);
            assertThat(refused.status).isNotZero();
            assertThat(refused.errors).isEqualTo("An error occurred (ResourceInUse) when calling the DeleteTargetGroup "
                    + "operation: Target group '" + group + "' is currently in use by a listener or a rule");

            elbv2("delete-rule", "--rule-arn", rule);
            elbv2("delete-load-balancer", "--load-balancer-arn", balancer);
            elbv2("wait", "load-balancers-deleted", "--load-balancer-arns", balancer);
            elbv2("delete-target-group", "--target-group-arn", group);
        }
    }
}
