package dev.landfall.testkit;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** The Docker Engine the tests run against: DOCKER_HOST, or the usual socket. */
public final class Engine {
    private Engine() {}

    public static DockerClient connect() {
        DockerClientConfig config = configuration();
        var transport = new ZerodepDockerHttpClient.Builder()
                .dockerHost(config.getDockerHost())
                .sslConfig(config.getSSLConfig())
                .build();
        return DockerClientImpl.getInstance(config, transport);
    }

    /**
     * Makes an image of one layer. By hand, since over docker-java the engine sees the body end too early ("unexpected
     * EOF").
     */
    public static void importImage(String repository, String tag, byte[] tar) throws IOException {
        String head = "POST /images/create?fromSrc=-&repo=" + repository + "&tag=" + tag + " HTTP/1.1\r\n"
                + "Host: docker\r\nConnection: close\r\n"
                + "Content-Type: application/x-tar\r\nContent-Length: " + tar.length + "\r\n\r\n";
        try (var channel = SocketChannel.open(address())) {
            write(channel, head.getBytes(StandardCharsets.US_ASCII));
            write(channel, tar);
            var answer = new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
            if (!answer.startsWith("HTTP/1.1 200") || answer.contains("\"error\"")) {
                throw new IOException("the engine did not import the image: " + answer);
            }
        }
    }

    private static void write(SocketChannel channel, byte[] bytes) throws IOException {
        var buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private static SocketAddress address() {
        URI host = configuration().getDockerHost();
        return host.getScheme().equals("unix")
                ? UnixDomainSocketAddress.of(host.getPath())
                : new InetSocketAddress(host.getHost(), host.getPort());
    }

    private static DockerClientConfig configuration() {
        return DefaultDockerClientConfig.createDefaultConfigBuilder().build();
    }
}
