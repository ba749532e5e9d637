package io.kvstore.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvstore.server.admin.port.Reply;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The dashboard's page: one HTML document with its scripts and styles inlined, which loads no other
 * resource. A content security policy allows the browser exactly the inlined parts, by hash.
 */
final class Dashboard {
  private static final String STYLE_PLACE = "/*style*/";
  private static final String SCRIPT_PLACE = "/*script*/";

  private final Reply reply;

  private Dashboard(Reply reply) {
    this.reply = reply;
  }

  static Dashboard assemble() {
    String style = Resources.text("dashboard.css");
    String script = Resources.text("dashboard.js");
    String page =
        Resources.text("dashboard.html").replace(STYLE_PLACE, style).replace(SCRIPT_PLACE, script);
    String policy =
        "default-src 'none'; script-src "
            + hash(script)
            + "; style-src "
            + hash(style)
            + "; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none';"
            + " frame-ancestors 'none'";
    return new Dashboard(
        Reply.ok("text/html; charset=utf-8", page.getBytes(UTF_8))
            .with("content-security-policy", policy));
  }

  Reply page() {
    return reply;
  }

  private static String hash(String part) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(part.getBytes(UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
