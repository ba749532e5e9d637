package io.kvstore.server.testing;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.KeyUsage;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** Certificates that were made just now, as files of a server and as what its clients know. */
public final class Certificates {
  private static final int TIMEOUT_MILLIS = 20_000;

  private final X509Bundle authority;
  private final Path directory;

  private Certificates(X509Bundle authority, Path directory) {
    this.authority = authority;
    this.directory = directory;
  }

  /** Makes an authority, and a server's certificate that it has signed. */
  public static Certificates in(Path directory) throws Exception {
    X509Bundle authority =
        valid("CN=authority")
            .setIsCertificateAuthority(true)
            .setKeyUsage(true, KeyUsage.keyCertSign, KeyUsage.cRLSign)
            .ecp256()
            .buildSelfSigned();
    Certificates made = new Certificates(authority, directory);
    made.renew("CN=first");
    return made;
  }

  private static CertificateBuilder valid(String subject) {
    Instant now = Instant.now();
    return new CertificateBuilder()
        .subject(subject)
        .notBefore(now.minus(Duration.ofDays(1)))
        .notAfter(now.plus(Duration.ofDays(1)));
  }

  /** Puts a new certificate with its key in the place of the server's. */
  public void renew(String subject) throws Exception {
    X509Bundle server =
        valid(subject).ecp256().addSanIpAddress("127.0.0.1").buildIssuedBy(authority);
    Files.writeString(certificate(), server.getCertificatePathPEM());
    Files.writeString(key(), server.getPrivateKeyPEM());
  }

  /** Puts a new certificate with an RSA key in the place of the server's. */
  public void renewWithRsa() throws Exception {
    X509Bundle server =
        valid("CN=rsa").rsa2048().addSanIpAddress("127.0.0.1").buildIssuedBy(authority);
    Files.writeString(certificate(), server.getCertificatePathPEM());
    Files.writeString(key(), server.getPrivateKeyPEM());
  }

  /** Makes the certificate of a client. */
  public X509Bundle client() throws Exception {
    return valid("CN=client").ecp256().addExtendedKeyUsageClientAuth().buildIssuedBy(authority);
  }

  /** Connects with the certificate of a client. */
  public SSLSocket connectAs(InetSocketAddress address, X509Bundle client, String protocol)
      throws Exception {
    return connect(address, client.toKeyManagerFactory().getKeyManagers(), protocol);
  }

  /**
   * Writes the revocation list of the authority.
   *
   * @param nextUpdate the end of its validity, from now
   */
  public Path revoke(Duration nextUpdate, X509Bundle... revoked) throws Exception {
    X509v2CRLBuilder builder =
        new JcaX509v2CRLBuilder(authority.getCertificate(), before(Duration.ofHours(2)));
    builder.setNextUpdate(before(nextUpdate.negated()));
    for (X509Bundle one : revoked) {
      builder.addCRLEntry(
          one.getCertificate().getSerialNumber(),
          before(Duration.ofHours(1)),
          CRLReason.superseded);
    }
    byte[] list =
        builder
            .build(
                new JcaContentSignerBuilder("SHA256withECDSA")
                    .build(authority.getKeyPair().getPrivate()))
            .getEncoded();
    return Files.write(directory.resolve("clients.crl"), list);
  }

  private static Date before(Duration time) {
    return Date.from(Instant.now().minus(time));
  }

  public Path certificate() {
    return directory.resolve("server.crt");
  }

  public Path key() {
    return directory.resolve("server.key");
  }

  /** Returns the flags of a server with this certificate. */
  public Map<String, String> flags() {
    return new HashMap<>(Map.of("tls-cert", certificate().toString(), "tls-key", key().toString()));
  }

  /** Returns the file of the authority's own certificate. */
  public Path authority() throws IOException {
    return Files.writeString(directory.resolve("ca.crt"), authority.getCertificatePEM());
  }

  /** Connects as a client that has a certificate of this authority. */
  public SSLSocket connectKnown(InetSocketAddress address) throws Exception {
    return connectAs(address, client(), "TLSv1.3");
  }

  public SSLSocket connect(InetSocketAddress address) throws Exception {
    return connect(address, "TLSv1.3");
  }

  public SSLSocket connect(InetSocketAddress address, String protocol) throws Exception {
    return connect(address, null, protocol);
  }

  private SSLSocket connect(
      InetSocketAddress address, KeyManager @Nullable [] keys, String protocol) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, new TrustManager[] {authority.toTrustManager()}, null);
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
    socket.setEnabledProtocols(new String[] {protocol});
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.connect(address);
    return socket;
  }
}
