package io.kvstore.server.tls;

import io.kvstore.server.config.TlsConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The TLS context of a certificate and its key, with the protocols and cipher suites that RFC 9325
 * recommends: TLS 1.3, and TLS 1.2 with ephemeral elliptic-curve keys and authenticated encryption.
 *
 * @param clients decides which client certificates are trusted; null if clients need none
 */
record ServerContext(SslContext context, @Nullable X509TrustManager clients) {
  private static final Logger LOG = System.getLogger("io.kvstore.server");

  /** The suites in the order of the server's preference. */
  private static final List<String> SUITES =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  /** The least size of an RSA key (RFC 9325, section 4.5). */
  private static final int MIN_RSA_BITS = 2048;

  /** Makes the JDK reject renegotiation, by which a TLS 1.2 client could cause endless work. */
  private static final String NO_RENEGOTIATION = "jdk.tls.rejectClientInitiatedRenegotiation";

  static {
    if (System.getProperty(NO_RENEGOTIATION) == null) {
      System.setProperty(NO_RENEGOTIATION, "true");
    }
  }

  private static final byte[] PROBE = "kvstore".getBytes(StandardCharsets.US_ASCII);

  /**
   * Reads the files.
   *
   * @throws IOException if one can't be read, or the key is not the certificate's
   */
  static ServerContext read(TlsConfig files) throws IOException {
    X509Certificate[] chain = Pem.certificates(files.certificate());
    PublicKey publicKey = chain[0].getPublicKey();
    PrivateKey key = Pem.key(files.key(), publicKey.getAlgorithm());
    if (!belong(key, publicKey)) {
      throw new IOException(
          "the key in "
              + files.key()
              + " is not that of the certificate in "
              + files.certificate());
    }
    warnOfWeakness(files, chain[0]);
    SslContextBuilder builder =
        SslContextBuilder.forServer(key, chain)
            .sslProvider(SslProvider.JDK)
            .protocols("TLSv1.3", "TLSv1.2")
            .ciphers(SUITES, SupportedCipherSuiteFilter.INSTANCE)
            .applicationProtocolConfig(
                new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    ApplicationProtocolNames.HTTP_1_1));
    Path authorities = files.clientCa();
    if (authorities == null) {
      return new ServerContext(builder.build(), null);
    }
    TrustManagerFactory trust = ClientTrust.read(authorities, files.clientCrl());
    SslContext context = builder.trustManager(trust).clientAuth(ClientAuth.REQUIRE).build();
    return new ServerContext(context, (X509TrustManager) trust.getTrustManagers()[0]);
  }

  /** Returns whether the certificate of a client, if it needs one, is valid and not revoked. */
  boolean accepts(SSLSession session) {
    if (clients == null) {
      return true;
    }
    try {
      Certificate[] found = session.getPeerCertificates();
      X509Certificate[] chain = Arrays.copyOf(found, found.length, X509Certificate[].class);
      clients.checkClientTrusted(chain, chain[0].getPublicKey().getAlgorithm());
      return true;
    } catch (SSLPeerUnverifiedException | CertificateException e) {
      return false;
    }
  }

  /** Logs what clients may reject, and what does not protect them. */
  private static void warnOfWeakness(TlsConfig files, X509Certificate certificate) {
    try {
      certificate.checkValidity();
    } catch (CertificateException e) {
      LOG.log(
          Level.WARNING,
          "The certificate in {0} is valid from {1} to {2}, not now: clients will reject it",
          files.certificate(),
          certificate.getNotBefore().toInstant(),
          certificate.getNotAfter().toInstant());
    }
    if (certificate.getPublicKey() instanceof RSAPublicKey key
        && key.getModulus().bitLength() < MIN_RSA_BITS) {
      LOG.log(
          Level.WARNING,
          "The RSA key of the certificate in {0} has {1} bits: use one of at least " + MIN_RSA_BITS,
          files.certificate(),
          Integer.toString(key.getModulus().bitLength()));
    }
  }

  /** Whether a key pair matches. The JDK would notice a mismatch only in the first handshake. */
  private static boolean belong(PrivateKey key, PublicKey publicKey) {
    String algorithm =
        switch (publicKey.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> publicKey.getAlgorithm();
        };
    try {
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(PROBE);
      byte[] signature = signer.sign();
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(publicKey);
      verifier.update(PROBE);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
