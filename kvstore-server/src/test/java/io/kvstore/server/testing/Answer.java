package io.kvstore.server.testing;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A response, as received. */
public final class Answer {
  private final int status;
  private final Map<String, String> fields;
  private final byte[] body;

  Answer(int status, Map<String, String> fields, byte[] body) {
    this.status = status;
    this.fields = fields;
    this.body = body;
  }

  public int status() {
    return status;
  }

  public byte[] body() {
    return body;
  }

  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** A header field's value, or null. */
  public @Nullable String field(String name) {
    return fields.get(name.toLowerCase(Locale.ROOT));
  }

  @Override
  public String toString() {
    return status + " " + fields + " " + text();
  }
}
