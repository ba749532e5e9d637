package io.kvstore.server.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.EnumSet;
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
      parameters.setRevocationEnabled(false);
      if (lists != null) {
        addLists(parameters, listsOf(lists, trusted));
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(new CertPathTrustManagerParameters(parameters));
      return factory;
    } catch (GeneralSecurityException e) {
      throw new IOException("can't use the certificates in " + authorities, e);
    }
  }

  private static void addLists(PKIXBuilderParameters parameters, Collection<X509CRL> lists)
      throws GeneralSecurityException {
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists)));
    PKIXRevocationChecker checker =
        (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
    checker.setOptions(
        EnumSet.of(
            PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK));
    parameters.addCertPathChecker(checker);
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
    for (X509CRL list : lists) {
      if (list.getIssuerX500Principal().equals(authority.getSubjectX500Principal())) {
        try {
          list.verify(authority.getPublicKey());
          return;
        } catch (GeneralSecurityException e) {
          throw new IOException(
              "the revocation list of "
                  + authority.getSubjectX500Principal()
                  + " in "
                  + file
                  + " is not signed by that authority",
              e);
        }
      }
    }
    throw new IOException(
        file
            + " has no revocation list of "
            + authority.getSubjectX500Principal()
            + ", which is in the file of client authorities; add one, even if it is empty");
  }
}
