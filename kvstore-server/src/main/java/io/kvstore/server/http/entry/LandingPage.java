package io.kvstore.server.http.entry;

/** The landing page, for a browser that opens the server. */
final class LandingPage {
  private LandingPage() {}

  static String text(int port) {
    String curl = "  curl %slocalhost:" + port + "/hello\n";
    return "This is kvstore, a key-value store: every path is a key. Nothing is stored under the"
        + " empty key.\n\n"
        + String.format(curl, "-d '{\"value\":\"world\"}' ")
        + String.format(curl, "")
        + String.format(curl, "-X DELETE ").stripTrailing();
  }
}
