package io.kvstore.server.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CRL;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parser of certificates and private keys in PEM. */
final class Pem {
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_LIST_BYTES = 16 << 20;

  private static final Pattern KEY =
      Pattern.compile("-----BEGIN ([A-Z ]*PRIVATE KEY)-----([^-]+)-----END \\1-----");

  /** The prefix of an RSA key in PKCS#8: version 0, and the algorithm. */
  private static final byte[] RSA_PROLOGUE = {
    2, 1, 0, 0x30, 13, 6, 9, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 13, 1, 1, 1, 5, 0
  };

  private Pem() {}

  /**
   * Returns all certificates of a file, in their order.
   *
   * @throws IOException if there is none, or one can't be parsed
   */
  static X509Certificate[] certificates(Path file) throws IOException {
    checkSize(file, MAX_BYTES, "keys and certificates");
    try (InputStream in = Files.newInputStream(file)) {
      X509Certificate[] found =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toArray(X509Certificate[]::new);
      if (found.length == 0) {
        throw new IOException("no certificate in " + file);
      }
      return found;
    } catch (GeneralSecurityException e) {
      throw new IOException("no certificate in PEM in " + file, e);
    }
  }

  /**
   * Returns the private key of a file.
   *
   * @param algorithm the algorithm of the certificate's public key
   * @throws IOException if there is none, or it has another algorithm
   */
  static PrivateKey key(Path file, String algorithm) throws IOException {
    checkSize(file, MAX_BYTES, "keys and certificates");
    Matcher found = KEY.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
    if (!found.find()) {
      throw new IOException("no private key in PEM in " + file);
    }
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(found.group(2));
      byte[] key =
          switch (found.group(1)) {
            case "PRIVATE KEY" -> bytes;
            case "RSA PRIVATE KEY" -> wrapped(bytes);
            default ->
                throw new IOException(
                    "the private key in "
                        + file
                        + " is not in PKCS#8 without a passphrase; openssl pkcs8 -topk8 -nocrypt"
                        + " makes it so");
          };
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(key));
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      throw new IOException(
          "the private key in "
              + file
              + " is not of the algorithm "
              + algorithm
              + ", as the certificate is",
          e);
    }
  }

  /**
   * Returns all certificate revocation lists of a file, which may be in PEM or DER.
   *
   * @throws IOException if there is none, or one can't be parsed
   */
  static List<X509CRL> revocationLists(Path file) throws IOException {
    checkSize(file, MAX_LIST_BYTES, "revocation lists");
    try (InputStream in = Files.newInputStream(file)) {
      List<X509CRL> found = new ArrayList<>();
      for (CRL list : CertificateFactory.getInstance("X.509").generateCRLs(in)) {
        found.add((X509CRL) list);
      }
      if (found.isEmpty()) {
        throw new IOException("no revocation list in " + file);
      }
      return found;
    } catch (GeneralSecurityException e) {
      throw new IOException("no revocation list in PEM or DER in " + file, e);
    }
  }

  private static void checkSize(Path file, int limit, String content) throws IOException {
    if (Files.size(file) > limit) {
      throw new IOException(
          file + " has more than the limit of " + limit + " bytes for " + content);
    }
  }

  /** Converts an RSA key from PKCS#1 to PKCS#8. */
  private static byte[] wrapped(byte[] key) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.writeBytes(RSA_PROLOGUE);
    content.writeBytes(der(4, key));
    return der(0x30, content.toByteArray());
  }

  private static byte[] der(int tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    int lengthBytes = (39 - Integer.numberOfLeadingZeros(content.length)) / 8;
    if (content.length > 127) {
      out.write(0x80 | lengthBytes);
    }
    for (int i = lengthBytes - 1; i >= 0; i--) {
      out.write(content.length >>> (8 * i));
    }
    out.writeBytes(content);
    return out.toByteArray();
  }
}
