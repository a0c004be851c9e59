package dev.landfall.app.options;

import dev.landfall.app.Refusal;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --host} and {@code --port}: where the API listens. */
public final class ListenOptions {
    public static final int DEFAULT_PORT = 4566;

    @Option(names = "--host", paramLabel = "ADDRESS", defaultValue = "127.0.0.1",
            description = "The address the API listens on (default ${DEFAULT-VALUE}).")
    private String host;

    @Option(names = "--port", paramLabel = "N",
            description = "The port the API listens on (LANDFALL_PORT; default 4566; 0 takes a free one).")
    private Integer port;

    public String host() {
        return host;
    }

    public int port() {
        int wanted = Optional.ofNullable(port).orElseGet(ListenOptions::fromEnvironment);
        if (wanted < 0 || wanted > 65535) {
            throw new Refusal("There is no port " + wanted + ": choose one from 0 to 65535");
        }
        return wanted;
    }

    private static int fromEnvironment() {
        String value = Optional.ofNullable(System.getenv("LANDFALL_PORT")).orElse("");
        if (value.isEmpty()) {
            return DEFAULT_PORT;
        }
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new Refusal("LANDFALL_PORT is '" + value + "', which is no number");
        }
    }
}
