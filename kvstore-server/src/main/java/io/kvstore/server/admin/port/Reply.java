package io.kvstore.server.admin.port;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;

/** A response of the management port. */
public final class Reply {
  private static final String JSON = "application/json";
  private static final String PROBLEM = "application/problem+json";

  private final HttpResponseStatus status;
  private final String type;
  private final byte[] body;
  private final Map<String, String> fields;

  private Reply(HttpResponseStatus status, String type, byte[] body, Map<String, String> fields) {
    this.status = status;
    this.type = type;
    this.body = body;
    this.fields = fields;
  }

  public static Reply ok(String type, byte[] body) {
    return new Reply(HttpResponseStatus.OK, type, body, Map.of());
  }

  public static Reply json(HttpResponseStatus status, Json.Content content) {
    return new Reply(status, JSON, Json.object(content), Map.of());
  }

  public static Reply json(Json.Content content) {
    return json(HttpResponseStatus.OK, content);
  }

  /** Returns an error response with one sentence. */
  public static Reply problem(HttpResponseStatus status, String sentence) {
    byte[] body =
        Json.object(
            out -> {
              out.writeStringField("title", status.reasonPhrase());
              out.writeNumberField("status", status.code());
              out.writeStringField("detail", sentence);
            });
    return new Reply(status, PROBLEM, body, Map.of());
  }

  /** Returns the same response with one more header field. */
  public Reply with(String name, String value) {
    return new Reply(status, type, body, Map.of(name, value));
  }

  public HttpResponseStatus status() {
    return status;
  }

  String type() {
    return type;
  }

  byte[] body() {
    return body;
  }

  /** The header fields besides those of every response. */
  Map<String, String> fields() {
    return fields;
  }

  @Override
  public String toString() {
    return status + " " + new String(body, UTF_8);
  }
}
