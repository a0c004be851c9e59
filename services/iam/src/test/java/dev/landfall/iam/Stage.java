package dev.landfall.iam;

import dev.landfall.state.Image;
import dev.landfall.state.Writer;
import dev.landfall.wire.ApiServer;
import dev.landfall.wire.Call;
import dev.landfall.wire.Exposed;
import dev.landfall.wire.SdkForms;
import dev.landfall.x509.Authority;
import dev.landfall.x509.KeyAlgorithm;
import dev.landfall.x509.Pem;
import dev.landfall.x509.ServerCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.UploadServerCertificateRequest;

/** An IAM of its own, empty and with a clock that tests move, reached in one of two ways. Used by one thread. */
public final class Stage implements AutoCloseable {
    static final String ACCOUNT = "123456789012";
    static final String ARN = "arn:aws:iam::123456789012:server-certificate/";
    static final Instant START = Instant.parse("2026-03-04T05:06:07Z");

    private static final Call CALL = new Call("conformance", ACCOUNT, "us-east-1", "conformance");
    private static final SdkHttpClient HTTP = UrlConnectionHttpClient.create();
    private static final Path AUTHORITY = directory();

    /** How the service is reached. */
    enum Way { IN_PROCESS, OVER_HTTP }

    private final AtomicLong ids = new AtomicLong();
    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final SortedMap<String, List<String>> users = new TreeMap<>();
    private final Authority authority = new Authority(AUTHORITY, new FixedEntropy());
    private final Writer writer;
    private final Iam service;
    private final IamClient client;
    private final Runnable end;
    private String lastCalled = "";

    private Stage(Way way) {
        writer = new Writer(new MemoryJournal(), IamTables.ALL, SdkForms.rows(),
                ((java.time.InstantSource) now::get).withZone(ZoneOffset.UTC),
                () -> "%032x".formatted(ids.incrementAndGet()));
        service = new Iam(writer, arn -> users.getOrDefault(arn, List.of()));
        if (way == Way.IN_PROCESS) {
            client = watched(service);
            end = () -> { };
        } else {
            var server = new ApiServer(ApiServer.Config.on("127.0.0.1", 0),
                    List.of(new Exposed(IamClient.class, service)), List.of());
            IamClient remote = IamClient.builder().endpointOverride(server.uri()).region(Region.AWS_GLOBAL)
                    .credentialsProvider(() -> AwsBasicCredentials.create(Call.current().accountId(), "secret"))
                    .overrideConfiguration(options -> options.retryStrategy(retry -> retry.maxAttempts(1)))
                    .httpClient(HTTP).build();
            client = watched(remote);
            end = () -> {
                remote.close();
                server.close();
                if (server.faults() > 0) {
                    throw new AssertionError("the server counts " + server.faults() + " faults of its own");
                }
            };
        }
    }

    private static Path directory() {
        try {
            Path made = Files.createTempDirectory("iam");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                for (Path file : List.of(made.resolve("ca.pem"), made.resolve("ca-key.pem"), made)) {
                    file.toFile().delete();
                }
            }));
            new Authority(made, new FixedEntropy())
                    .issue(List.of("first.example.com"), KeyAlgorithm.EC_PRIME256V1, START);
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @FunctionalInterface
    interface Act<A> {
        A on(Stage stage) throws Exception;
    }

    static <A> A play(Way way, Act<A> act) throws Exception {
        return Call.as(CALL, () -> {
            try (var stage = new Stage(way)) {
                return act.on(stage);
            }
        });
    }

    /** The client under test. */
    IamClient iam() {
        return client;
    }

    Iam service() {
        return service;
    }

    /** The name of the action that was asked for last, such as {@code GetServerCertificate}. */
    String lastCalled() {
        return lastCalled;
    }

    Image image() {
        return writer.image();
    }

    /** Moves the service's clock. */
    Stage later(Duration time) {
        now.updateAndGet(at -> at.plus(time));
        return this;
    }

    Stage used(String arn, String... by) {
        users.put(arn, List.of(by));
        return this;
    }

    /** Runs part of a row as another account. */
    <A> A as(String accountId, Act<A> act) throws Exception {
        return Call.as(new Call("conformance", accountId, "us-east-1", "conformance"), () -> act.on(this));
    }

    private IamClient watched(IamClient target) {
        return (IamClient) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {IamClient.class},
                (proxy, method, arguments) -> {
                    var before = new AtomicReference<Image>(writer.image());
                    if (arguments != null && arguments[0] instanceof Consumer<?> fill) {
                        arguments[0] = fill.andThen(built -> before.set(writer.image()));
                    }
                    try {
                        return method.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        if (e.getCause() instanceof AwsServiceException refusal && changed(before.get(), image())) {
                            throw new AssertionError("changed by what was refused: " + refusal.getMessage());
                        }
                        throw e.getCause();
                    } finally { // as a request may be built with other calls
                        lastCalled = Character.toUpperCase(method.getName().charAt(0)) + method.getName().substring(1);
                    }
                });
    }

    static boolean changed(Image before, Image after) {
        return !List.copyOf(before.all(IamTables.CERTIFICATES)).equals(List.copyOf(after.all(IamTables.CERTIFICATES)));
    }

    // ---- What a row may want to be there ----

    ServerCertificate made(KeyAlgorithm algorithm) {
        return authority.issue(List.of("www.example.com"), algorithm, now.get());
    }

    static Consumer<UploadServerCertificateRequest.Builder> uploading(String name, ServerCertificate made) {
        return request -> request.serverCertificateName(name).certificateBody(Pem.of(made.certificate()))
                .certificateChain(Pem.of(made.chain())).privateKey(Pem.of(made.key()));
    }

    /** The ARN of a new certificate. */
    String uploaded(String name) {
        return iam().uploadServerCertificate(uploading(name, made(KeyAlgorithm.RSA_2048)))
                .serverCertificateMetadata().arn();
    }

    @Override
    public void close() {
        end.run();
        service.close();
        writer.close();
    }
}
