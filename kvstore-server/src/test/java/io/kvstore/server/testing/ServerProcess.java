package io.kvstore.server.testing;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The real program, in a process of its own. */
public final class ServerProcess implements AutoCloseable {
  private static final String MAIN = "io.kvstore.server.Main";
  private static final long EXIT_SECONDS = 120;
  private static final Pattern READY =
      Pattern.compile("kvstore .* is ready on https?://127\\.0\\.0\\.1:(\\d+) .*: (\\d+) entr.*");

  private final Process process;
  private final Path errors;
  private final BufferedReader output;

  private ServerProcess(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * Starts the program, without a management port unless one is asked for; whether it gets ready is
   * another question.
   */
  public static ServerProcess run(Map<String, String> environment, String... args)
      throws IOException {
    return run(List.of("-Xmx256m"), environment, args);
  }

  /** Likewise, with flags of the virtual machine. */
  public static ServerProcess run(
      List<String> flags, Map<String, String> environment, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    command.addAll(flags);
    if (!LongForm.ON) {
      command.add("-XX:TieredStopAtLevel=1"); // most live for less than a second
    }
    command.add("-cp");
    command.add(classPath());
    command.add(MAIN);
    command.addAll(List.of(args));
    Path errors = Files.createTempFile("kvstore-server", ".err");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("KVSTORE_"));
    builder.environment().put("KVSTORE_MANAGEMENT_PORT", "off");
    builder.environment().putAll(environment);
    return new ServerProcess(builder.start(), errors);
  }

  /** Without what only a client of the tests brings: Netty would log by it, if it found it. */
  private static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> !entry.contains("slf4j-api"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Starts the program on a free port. */
  public static ServerProcess serve(Path dataDir, String durability) throws IOException {
    return run(
        Map.of(),
        "--port",
        "0",
        "--allowed-hosts",
        "a",
        "--data-dir",
        dataDir.toString(),
        "--durability",
        durability);
  }

  /** Waits for the line that says where it listens. */
  public InetSocketAddress address() throws IOException {
    return new InetSocketAddress(
        InetAddress.getLoopbackAddress(), Integer.parseInt(ready().group(1)));
  }

  /** The whole first line of its output. */
  public Matcher ready() throws IOException {
    String line = output.readLine();
    Matcher matcher = READY.matcher(String.valueOf(line));
    if (!matcher.matches()) {
      throw new IOException("not ready: " + line + "\n" + errors());
    }
    return matcher;
  }

  /** What it writes after that, to its end. */
  public List<String> restOfOutput() {
    return output.lines().toList();
  }

  /** Everything it has written to standard error. */
  public String errors() throws IOException {
    return Files.readString(errors);
  }

  /** Its number, by which the system knows it. */
  public long pid() {
    return process.pid();
  }

  /** SIGTERM; what it writes can still be read. */
  public void terminate() {
    process.toHandle().destroy();
  }

  /** SIGTERM once it has said that it is ready, wherever it listens. */
  public void terminateWhenReady() throws IOException {
    String line = output.readLine();
    if (line == null || !line.contains(" is ready on ")) {
      throw new IOException("not ready: " + line + "\n" + errors());
    }
    terminate();
  }

  /** SIGKILL, and waits until it is gone. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Waits for the exit status. */
  public int exitStatus() throws InterruptedException {
    if (!process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running after " + EXIT_SECONDS + " s");
    }
    return process.exitValue();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    Files.deleteIfExists(errors);
  }
}
