package io.kvstore.bench.net;

import io.kvstore.bench.ScratchDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The server under test: one that is running already, or one that is started here and stopped
 * afterwards.
 */
final class Server implements AutoCloseable {
  private static final long STOP_SECONDS = 30;
  private static final Pattern READY = Pattern.compile(" is ready on (http://\\S+)");

  private final URI url;
  private final Runnable stop;

  private Server(URI url, Runnable stop) {
    this.url = url;
    this.stop = stop;
  }

  /** Returns a server that is running already. */
  static Server running(URI url) {
    return new Server(url, () -> {});
  }

  /**
   * Starts one, with a scratch directory for its data, and waits until it says that it is ready.
   *
   * @param url where it will be, or null for where it says it is
   */
  static Server start(Path jar, String arguments, @Nullable URI url) throws IOException {
    ScratchDirectory scratch = ScratchDirectory.create();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-jar", jar.toString()));
    command.addAll(List.of("--data-dir", scratch.path().resolve("data").toString()));
    command.addAll(List.of(arguments.trim().split("\\s+")));
    Process process;
    try {
      process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
    } catch (IOException e) {
      scratch.close();
      throw e;
    }
    Thread atExit = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(atExit);
    Runnable stop =
        () -> {
          stop(process);
          scratch.close();
          Runtime.getRuntime().removeShutdownHook(atExit);
        };
    try {
      URI said = ready(process);
      return new Server(url == null ? said : url, stop);
    } catch (IOException | RuntimeException e) {
      stop.run();
      throw e;
    }
  }

  private static URI ready(Process process) throws IOException {
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      Matcher ready = READY.matcher(line);
      if (ready.find()) {
        Thread drain = new Thread(() -> output.lines().forEach(ignored -> {}), "server-output");
        drain.setDaemon(true);
        drain.start();
        return URI.create(ready.group(1));
      }
    }
    throw new LoadException("the server has ended before it was ready");
  }

  private static void stop(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().onExit().join();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  URI url() {
    return url;
  }

  @Override
  public void close() {
    stop.run();
  }
}
