package io.kvstore.server.http.message;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The policy for requests that web pages make. A page of another origin may use the server only if
 * that origin is allowed, and is then told so by CORS (Fetch standard, §3.3). Clients that are not
 * browsers send neither Origin nor Sec-Fetch-Site, and are not affected. Safe for use by any
 * thread.
 */
public final class CrossOriginPolicy {
  private static final String FETCH_SITE = "sec-fetch-site";
  private static final String FETCH_MODE = "sec-fetch-mode";
  private static final String FETCH_DESTINATION = "sec-fetch-dest";

  /** The values of Sec-Fetch-Site of requests that no page of another origin has made. */
  private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

  private static final byte[] NO_FIELDS = {};
  private static final String VARY = "Vary: Origin\r\n";

  /** The fields of a response that a page can't read unless they are named here. */
  private static final String EXPOSED =
      "Access-Control-Expose-Headers: Accept-Ranges, Allow, Content-Encoding, Content-Range, Date,"
          + " ETag, Kvstore-Ttl-Ms, Retry-After, WWW-Authenticate\r\n";

  /**
   * The fields of the response to a preflight; the server ignores header fields it has no use for.
   */
  private static final String PREFLIGHT =
      "Access-Control-Allow-Methods: GET, HEAD, PUT, POST, DELETE\r\n"
          + "Access-Control-Allow-Headers: Authorization, Content-Type, If-Match, If-None-Match,"
          + " If-Range, Last-Event-ID, Range, *\r\n"
          + "Access-Control-Max-Age: 3600\r\n";

  private final @Nullable Hosts hosts;
  private final byte[] otherFields;
  private final Map<String, AllowedOrigin> allowed;

  private CrossOriginPolicy(
      @Nullable Hosts hosts, byte[] otherFields, Map<String, AllowedOrigin> allowed) {
    this.hosts = hosts;
    this.otherFields = otherFields;
    this.allowed = allowed;
  }

  /** The header fields of responses to pages of one origin. */
  @SuppressWarnings("ArrayRecordComponent") // never passed out of the server, or compared
  private record AllowedOrigin(byte[] fields, byte[] preflightFields) {
    static AllowedOrigin of(String origin) {
      String fields = VARY + "Access-Control-Allow-Origin: " + origin + "\r\n";
      return new AllowedOrigin(ascii(fields + EXPOSED), ascii(fields + PREFLIGHT));
    }
  }

  /**
   * Returns a policy.
   *
   * @param hosts the hosts that requests may name; null for all, because every request needs a
   *     token, which a page that has rebound its name does not have
   * @param origins the allowed origins, as browsers write them
   */
  public static CrossOriginPolicy of(@Nullable Hosts hosts, Collection<String> origins) {
    return new CrossOriginPolicy(
        hosts,
        origins.isEmpty() ? NO_FIELDS : ascii(VARY),
        origins.stream()
            .distinct()
            .collect(Collectors.toUnmodifiableMap(Function.identity(), AllowedOrigin::of)));
  }

  /** Whether {@code origin} is the one that a page of this host and port has. */
  public static boolean isOwn(String origin, @Nullable String host) {
    return host != null
        && (origin.equalsIgnoreCase("http://" + host)
            || origin.equalsIgnoreCase("https://" + host));
  }

  /**
   * Whether Host is accepted.
   *
   * @param host the field's value
   */
  boolean accepts(String host) {
    return hosts == null || hosts.accepts(host);
  }

  /**
   * Checks where a request comes from.
   *
   * @throws HttpException if it is for another host, or from a page of another origin that is not
   *     allowed
   */
  public void check(HttpRequest request) {
    HttpHeaders headers = request.headers();
    @Nullable String host = headers.get(HttpHeaderNames.HOST);
    @Nullable String authority = KeyPath.authority(request.uri());
    if ((host != null && !accepts(host)) || (authority != null && !accepts(authority))) {
      throw HttpException.of(
          Status.MISDIRECTED,
          "This server answers to IP addresses, localhost and the names in --allowed-hosts, not to"
              + " the Host of the request.");
    }
    if (allowed(headers) != null) {
      return;
    }
    List<String> origins = headers.getAll(HttpHeaderNames.ORIGIN);
    boolean isForeign = !OWN_SITES.containsAll(headers.getAll(FETCH_SITE));
    if (origins.isEmpty()
        ? isForeign && !isNavigation(request)
        : isForeign || !isOwn(origins, host)) {
      throw HttpException.of(
          Status.FORBIDDEN,
          "The request comes from a web page of another origin, which is not in"
              + " --allowed-origins.");
    }
  }

  private static boolean isOwn(List<String> origins, @Nullable String host) {
    return origins.size() == 1 && isOwn(origins.get(0), host);
  }

  /**
   * Whether the user follows a link to an entry, in a window of its own. The page with the link
   * can't read the response, and nothing in the response can run.
   */
  private static boolean isNavigation(HttpRequest request) {
    boolean isRead =
        request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
    return isRead
        && request.headers().getAll(FETCH_MODE).equals(List.of("navigate"))
        && request.headers().getAll(FETCH_DESTINATION).equals(List.of("document"));
  }

  /** Whether a request is the CORS preflight of a page that is allowed. It has no token. */
  public boolean isPreflight(HttpRequest request) {
    return request.method().equals(HttpMethod.OPTIONS)
        && request.headers().contains(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD)
        && allowed(request.headers()) != null;
  }

  /** Returns the header fields of the response to a request, as lines; not to be changed. */
  public byte[] fields(HttpRequest request) {
    AllowedOrigin origin = allowed(request.headers());
    if (origin == null) {
      return otherFields;
    }
    return isPreflight(request) ? origin.preflightFields() : origin.fields();
  }

  /** Returns {@link #fields} for a request without Origin. */
  public byte[] fields() {
    return otherFields;
  }

  private @Nullable AllowedOrigin allowed(HttpHeaders headers) {
    if (allowed.isEmpty()) {
      return null;
    }
    List<String> origins = headers.getAll(HttpHeaderNames.ORIGIN);
    return origins.size() == 1 ? allowed.get(origins.get(0)) : null;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
