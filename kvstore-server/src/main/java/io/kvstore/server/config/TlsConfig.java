package io.kvstore.server.config;

import io.kvstore.server.config.Setting.Section;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of TLS: files in PEM.
 *
 * @param certificate the server's certificate and its chain
 * @param key the private key of the certificate
 * @param clientCa the certificate authorities of clients; null if clients need no certificate
 * @param clientCrl the revocation lists of these authorities; null if nothing is revoked
 */
public record TlsConfig(
    Path certificate, Path key, @Nullable Path clientCa, @Nullable Path clientCrl) {
  private static final Setting<Path> CERTIFICATE =
      Setting.of("tls-cert", "<file>", SettingType.file())
          .helped(
              "File with the server's certificate and its chain in PEM: HTTP and the Redis protocol"
                  + " then use TLS 1.3 and 1.2 only. Reloaded when it changes.");

  private static final Setting<Path> KEY =
      Setting.of("tls-key", "<file>", SettingType.file())
          .helped("File with the private key of --tls-cert in PEM, without a passphrase.");

  private static final Setting<Path> CLIENT_CA =
      Setting.of("tls-client-ca", "<file>", SettingType.file())
          .helped(
              "File with certificates in PEM: clients must present a certificate signed by one of"
                  + " them.");

  private static final Setting<Path> CLIENT_CRL =
      Setting.of("tls-client-crl", "<file>", SettingType.file())
          .helped(
              "File with the certificate revocation lists (CRL) of all authorities of"
                  + " --tls-client-ca, in PEM or DER. Reloaded when it changes; connections with a"
                  + " revoked certificate are closed then.");

  static final Section SECTION =
      new Section("TLS", List.of(CERTIFICATE, KEY, CLIENT_CA, CLIENT_CRL));

  static @Nullable TlsConfig of(Values values) {
    values.checkUse(KEY, CERTIFICATE);
    values.checkUse(CLIENT_CA, CERTIFICATE);
    values.checkUse(CLIENT_CRL, CLIENT_CA);
    values.checkUse(CERTIFICATE, KEY);
    Path certificate = values.find(CERTIFICATE);
    return certificate == null
        ? null
        : new TlsConfig(
            certificate, values.get(KEY), values.find(CLIENT_CA), values.find(CLIENT_CRL));
  }
}
