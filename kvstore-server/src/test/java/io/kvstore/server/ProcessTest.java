package io.kvstore.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.server.testing.RawClient;
import io.kvstore.server.testing.ServerProcess;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program as a process: start, stop, and error messages. */
class ProcessTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"process", "interval", "sync"})
  void terminationKeepsEverythingAndIsNoFailure(String durability) throws Exception {
    Path data = directory.resolve("data");
    try (ServerProcess server = ServerProcess.serve(data, durability);
        RawClient client = RawClient.connect(server.address())) {
      for (int i = 0; i < 100; i++) {
        client.send(put("/k" + i, "value " + i));
        assertThat(client.answer().status()).isEqualTo(201);
      }

      server.terminate();

      assertThat(client.closed()).isTrue();
      assertThat(server.exitStatus()).isZero();
      assertThat(server.restOfOutput()).isEmpty();
      assertThat(server.errors()).isEmpty();
    }
    try (ServerProcess server = ServerProcess.serve(data, durability)) {
      Matcher ready = server.ready();
      assertThat(ready.group(2)).isEqualTo("100");
      try (RawClient client = RawClient.connect(local(Integer.parseInt(ready.group(1))))) {
        for (int i = 0; i < 100; i++) {
          client.send(get("/k" + i));
          assertThat(client.answer().text()).isEqualTo("value " + i);
        }
      }
    }
  }

  @Test
  void stopWaitsForHalfARequestNoLongerThanTheDrainTime() throws Exception {
    try (ServerProcess server =
            ServerProcess.run(
                Map.of("KVSTORE_DELIVERY_TIME", "1d"),
                "--port=0",
                "--data-dir=" + directory.resolve("data"),
                "--drain-time=1s");
        RawClient client = RawClient.connect(server.address())) {
      client.send(get("/k") + "PUT /k HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nbo");
      assertThat(client.answer().status()).isEqualTo(404);

      server.terminate();

      assertThat(server.exitStatus()).isZero();
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void openToTheNetworkIsOneWarning() throws Exception {
    try (ServerProcess server =
        ServerProcess.run(
            Map.of(), "--port=0", "--bind=0.0.0.0", "--data-dir=" + directory.resolve("data"))) {
      server.terminateWhenReady();

      assertThat(server.exitStatus()).isZero();
      assertThat(server.errors())
          .startsWith("kvstore: warning: clients that reach 0.0.0.0 can read and change everything")
          .contains("--token-file", "--tls-cert")
          .hasLineCount(1);
    }
  }

  @Test
  void directoryInUseIsOneSentence() throws Exception {
    Path data = directory.resolve("data");
    try (ServerProcess first = ServerProcess.serve(data, "process")) {
      var unused = first.ready();
      try (ServerProcess second = ServerProcess.serve(data, "process")) {
        assertFails(second, 1, data.toString());
      }
    }
  }

  @Test
  void portInUseIsOneSentence() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());
      try (ServerProcess server =
          ServerProcess.run(
              Map.of(), "--port", port, "--data-dir", directory.resolve("data").toString())) {
        assertFails(server, 1, port);
      }
    }
  }

  @Test
  void directoryThatIsAFileIsOneSentence() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    try (ServerProcess server = ServerProcess.serve(file, "process")) {
      assertFails(server, 1, file.toString());
    }
  }

  @Test
  void badFlagIsOneSentence() throws Exception {
    try (ServerProcess server = ServerProcess.run(Map.of(), "--port", "many")) {
      assertFails(server, 2, "--port is 'many', not a whole number from 0 to 65535");
    }
  }

  @Test
  void unknownFlagIsOneSentence() throws Exception {
    try (ServerProcess server = ServerProcess.run(Map.of(), "--prot=1")) {
      assertFails(server, 2, "--prot");
    }
  }

  @Test
  void badVariableIsOneSentence() throws Exception {
    try (ServerProcess server = ServerProcess.run(Map.of("KVSTORE_BIND", "no.host.invalid"))) {
      assertFails(server, 2, "KVSTORE_BIND is 'no.host.invalid'");
    }
  }

  @Test
  void helpNamesEveryFlag() throws Exception {
    try (ServerProcess server = ServerProcess.run(Map.of(), "--help")) {
      List<String> help = server.restOfOutput();

      assertThat(server.exitStatus()).isZero();
      assertThat(String.join("\n", help))
          .contains("--port", "--bind", "--data-dir", "--durability", "--sync-interval")
          .contains("--max-value-bytes", "--event-loops", "KVSTORE_PORT", "3000");
    }
  }

  @Test
  void configShowsEachSettingAndItsOriginAndStartsNothing() throws Exception {
    Path file = Files.writeString(directory.resolve("kvstore.conf"), "event-loops = 3\n");
    try (ServerProcess server =
        ServerProcess.run(Map.of("KVSTORE_PORT", "4000"), "config", "--config", file.toString())) {
      List<String> lines = server.restOfOutput();

      assertThat(server.exitStatus()).isZero();
      assertThat(lines)
          .anyMatch(line -> line.matches("port +4000 +KVSTORE_PORT"))
          .anyMatch(line -> line.matches("event-loops +3 +line 1 of " + file))
          .anyMatch(line -> line.matches("bind +127.0.0.1 +default"));
      assertThat(server.errors()).isEmpty();
    }
  }

  @Test
  void badLineOfTheFileIsOneSentence() throws Exception {
    Path file = Files.writeString(directory.resolve("kvstore.conf"), "prot = 3\n");
    try (ServerProcess server = ServerProcess.run(Map.of(), "config", "--config=" + file)) {
      assertFails(server, 2, "line 1 of " + file + " sets 'prot', which is not a setting");
    }
  }

  @Test
  void versionIsOneLine() throws Exception {
    try (ServerProcess server = ServerProcess.run(Map.of(), "--version")) {
      assertThat(server.restOfOutput()).singleElement().asString().startsWith("kvstore ");
      assertThat(server.exitStatus()).isZero();
    }
  }

  private static void assertFails(ServerProcess server, int status, String what) throws Exception {
    assertThat(server.exitStatus()).isEqualTo(status);
    assertThat(server.restOfOutput()).isEmpty();
    assertThat(server.errors()).startsWith("kvstore: ").contains(what);
    assertThat(server.errors().lines()).hasSize(1);
  }

  private static InetSocketAddress local(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  }

  private static String put(String path, String value) {
    return "PUT "
        + path
        + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
        + value.length()
        + "\r\n\r\n"
        + value;
  }
}
