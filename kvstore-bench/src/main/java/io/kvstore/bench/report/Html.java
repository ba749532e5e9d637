package io.kvstore.bench.report;

/** Escapes text for HTML and SVG. */
final class Html {
  private Html() {}

  /** Returns the text so that nothing in it is taken for markup. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
