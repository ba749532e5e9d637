package io.kvstore.bench.suite;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.sun.management.OperatingSystemMXBean;
import io.kvstore.bench.rival.Rival;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;

/** Writes {@code machine.json}: the machine, JVM and versions of a run. */
final class Machine {
  private static final String UNKNOWN = "unknown";

  private Machine() {}

  /** Writes it; {@code scratch} is the directory that the stores' files are in. */
  static void write(Path folder, Path scratch, List<String> arguments) {
    Path file = folder.resolve("machine.json");
    try (JsonGenerator json =
        new JsonFactory()
            .createGenerator(file.toFile(), JsonEncoding.UTF8)
            .useDefaultPrettyPrinter()) {
      json.writeStartObject();
      json.writeStringField("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
      json.writeStringField("commit", commit());
      json.writeStringField("arguments", String.join(" ", arguments));
      json.writeNumberField("processors", Runtime.getRuntime().availableProcessors());
      json.writeStringField("processor", processor());
      json.writeNumberField(
          "memory",
          ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize());
      json.writeStringField(
          "kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
      json.writeStringField("fileSystem", Files.getFileStore(scratch).type());
      json.writeStringField(
          "jdk",
          System.getProperty("java.vm.vendor") + " " + System.getProperty("java.runtime.version"));
      json.writeArrayFieldStart("rivals");
      for (Rival rival : Rival.values()) {
        write(json, rival);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("can't write " + file, e);
    }
  }

  private static void write(JsonGenerator json, Rival rival) throws IOException {
    json.writeStartObject();
    json.writeStringField("subject", rival.label());
    json.writeStringField("version", rival.version());
    json.writeStringField("settings", rival.settings());
    json.writeBooleanField("persistent", rival.isPersistent());
    json.writeBooleanField("reallySyncs", rival.reallySyncs());
    json.writeArrayFieldStart("jvmFlags");
    for (String flag : rival.jvmFlags()) {
      json.writeString(flag);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static String processor() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(UNKNOWN);
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  /** Returns the commit, with a mark if there are uncommitted changes. */
  private static String commit() {
    try {
      Process git = new ProcessBuilder("git", "describe", "--always", "--dirty").start();
      String output = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return output.isBlank() ? UNKNOWN : output.strip();
    } catch (IOException e) {
      return UNKNOWN;
    }
  }
}
