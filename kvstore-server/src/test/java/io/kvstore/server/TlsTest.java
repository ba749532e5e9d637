package io.kvstore.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.server.testing.Answer;
import io.kvstore.server.testing.Certificates;
import io.kvstore.server.testing.RawClient;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Map;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP and the Redis protocol over TLS. */
class TlsTest {
  private static final int LARGE = 4 << 20;

  @TempDir private Path directory;
  private Certificates certificates;
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    certificates = Certificates.in(directory);
    server = start(Map.of());
  }

  private TestServer start(Map<String, String> more) throws IOException {
    Map<String, String> flags = certificates.flags();
    flags.put("resp-port", "0");
    flags.putAll(more);
    return TestServer.start(flags);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void bothDoorsAnswer(String protocol) throws Exception {
    try (RawClient http = RawClient.over(certificates.connect(server.address(), protocol));
        SSLSocket resp = certificates.connect(server.respAddress(), protocol)) {
      http.send(put("/k", "value") + get("/k"));
      assertThat(http.answer().status() / 100).isEqualTo(2);
      assertThat(http.answer().text()).isEqualTo("value");

      resp.getOutputStream().write("GET k\r\nQUIT\r\n".getBytes(UTF_8));
      assertThat(resp.getInputStream().readAllBytes())
          .asString(UTF_8)
          .isEqualTo("$5\r\nvalue\r\n+OK\r\n");
    }
  }

  @Test
  void valuesOfAnySizeComeWhole() throws Exception {
    try (RawClient client = RawClient.over(certificates.connect(server.address()))) {
      String large = "x".repeat(LARGE);
      client.send(put("/large", large));
      assertThat(client.answer().status() / 100).isEqualTo(2);
      client.send(put("/small", "y") + (get("/large") + get("/small")).repeat(8));
      assertThat(client.answer().status() / 100).isEqualTo(2);

      for (int i = 0; i < 8; i++) {
        assertThat(client.answer().text()).isEqualTo(large);
        assertThat(client.answer().text()).isEqualTo("y");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void lastAnswerIsFollowedByAProperEnd(String protocol) throws Exception {
    try (RawClient client = RawClient.over(certificates.connect(server.address(), protocol))) {
      client.send("GET /k HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

      assertThat(client.answer().status()).isEqualTo(404);
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void clientThatHasShutItsSideStillGetsItsAnswers() throws Exception {
    try (SSLSocket socket = certificates.connect(server.address());
        RawClient client = RawClient.over(socket)) {
      client.send(get("/a") + get("/b"));
      socket.shutdownOutput();

      assertThat(client.answer().status()).isEqualTo(404);
      assertThat(client.answer().status()).isEqualTo(404);
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void clientThatKeepsSendingStillGetsTheErrorResponse() throws Exception {
    try (TestServer strict = start(Map.of("max-value-bytes", "1000"));
        RawClient client = RawClient.over(certificates.connect(strict.address()))) {
      client.send("PUT /k HTTP/1.1\r\nHost: a\r\nContent-Length: " + LARGE + "\r\n\r\n");
      client.send(new byte[LARGE]);

      assertThat(client.answer().status()).isEqualTo(413);
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void clientThatTakesNoAnswersIsDisconnected() throws Exception {
    try (TestServer impatient = start(Map.of("idle-time", "1s", "delivery-time", "2s"));
        RawClient client = RawClient.over(certificates.connect(impatient.address()))) {
      client.send(put("/large", "x".repeat(LARGE)));
      assertThat(client.answer().status() / 100).isEqualTo(2);
      byte[] requests = get("/large").repeat(1_000).getBytes(UTF_8);

      assertThatThrownBy(
              () -> {
                while (true) {
                  client.send(requests);
                }
              })
          .isInstanceOf(IOException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\u0016\u0003\u0001\u0002\u0000\u0001"})
  void handshakeThatIsNotFinishedIsGivenUp(String start) throws Exception {
    try (TestServer impatient = start(Map.of("delivery-time", "300ms"));
        RawClient client = impatient.connect()) {
      client.send(start);

      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void plainRequestIsNotServed() throws Exception {
    try (Socket socket = new Socket()) {
      socket.connect(server.address());
      socket.getOutputStream().write(get("/k").getBytes(UTF_8));

      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8)).doesNotContain("HTTP");
    }
  }

  @Test
  void httpIsAgreedUponByName() throws Exception {
    try (SSLSocket socket = certificates.connect(server.address())) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();

      assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
    }
  }

  @Test
  void newCertificateIsTakenOverAndABrokenOneIsNot() throws Exception {
    try (RawClient before = RawClient.over(certificates.connect(server.address()))) {
      before.send(get("/k"));
      assertThat(before.answer().status()).isEqualTo(404);
      assertThat(subject()).isEqualTo("CN=first");

      certificates.renew("CN=second");
      server.lookAtFiles();
      assertThat(subject()).isEqualTo("CN=second");

      Files.writeString(certificates.certificate(), "nothing");
      server.lookAtFiles();
      assertThat(subject()).isEqualTo("CN=second");

      certificates.renew("CN=third");
      server.lookAtFiles();
      assertThat(subject()).isEqualTo("CN=third");

      before.send(get("/k"));
      assertThat(before.answer().status()).isEqualTo(404);
    }
  }

  private String subject() throws Exception {
    try (SSLSocket socket = certificates.connect(server.address())) {
      socket.startHandshake();
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
          .getSubjectX500Principal()
          .getName();
    }
  }

  @Test
  void clientsNeedACertificateWhereThatIsWanted() throws Exception {
    try (TestServer mutual = start(Map.of("tls-client-ca", certificates.authority().toString()))) {
      try (RawClient known = RawClient.over(certificates.connectKnown(mutual.address()))) {
        known.send(get("/k"));
        Answer answer = known.answer();
        assertThat(answer.status()).isEqualTo(404);
      }
      try (RawClient unauthenticated = RawClient.over(certificates.connect(mutual.address()))) {
        assertThatThrownBy(
                () -> {
                  unauthenticated.send(get("/k"));
                  unauthenticated.answer();
                })
            .isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void filesThatDoNotGoTogetherAreRejected() throws Exception {
    byte[] key = Files.readAllBytes(certificates.key());
    certificates.renew("CN=other");
    Files.write(certificates.key(), key);

    assertThatThrownBy(() -> start(Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not that of the certificate in");
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
  }

  private static String put(String path, String value) {
    return "PUT "
        + path
        + " HTTP/1.1\r\nHost: a\r\nContent-Length: "
        + value.length()
        + "\r\n\r\n"
        + value;
  }
}
