package io.kvstore.server.http.message;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The header section of a request: framing and connection options. Checked more strictly than by
 * the decoder, because a server that reads a request differently from the proxy in front of it is
 * open to request smuggling.
 *
 * @param bodyBytes the announced length, 0 for none, {@link #CHUNKED} if it is unknown
 * @param expectsContinue whether the client waits for 100 Continue before it sends the body
 */
public record RequestHead(ConnectionOption option, long bodyBytes, boolean expectsContinue) {

  /** The length of a chunked body. */
  static final long CHUNKED = -1;

  private static final String HOST_SIGNS = "-._~!$&'()*+,;=:[]%";

  /**
   * Parses the header fields.
   *
   * @throws HttpException fatal, if they are ambiguous or require what is not supported
   */
  public static RequestHead of(HttpRequest request) {
    HttpHeaders headers = request.headers();
    boolean current = request.protocolVersion().equals(HttpVersion.HTTP_1_1);
    checkHost(headers.valueCharSequenceIterator(HttpHeaderNames.HOST), current);
    return new RequestHead(
        option(headers, current), bodyBytes(headers), current && expectsContinue(headers));
  }

  public boolean hasBody() {
    return bodyBytes != 0;
  }

  private static void checkHost(Iterator<? extends CharSequence> hosts, boolean required) {
    if (!hosts.hasNext()) {
      if (required) {
        throw HttpException.malformed("The request has no Host.");
      }
      return;
    }
    CharSequence host = hosts.next();
    if (hosts.hasNext()) {
      throw HttpException.malformed("The request has more than one Host.");
    }
    for (int i = 0; i < host.length(); i++) {
      if (!isHostChar(host.charAt(i))) {
        throw HttpException.malformed("The Host is not a name or address with a port.");
      }
    }
  }

  static boolean isHostChar(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || (c >= 'A' && c <= 'Z')
        || HOST_SIGNS.indexOf(c) >= 0;
  }

  private static ConnectionOption option(HttpHeaders headers, boolean current) {
    if (!headers.contains(HttpHeaderNames.CONNECTION)) {
      return current ? ConnectionOption.KEEP : ConnectionOption.CLOSE;
    }
    if (headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true)) {
      return ConnectionOption.CLOSE;
    }
    if (current) {
      return ConnectionOption.KEEP;
    }
    return headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE, true)
        ? ConnectionOption.KEEP_AS_ASKED
        : ConnectionOption.CLOSE;
  }

  /** The decoder has checked that there is at most one length, and none beside chunks. */
  private static long bodyBytes(HttpHeaders headers) {
    @Nullable String coding = headers.get(HttpHeaderNames.TRANSFER_ENCODING);
    if (coding == null) {
      @Nullable String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
      return length == null ? 0 : Long.parseLong(length);
    }
    boolean single = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING).size() == 1;
    if (!single || !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(coding)) {
      throw HttpException.fatal(
          Status.NOT_IMPLEMENTED, "The only transfer coding that is understood is chunked.");
    }
    return CHUNKED;
  }

  private static boolean expectsContinue(HttpHeaders headers) {
    @Nullable String expected = headers.get(HttpHeaderNames.EXPECT);
    if (expected != null && !HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expected)) {
      throw HttpException.fatal(
          Status.EXPECTATION_FAILED, "The only expectation that can be met is 100-continue.");
    }
    return expected != null;
  }
}
