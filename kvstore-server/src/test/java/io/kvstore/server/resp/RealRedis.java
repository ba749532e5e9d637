package io.kvstore.server.resp;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A Redis of its own, where the machine has one; of the version whose replies ours are. */
final class RealRedis implements AutoCloseable {
  private static final String VERSION = "v=7.0.";
  private static final int MAX_TRIES = 100;

  private final Process process;
  private final int port;

  private RealRedis(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Returns the path of a server that can be started, or null. */
  static @Nullable Path find() throws IOException, InterruptedException {
    for (String directory : System.getenv("PATH").split(File.pathSeparator, -1)) {
      Path path = Path.of(directory, "redis-server");
      if (Files.isExecutable(path)) {
        Process asked = new ProcessBuilder(path.toString(), "--version").start();
        String answer = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        asked.waitFor();
        return answer.contains(VERSION) ? path : null;
      }
    }
    return null;
  }

  static RealRedis start(Path program, Path directory) throws IOException, InterruptedException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
                "--proto-max-bulk-len",
                "1mb",
                "--dir",
                directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("redis.log").toFile())
            .start();
    for (int i = 0; i < MAX_TRIES; i++) {
      try (RespClient client = RespClient.connect(port)) {
        client.call("PING");
        return new RealRedis(process, port);
      } catch (IOException e) {
        process.waitFor(100, TimeUnit.MILLISECONDS);
      }
    }
    process.destroy();
    throw new IOException("redis-server does not answer");
  }

  RespClient connect() throws IOException {
    return RespClient.connect(port);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
