package io.kvstore.server.http.response;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.Preference;
import io.kvstore.server.http.message.Status;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;

/** Problem details (RFC 9457), for clients that ask for JSON; others get the sentence alone. */
public final class Problem {
  static final String TYPE = "application/problem+json";

  private Problem() {}

  /** Whether a client prefers JSON to text. */
  public static boolean isWanted(HttpHeaders headers) {
    double json =
        Preference.weight(
            headers, HttpHeaderNames.ACCEPT, TYPE, "application/json", "application/*");
    return json > 0
        && json >= Preference.weight(headers, HttpHeaderNames.ACCEPT, "text/plain", "text/*");
  }

  static byte[] of(HttpException error) {
    Status status = error.status();
    String detail = String.valueOf(JsonStringEncoder.getInstance().quoteAsString(error.sentence()));
    String json =
        "{\"type\":\"about:blank\",\"title\":\""
            + status.reason()
            + "\",\"status\":"
            + status.code()
            + ",\"detail\":\""
            + detail
            + "\"}\n";
    return json.getBytes(StandardCharsets.UTF_8);
  }
}
