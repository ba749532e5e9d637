package io.kvstore.server;

import static io.kvstore.server.testing.Requests.bare;
import static io.kvstore.server.testing.Requests.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.server.testing.Answer;
import io.kvstore.server.testing.Certificates;
import io.kvstore.server.testing.RawClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The management port on a public address: over TLS, and for clients with a token. */
class ManagementAccessTest {
  private static final String OWNER = "owner-owner-owner";
  private static final String READER = "reader-reader-reader";
  private static final String TENANT = "tenant-tenant-tenant";
  private static final String NOBODY = "nobody-nobody-nobody";

  @TempDir private Path directory;
  private Certificates certificates;
  private ManagedServer server;

  @BeforeEach
  void start() throws Exception {
    certificates = Certificates.in(directory);
    Path tokens =
        Files.writeString(
            directory.resolve("tokens"),
            "owner rw " + OWNER + " *\nreader ro " + READER + " *\ntenant rw " + TENANT + " t/\n");
    Map<String, String> flags = certificates.flags();
    flags.put("token-file", tokens.toString());
    flags.put("management-bind", "0.0.0.0");
    server = ManagedServer.start(directory.resolve("data"), flags);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/health/live, " + NOBODY + ", 200",
    "/health/ready, " + NOBODY + ", 200",
    "/, " + NOBODY + ", 200",
    "/metrics, " + NOBODY + ", 401",
    "/openapi.json, " + NOBODY + ", 401",
    "/api/stats, " + NOBODY + ", 401",
    "/api/entries, " + TENANT + ", 401",
    "/metrics, " + READER + ", 200",
    "/api/stats, " + READER + ", 200",
    "/api/entries, " + READER + ", 200",
    "/api/entries, " + OWNER + ", 200",
  })
  void tokenOpensWhatItIsFor(String path, String token, int status) throws Exception {
    try (RawClient client = connect()) {
      client.send(here(bare("GET " + path, "Authorization: Bearer " + token)));

      assertThat(client.answer().status()).isEqualTo(status);
    }
  }

  @ParameterizedTest
  @CsvSource({NOBODY + ", 401", READER + ", 401", TENANT + ", 401", OWNER + ", 200"})
  void changesNeedATokenThatMayWrite(String token, int status) throws Exception {
    try (RawClient client = connect()) {
      client.send(
          here(
              with(
                  "value",
                  "PUT /api/entry?key=k",
                  "kvstore-request: 1",
                  "If-None-Match: *",
                  "Authorization: Bearer " + token)));

      Answer answer = client.answer();
      assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    }
  }

  @Test
  void nothingIsSaidWithoutEncryption() throws Exception {
    try (RawClient plain = RawClient.connect(address())) {
      plain.send(bare("GET /health/live"));

      assertThat(plain.closed()).isTrue();
    }
  }

  /** The port answers to its address only. */
  private static String here(String request) {
    return request.replace("Host: a\r\n", "Host: 127.0.0.1\r\n");
  }

  private RawClient connect() throws Exception {
    return RawClient.over(certificates.connect(address()));
  }

  private InetSocketAddress address() {
    return new InetSocketAddress(
        InetAddress.getLoopbackAddress(), server.server().managementAddress().getPort());
  }
}
