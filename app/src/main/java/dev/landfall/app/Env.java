package dev.landfall.app;

import dev.landfall.app.data.Running;
import dev.landfall.app.options.DataOption;
import dev.landfall.app.options.ListenOptions;
import dev.landfall.x509.Authority;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code landfall env}: shell exports that point the AWS CLI and SDKs at the Landfall of a data directory. */
@Command(name = "env", description = "Print exports for the AWS CLI and SDKs.", mixinStandardHelpOptions = true)
final class Env implements Runnable {
    static final String REGION = "us-east-1";
    /** Any key is accepted on the loopback address. */
    static final String KEY = "landfall";

    @Mixin private DataOption data;
    @Mixin private ListenOptions listen;

    @Override
    public void run() {
        String endpoint = Running.find(data.path())
                .map(running -> running.endpoint().toString())
                .orElseGet(() -> "http://" + listen.host() + ":" + listen.port());
        System.out.println("export AWS_ENDPOINT_URL=" + endpoint);
        System.out.println("export AWS_REGION=" + REGION);
        System.out.println("export AWS_DEFAULT_REGION=" + REGION);
        System.out.println("export AWS_ACCESS_KEY_ID=" + KEY);
        System.out.println("export AWS_SECRET_ACCESS_KEY=" + KEY);
        // Whose certificates HTTPS listeners have: curl --cacert "$LANDFALL_CA". It is there with the first of them.
        System.out.println("export LANDFALL_CA=" + quoted(data.path().toAbsolutePath().normalize()
                .resolve(Authority.CERTIFICATE_FILE).toString()));
        System.out.println("unset AWS_SESSION_TOKEN AWS_PROFILE");
        if (isProxied()) {
            System.out.println("export NO_PROXY=127.0.0.1,localhost${NO_PROXY:+,$NO_PROXY}");
        }
    }

    /** As one word of a shell, whatever is in it. */
    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    /** A proxy would be asked for the loopback address too. */
    private static boolean isProxied() {
        boolean proxy = Stream.of("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY")
                .anyMatch(name -> System.getenv(name) != null);
        boolean excepted = Stream.of("no_proxy", "NO_PROXY")
                .map(name -> Optional.ofNullable(System.getenv(name)).orElse(""))
                .anyMatch(list -> list.contains("127.0.0.1"));
        return proxy && !excepted;
    }
}
