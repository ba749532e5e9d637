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
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;

/** Builds the TLS context of a certificate and its key. */
final class ServerContext {
  private static final byte[] PROBE = "kvstore".getBytes(StandardCharsets.US_ASCII);

  private ServerContext() {}

  /**
   * Reads the files.
   *
   * @throws IOException if one can't be read, or the key is not the certificate's
   */
  static SslContext read(TlsConfig files) throws IOException {
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
    SslContextBuilder builder =
        SslContextBuilder.forServer(key, chain)
            .sslProvider(SslProvider.JDK)
            .protocols("TLSv1.3", "TLSv1.2")
            .applicationProtocolConfig(
                new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    ApplicationProtocolNames.HTTP_1_1));
    if (files.clientCa() != null) {
      builder.trustManager(Pem.certificates(files.clientCa())).clientAuth(ClientAuth.REQUIRE);
    }
    return builder.build();
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
