package dev.landfall.acm;

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
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.acm.AcmClient;
import software.amazon.awssdk.services.acm.model.CertificateDetail;
import software.amazon.awssdk.services.acm.model.ImportCertificateRequest;
import software.amazon.awssdk.services.acm.model.RequestCertificateRequest;

/**
 * A Certificate Manager of its own, empty, with a clock that tests move and an issuer that tests have look; reached in
 * one of two ways. Used by one thread; ids, serial numbers and keys are the same in both.
 */
public final class Stage implements AutoCloseable {
    public static final Scope SCOPE = new Scope("123456789012", "eu-central-1");
    public static final String ARN = "arn:aws:acm:eu-central-1:123456789012:certificate/";
    public static final Instant START = Instant.parse("2026-03-04T05:06:07Z");

    private static final Call CALL = new Call("conformance", SCOPE.accountId(), SCOPE.region(), "conformance");
    private static final SdkHttpClient HTTP = UrlConnectionHttpClient.create();

    /** One authority for the run, and one of other people. */
    private static final Path OURS = directory();
    private static final Path THEIRS = directory();

    /** How the service is reached. */
    public enum Way { IN_PROCESS, OVER_HTTP }

    private final AtomicLong ids = new AtomicLong();
    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final SortedMap<String, List<String>> users = new TreeMap<>();
    private final Authority theirs = new Authority(THEIRS, new FixedEntropy());
    private final Writer writer;
    private final Issuer issuer;
    private final Acm service;
    private final AcmClient client;
    private final Runnable end;
    private String lastCalled = "";

    private Stage(Way way) {
        InstantSource clock = now::get;
        writer = new Writer(new MemoryJournal(), AcmTables.ALL, SdkForms.rows(), clock.withZone(ZoneOffset.UTC),
                () -> "%032x".formatted(ids.incrementAndGet()));
        CertificateUsers using = arn -> users.getOrDefault(arn, List.of());
        issuer = new Issuer(writer, clock, new Authority(OURS, new FixedEntropy()), using);
        service = new Acm(writer, clock, using, issuer);
        if (way == Way.IN_PROCESS) {
            client = watched(service);
            end = () -> { };
        } else {
            var server = new ApiServer(ApiServer.Config.on("127.0.0.1", 0),
                    List.of(new Exposed(AcmClient.class, service)), List.of());
            AcmClient remote = client(server.uri());
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
            Path made = Files.createTempDirectory("acm");
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

    private static AcmClient client(URI endpoint) {
        return AcmClient.builder().endpointOverride(endpoint).region(Region.of(SCOPE.region()))
                .credentialsProvider(() -> AwsBasicCredentials.create(Call.current().accountId(), "secret"))
                .overrideConfiguration(options -> options.retryStrategy(retry -> retry.maxAttempts(1)))
                .httpClient(HTTP).build();
    }

    @FunctionalInterface
    public interface Act<A> {
        A on(Stage stage) throws Exception;
    }

    public static <A> A play(Way way, Act<A> act) throws Exception {
        return Call.as(CALL, () -> {
            try (var stage = new Stage(way)) {
                return act.on(stage);
            }
        });
    }

    /** The client under test. */
    public AcmClient acm() {
        return client;
    }

    public Acm service() {
        return service;
    }

    /** The name of the action that was asked for last, such as {@code GetCertificate}. */
    public String lastCalled() {
        return lastCalled;
    }

    public Image image() {
        return writer.image();
    }

    public Writer writer() {
        return writer;
    }

    /** Moves the service's clock. */
    public Stage later(Duration time) {
        now.updateAndGet(at -> at.plus(time));
        return this;
    }

    /** Has issued what is due. */
    public Stage issued() {
        issuer.look();
        return this;
    }

    public Stage used(String arn, String... by) {
        users.put(arn, List.of(by));
        return this;
    }

    /** Runs part of a row as another account or region. */
    public <A> A as(String accountId, String region, Act<A> act) throws Exception {
        return Call.as(new Call("conformance", accountId, region, "conformance"), () -> act.on(this));
    }

    private AcmClient watched(AcmClient target) {
        return (AcmClient) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {AcmClient.class},
                (proxy, method, arguments) -> {
                    var before = new AtomicReference<Image>(writer.image());
                    if (arguments != null && arguments[0] instanceof Consumer<?> fill) {
                        arguments[0] = fill.andThen(built -> before.set(writer.image()));
                    }
                    try {
                        Object answer = method.invoke(target, arguments);
                        Invariants.hold(writer.image());
                        return answer;
                    } catch (InvocationTargetException e) {
                        if (e.getCause() instanceof AwsServiceException refusal
                                && !changed(before.get(), writer.image()).isEmpty()) {
                            throw new AssertionError("changed by what was refused: " + refusal.getMessage());
                        }
                        throw e.getCause();
                    } finally { // as a request may be built with other calls
                        lastCalled = Character.toUpperCase(method.getName().charAt(0)) + method.getName().substring(1);
                    }
                });
    }

    /** The names of the tables that differ. */
    public static List<String> changed(Image before, Image after) {
        var changed = new ArrayList<String>();
        for (var table : AcmTables.ALL) {
            if (!List.copyOf(before.all(table)).equals(List.copyOf(after.all(table)))) {
                changed.add(table.name());
            }
        }
        return changed;
    }

    // ---- What a row may want to be there ----

    /** A requested certificate that is not issued yet. */
    public String requested(Consumer<RequestCertificateRequest.Builder> change) {
        return acm().requestCertificate(request -> {
            request.domainName("www.example.com").validationMethod("DNS");
            change.accept(request);
        }).certificateArn();
    }

    public String requested() {
        return requested(request -> { });
    }

    /** One that is issued. */
    public String certificate() {
        String arn = requested();
        issued();
        return arn;
    }

    /** One that is issued and may be exported. */
    public String exportable() {
        String arn = requested(request -> request.options(it -> it.export("ENABLED")));
        issued();
        return arn;
    }

    /** One that is issued and was exported. */
    public String exported() {
        String arn = exportable();
        acm().exportCertificate(request -> request.certificateArn(arn)
                .passphrase(SdkBytes.fromUtf8String("secret")));
        return arn;
    }

    /** A certificate of another authority. */
    public ServerCertificate brought(KeyAlgorithm algorithm, String... names) {
        return theirs.issue(List.of(names), algorithm, now.get());
    }

    public static SdkBytes bytes(String text) {
        return SdkBytes.fromUtf8String(text);
    }

    /** With the chain up to the authority. */
    public static Consumer<ImportCertificateRequest.Builder> importing(ServerCertificate brought) {
        return request -> request.certificate(bytes(Pem.of(brought.certificate())))
                .certificateChain(bytes(Pem.of(brought.chain()))).privateKey(bytes(Pem.of(brought.key())));
    }

    public String imported(KeyAlgorithm algorithm, String... names) {
        return acm().importCertificate(importing(brought(algorithm, names))).certificateArn();
    }

    public String imported() {
        return imported(KeyAlgorithm.RSA_2048, "shop.example.com");
    }

    public CertificateDetail described(String arn) {
        return acm().describeCertificate(request -> request.certificateArn(arn)).certificate();
    }

    @Override
    public void close() {
        end.run();
        service.close();
        writer.close();
    }
}
