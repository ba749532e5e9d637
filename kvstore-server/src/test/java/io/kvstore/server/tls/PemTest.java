package io.kvstore.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.server.config.TlsConfig;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PemTest {
  /** What stands before an RSA key of 2,048 bits in PKCS#8. */
  private static final int PROLOGUE_BYTES = 26;

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(
      value = Algorithm.class,
      names = {"ecp256", "ecp384", "rsa2048", "ed25519"})
  void keyAndCertificateAreRead(Algorithm algorithm) throws Exception {
    X509Bundle made = made(algorithm);

    assertThat(Pem.certificates(write(made.getCertificatePEM())))
        .containsExactly(made.getCertificate());
    assertThat(ServerContext.read(files(made.getCertificatePEM(), made.getPrivateKeyPEM())))
        .isNotNull();
  }

  @Test
  void olderFormOfRsaKeysIsRead() throws Exception {
    X509Bundle made = made(Algorithm.rsa2048);
    byte[] encoded = made.getKeyPair().getPrivate().getEncoded();
    String key =
        pem("RSA PRIVATE KEY", Arrays.copyOfRange(encoded, PROLOGUE_BYTES, encoded.length));

    assertThat(Pem.key(write("# a note\n" + key), "RSA")).isEqualTo(made.getKeyPair().getPrivate());
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"})
  void otherFormsAreRejectedWithTheWayOut(String form) {
    assertThatThrownBy(() -> Pem.key(write(pem(form, new byte[100])), "EC"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("openssl pkcs8 -topk8 -nocrypt");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "nothing", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"})
  void whatIsNoKeyAndNoCertificateIsRejected(String text) {
    assertThatThrownBy(() -> Pem.key(write(text), "EC"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("private key");
    assertThatThrownBy(() -> Pem.certificates(write(text)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no certificate in ");
  }

  @Test
  void keyOfAnotherAlgorithmIsRejected() throws Exception {
    TlsConfig files =
        files(
            made(Algorithm.rsa2048).getCertificatePEM(), made(Algorithm.ecp256).getPrivateKeyPEM());

    assertThatThrownBy(() -> ServerContext.read(files))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not of the algorithm RSA");
  }

  private static X509Bundle made(Algorithm algorithm) throws Exception {
    return new CertificateBuilder()
        .subject("CN=test")
        .setIsCertificateAuthority(true)
        .algorithm(algorithm)
        .buildSelfSigned();
  }

  private static String pem(String form, byte[] bytes) {
    return "-----BEGIN "
        + form
        + "-----\n"
        + Base64.getMimeEncoder().encodeToString(bytes)
        + "\n-----END "
        + form
        + "-----\n";
  }

  private Path write(String text) throws IOException {
    return Files.writeString(directory.resolve("file.pem"), text);
  }

  private TlsConfig files(String certificate, String key) throws IOException {
    return new TlsConfig(
        Files.writeString(directory.resolve("crt.pem"), certificate),
        Files.writeString(directory.resolve("key.pem"), key),
        null,
        null);
  }
}
