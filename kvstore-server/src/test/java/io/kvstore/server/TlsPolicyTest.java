package io.kvstore.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.server.testing.Certificates;
import io.kvstore.server.testing.RawClient;
import io.kvstore.server.testing.ServerProcess;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which protocols, cipher suites and client certificates are accepted. */
class TlsPolicyTest {
  private static final Duration VALID = Duration.ofHours(1);
  private static final String GET = "GET /k HTTP/1.1\r\nHost: localhost\r\n\r\n";

  @TempDir private Path directory;
  private Certificates certificates;

  @BeforeEach
  void makeCertificates() throws Exception {
    certificates = Certificates.in(directory);
  }

  private TestServer start(Map<String, String> more) throws IOException {
    Map<String, String> flags = certificates.flags();
    flags.putAll(more);
    return TestServer.start(flags);
  }

  // ---- protocols and cipher suites

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void onlySuitesWithForwardSecrecyAndAuthenticatedEncryption(boolean isRsa) throws Exception {
    if (isRsa) {
      certificates.renewWithRsa();
    }
    List<String> accepted = new ArrayList<>();
    try (TestServer server = start(Map.of())) {
      for (String suite : suites(server)) {
        if (isAccepted(server, suite)) {
          accepted.add(suite);
        }
      }
    }
    String key = isRsa ? "RSA" : "ECDSA";
    assertThat(accepted)
        .containsExactlyInAnyOrder(
            "TLS_ECDHE_" + key + "_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_" + key + "_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_" + key + "_WITH_CHACHA20_POLY1305_SHA256");
  }

  /** The suites of TLS 1.2 that the JDK has, enabled or not. */
  private List<String> suites(TestServer server) throws Exception {
    try (SSLSocket socket = certificates.connect(server.address(), "TLSv1.2")) {
      return Stream.of(socket.getSupportedCipherSuites())
          .filter(name -> name.contains("_WITH_"))
          .toList();
    }
  }

  private boolean isAccepted(TestServer server, String suite) throws Exception {
    try (SSLSocket socket = certificates.connect(server.address(), "TLSv1.2")) {
      socket.setEnabledCipherSuites(new String[] {suite});
      socket.startHandshake();
      return true;
    } catch (SSLException e) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1", "TLSv1.1"})
  void olderProtocolsAreRejected(String protocol) throws Exception {
    try (TestServer server = start(Map.of());
        SSLSocket socket = certificates.connect(server.address(), protocol)) {
      assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
    }
  }

  @Test
  void renegotiationIsRejected() throws Exception {
    Map<String, String> flags = certificates.flags();
    try (ServerProcess process =
        ServerProcess.run(
            Map.of(),
            "--port",
            "0",
            "--data-dir",
            directory.resolve("data").toString(),
            "--tls-cert",
            flags.get("tls-cert"),
            "--tls-key",
            flags.get("tls-key"))) {
      InetSocketAddress address = process.address();
      try (SSLSocket socket = certificates.connect(address, "TLSv1.2");
          RawClient client = RawClient.over(socket)) {
        client.send(GET);
        assertThat(client.answer().status()).isEqualTo(404);
        assertThatThrownBy(
                () -> {
                  socket.startHandshake();
                  client.send(GET);
                  client.answer();
                })
            .isInstanceOf(IOException.class);
      }
    }
  }

  // ---- revocation

  private Map<String, String> mutual(Path list) throws IOException {
    return Map.of(
        "tls-client-ca", certificates.authority().toString(), "tls-client-crl", list.toString());
  }

  private boolean isServed(TestServer server, X509Bundle client, String protocol) throws Exception {
    try (RawClient connection =
        RawClient.over(certificates.connectAs(server.address(), client, protocol))) {
      connection.send(GET);
      return connection.answer().status() == 404;
    } catch (IOException e) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void revokedCertificateIsRejected(String protocol) throws Exception {
    X509Bundle revoked = certificates.client();
    X509Bundle other = certificates.client();
    try (TestServer server = start(mutual(certificates.revoke(VALID, revoked)))) {
      assertThat(isServed(server, other, protocol)).isTrue();
      assertThat(isServed(server, revoked, protocol)).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void connectionIsClosedWhenItsCertificateIsRevoked(String protocol) throws Exception {
    X509Bundle first = certificates.client();
    X509Bundle second = certificates.client();
    try (TestServer server = start(mutual(certificates.revoke(VALID)));
        RawClient revoked =
            RawClient.over(certificates.connectAs(server.address(), first, protocol));
        RawClient other =
            RawClient.over(certificates.connectAs(server.address(), second, protocol))) {
      revoked.send(GET);
      assertThat(revoked.answer().status()).isEqualTo(404);
      other.send(GET);
      assertThat(other.answer().status()).isEqualTo(404);

      certificates.revoke(VALID, first);
      server.lookAtFiles();

      assertThat(revoked.closed()).isTrue();
      other.send(GET);
      assertThat(other.answer().status()).isEqualTo(404);
      assertThat(isServed(server, first, protocol)).isFalse();
    }
  }

  @Test
  void damagedListLeavesThePreviousOneInUse() throws Exception {
    X509Bundle revoked = certificates.client();
    Path list = certificates.revoke(VALID, revoked);
    try (TestServer server = start(mutual(list))) {
      Files.writeString(list, "nothing");
      server.lookAtFiles();

      assertThat(isServed(server, revoked, "TLSv1.3")).isFalse();
      assertThat(isServed(server, certificates.client(), "TLSv1.3")).isTrue();
    }
  }

  @Test
  void nobodyIsTrustedWhenTheListHasExpired() throws Exception {
    // The JDK tolerates clocks that differ by 15 minutes.
    Path expired = certificates.revoke(Duration.ofHours(-1));
    try (TestServer server = start(mutual(expired))) {
      assertThat(isServed(server, certificates.client(), "TLSv1.3")).isFalse();
    }
  }

  @Test
  void everyAuthorityNeedsAList() throws Exception {
    Path other = Files.createDirectory(directory.resolve("other"));
    Path foreign = Certificates.in(other).revoke(VALID);
    assertThatThrownBy(() -> start(mutual(foreign)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not signed by that authority");

    Path none = Files.writeString(directory.resolve("none.crl"), "");
    assertThatThrownBy(() -> start(mutual(none)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("revocation list in");
  }
}
