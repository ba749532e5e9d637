package io.kvstore.server.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Decides which client certificates are trusted: those issued by the configured authorities and, if
 * there are revocation lists, not revoked by them (RFC 5280). Nothing is fetched over the network.
 */
final class ClientTrust {
  private ClientTrust() {}

  /**
   * Reads the authorities and their revocation lists.
   *
   * @param lists the file with the revocation lists; null if nothing is revoked
   * @throws IOException if a file can't be read, or an authority has no valid list
   */
  static TrustManagerFactory read(Path authorities, @Nullable Path lists) throws IOException {
    X509Certificate[] trusted = Pem.certificates(authorities);
    Set<TrustAnchor> anchors = new HashSet<>();
    for (X509Certificate authority : trusted) {
      anchors.add(new TrustAnchor(authority, null));
    }
    try {
      PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
      parameters.setRevocationEnabled(lists != null);
      if (lists != null) {
        // By these lists only: unlike its own checker, the JDK's default fetches nothing (neither
        // com.sun.security.enableCRLDP nor ocsp.enable is set).
        parameters.addCertStore(
            CertStore.getInstance(
                "Collection", new CollectionCertStoreParameters(listsOf(lists, trusted))));
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(new CertPathTrustManagerParameters(parameters));
      return factory;
    } catch (GeneralSecurityException e) {
      throw new IOException("can't use the certificates in " + authorities, e);
    }
  }

  private static List<X509CRL> listsOf(Path file, X509Certificate[] authorities)
      throws IOException, GeneralSecurityException {
    List<X509CRL> lists = Pem.revocationLists(file);
    for (X509Certificate authority : authorities) {
      requireList(file, lists, authority);
    }
    return lists;
  }

  /** Rejects an authority without a list: all of its clients would be rejected. */
  private static void requireList(Path file, List<X509CRL> lists, X509Certificate authority)
      throws IOException {
    boolean isNamed = false;
    for (X509CRL list : lists) {
      if (list.getIssuerX500Principal().equals(authority.getSubjectX500Principal())) {
        isNamed = true;
        if (isSigned(list, authority)) {
          return;
        }
      }
    }
    throw new IOException(
        isNamed
            ? "the revocation list of "
                + authority.getSubjectX500Principal()
                + " in "
                + file
                + " is not signed by that authority"
            : file
                + " has no revocation list of "
                + authority.getSubjectX500Principal()
                + ", which is in the file of client authorities; add one, even if it is empty");
  }

  private static boolean isSigned(X509CRL list, X509Certificate authority) {
    try {
      list.verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
