package dev.landfall.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.landfall.app.data.Running;
import dev.landfall.x509.Authority;
import dev.landfall.x509.Entropy;
import dev.landfall.x509.KeyAlgorithm;
import dev.landfall.x509.Pem;
import dev.landfall.x509.ServerCertificate;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The AWS CLI asks for certificates, brings some of its own, and makes a Classic Load Balancer with one. */
class CertificatesCliTest {
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

    private Outcome called(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("aws"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--output", "text"));
        return run(command);
    }

    /** What the CLI prints as text. */
    private String aws(String... arguments) throws IOException, InterruptedException {
        Outcome outcome = called(arguments);
        assertThat(outcome.status).as(outcome.errors).isZero();
        return outcome.out;
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    @BeforeEach
    void needsTheCli() throws Exception {
        assumeTrue(run(List.of("aws", "--version")).status == 0, "the AWS CLI is not installed");
    }

    @Test
    void certificatesAreRequestedImportedAndUploaded() throws Exception {
        ServerCertificate mine = new Authority(Files.createDirectory(directory.resolve("mine")), Entropy.SECURE)
                .issue(List.of("mine.example.com"), KeyAlgorithm.RSA_2048, Instant.now());
        Path certificate = file("certificate.pem", Pem.of(mine.certificate()));
        Path chain = file("chain.pem", Pem.of(mine.chain()));
        Path key = file("key.pem", Pem.of(mine.key()));
        Path data = directory.resolve("data");
        try (var server = Launched.start("server", "--data", data.toString(), "--port", "0")) {
            assertThat(server.firstLine()).isNotEmpty();
            endpoint = Running.find(data).orElseThrow().endpoint();
            String requested = aws("acm", "request-certificate", "--domain-name", "www.example.com",
                    "--validation-method", "DNS", "--options", "Export=ENABLED", "--query", "CertificateArn");
            aws("acm", "wait", "certificate-validated", "--certificate-arn", requested);
            assertThat(data.resolve("ca.pem")).isRegularFile();
            aws("acm", "export-certificate", "--certificate-arn", requested, "--passphrase",
                    "fileb://" + file("passphrase", "secret"), "--query", "PrivateKey");

            String imported = aws("acm", "import-certificate", "--certificate", "fileb://" + certificate,
                    "--certificate-chain", "fileb://" + chain, "--private-key", "fileb://" + key,
                    "--query", "CertificateArn");
            assertThat(aws("acm", "list-certificates", "--query", "CertificateSummaryList[].[DomainName,Type]"))
                    .isEqualTo("www.example.com\tAMAZON_ISSUED\nmine.example.com\tIMPORTED");
            String uploaded = aws("iam", "upload-server-certificate", "--server-certificate-name", "mine",
                    "--certificate-body", "file://" + certificate, "--certificate-chain", "file://" + chain,
                    "--private-key", "file://" + key, "--query", "ServerCertificateMetadata.Arn");
            assertThat(uploaded).isEqualTo("arn:aws:iam::000000000000:server-certificate/mine");

            aws("elb", "create-load-balancer", "--load-balancer-name", "classic", "--subnets", "subnet-1",
                    "--listeners", "Protocol=HTTPS,LoadBalancerPort=443,InstanceProtocol=HTTP,InstancePort=80,"
                            + "SSLCertificateId=" + imported);
            Outcome refused = called("acm", "delete-certificate", "--certificate-arn", imported);
            assertThat(refused.errors).isEqualTo("An error occurred (ResourceInUseException) when calling the "
                    + "DeleteCertificate operation: Certificate " + imported + " in account 000000000000 is in use.");
            aws("elb", "set-load-balancer-listener-ssl-certificate", "--load-balancer-name", "classic",
                    "--load-balancer-port", "443", "--ssl-certificate-id", uploaded);
            aws("acm", "delete-certificate", "--certificate-arn", imported);
            assertThat(called("iam", "list-users").errors).contains("(InvalidAction)");
        }
    }
}
