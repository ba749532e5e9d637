package io.kvstore.server;

import static io.kvstore.server.RequestSample.DONE;
import static io.kvstore.server.RequestSample.HOST;
import static io.kvstore.server.RequestSample.SMUGGLED;
import static io.kvstore.server.RequestSample.answered;
import static io.kvstore.server.RequestSample.get;
import static io.kvstore.server.RequestSample.put;

import java.util.stream.Stream;

/**
 * Requests that few clients send and that mean one thing only: they are answered, and the next one
 * on the same connection is, too.
 */
final class UnusualRequests {
  private static final String ONE = "Content-Length: 1\r\n";
  private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";

  private UnusualRequests() {}

  static Stream<RequestSample> all() {
    return Stream.of(
            paths(),
            badPaths(),
            targets(),
            methods(),
            fields(),
            connections(),
            oldConnections(),
            expectations(),
            bodies(),
            chunks())
        .flatMap(s -> s);
  }

  /** Paths are keys, and no path is made another one. */
  private static Stream<RequestSample> paths() {
    return Stream.of(
        stored("two dots", "/a/../b", "a/../b"),
        stored("two dots at the start", "/../b", "../b"),
        stored("only two dots", "/..", ".."),
        stored("a dot", "/./a", "./a"),
        stored("escaped dots", "/%2e%2e/a", "../a"),
        stored("two slashes at the start", "//a", "/a"),
        stored("two slashes within", "/a//b", "a//b"),
        stored("slash at the end", "/a/", "a/"),
        stored("escaped slash", "/a%2Fb", "a/b"),
        stored("escape in small letters", "/a%2fb", "a/b"),
        stored("escaped percent sign", "/%2541", "%41"),
        stored("escaped question mark", "/a%3Fb?c", "a?b"),
        stored("plus sign", "/a+b", "a+b"),
        stored("signs", "/;,:@!$&'()*=~-_.", ";,:@!$&'()*=~-_."),
        stored("escaped NUL", "/a%00b", "a\0b"),
        stored("escaped line end", "/a%0d%0aHost:%20b", "a\r\nHost: b"),
        stored("UTF-8 without escapes", "/\u00c3\u00a4", "\u00e4"),
        stored("four escaped bytes", "/%F0%9F%98%80", "\ud83d\ude00"),
        stored("question mark twice", "/a?b?c", "a"));
  }

  private static RequestSample stored(String name, String target, String key) {
    return answered(name, put(target, ONE, "v"), DONE).storing(key, "v");
  }

  private static Stream<RequestSample> badPaths() {
    return Stream.of(
            "/%",
            "/%4",
            "/%zz",
            "/%%41",
            "/%u0041",
            "/%+1",
            "/a%0",
            "/%ff",
            "/\u00ff",
            "/%c0%80",
            "/%e2%82",
            "/%ed%a0%80",
            "/%f4%90%80%80")
        .flatMap(
            path ->
                Stream.of(
                    answered("no key: GET " + path, get(path, ""), 400),
                    answered("no key: PUT " + path, put(path, ONE, "v"), 400)));
  }

  private static Stream<RequestSample> targets() {
    return Stream.of(
        stored("URL with another accepted host", "http://LOCALHOST:80/a", "a"),
        stored("URL in capitals", "HTTP://A/a", "a"),
        stored("URL with https", "https://a/a?b", "a"),
        stored("URL with an address", "http://[::1]:80/a", "a"),
        stored("URL with dots", "http://a/../a//b", "../a//b"),
        stored("URL for a key", "/http://a/b", "http://a/b"),
        answered("empty line before", "\r\n" + get("/a", ""), 404),
        answered("empty line of a bare LF before", "\n" + get("/a", ""), 404),
        answered("empty lines before", "\r\n\r\n\r\n" + get("/a", ""), 404),
        answered("empty lines between", get("/a", "") + "\r\n\r\n" + get("/b", ""), 404, 404));
  }

  private static Stream<RequestSample> methods() {
    return Stream.of(
            "get",
            "Get",
            "GETS",
            "GE",
            "FOO",
            "PATCH",
            "TRACE",
            "!#$%&'*+-.^_`|~0",
            "M".repeat(300))
        .flatMap(
            method ->
                Stream.of(
                    answered(method, method + " /a HTTP/1.1\r\n" + HOST + "\r\n", 405),
                    answered(
                        method + " with a body",
                        method
                            + " /a HTTP/1.1\r\n"
                            + HOST
                            + "Content-Length: 55\r\n\r\n"
                            + SMUGGLED,
                        405)));
  }

  private static Stream<RequestSample> fields() {
    return Stream.of(
        answered("Host of somebody else", "GET /a HTTP/1.1\r\nHost: b.example\r\n\r\n", 421),
        answered("target of somebody else", get("http://b.example/a", ""), 421),
        answered("target with a user", get("http://b.example:80@a/a", ""), 421),
        answered("empty Host", "GET /a HTTP/1.1\r\nHost:\r\n\r\n", 404),
        answered("Host without space", "GET /a HTTP/1.1\r\nHost:a\r\n\r\n", 404),
        answered("Host between blanks", "GET /a HTTP/1.1\r\nHost: \t a:80 \t \r\n\r\n", 404),
        answered("Host with an address", "GET /a HTTP/1.1\r\nhost: [::1]:80\r\n\r\n", 404),
        answered("Host as the last", "GET /a HTTP/1.1\r\nX: y\r\nHOST: a\r\n\r\n", 404),
        answered("name that starts like Host", get("/a", "Hosts: b\r\nHos: c\r\n"), 404),
        answered("name with all signs", get("/a", "!#$%&'*+-.^_`|~0Az: b\r\n"), 404),
        answered("empty value", get("/a", "b:\r\nc: \r\nd:\t\r\n"), 404),
        answered("same name often", get("/a", "b: c\r\n".repeat(255)), 404),
        answered("bytes over 127 in a value", get("/a", "b: \u00e4\u0080\u00ff\r\n"), 404),
        answered("tab in a value", get("/a", "b: c\td\r\n"), 404),
        answered("colons in a value", get("/a", "b:: c: d\r\n"), 404),
        answered("request in a value", get("/a", "b: GET /a HTTP/1.1\r\n"), 404),
        answered("folded value", get("/a", "b: c\r\n d\r\n\te\r\n"), 404),
        answered("upgrade", get("/a", "Connection: Upgrade\r\nUpgrade: h2c\r\n"), 404),
        answered("upgrade to WebSocket", get("/a", "Upgrade: websocket\r\n"), 404));
  }

  private static Stream<RequestSample> connections() {
    return Stream.concat(
        Stream.of(
                "Connection: close",
                "Connection: CLOSE",
                "connection:close",
                "Connection: \t close \t",
                "Connection: keep-alive, close",
                "Connection: close, keep-alive",
                "Connection: ,, close ,",
                "Connection: a\r\nX: y\r\nConnection: close",
                "Connection: close\r\nConnection: keep-alive")
            .map(f -> answered(f, get("/a", f + "\r\n"), 404).andCloses()),
        Stream.of(
                "Connection: keep-alive",
                "Connection: Keep-Alive, x",
                "Connection:",
                "Connection: closed",
                "Connection: close-x",
                "Connection: \"close\"",
                "X-Connection: close",
                "Proxy-Connection: close")
            .map(f -> answered(f, get("/a", f + "\r\n"), 404)));
  }

  private static Stream<RequestSample> oldConnections() {
    String line = "GET /a HTTP/1.0\r\n";
    return Stream.concat(
        Stream.of(
                "",
                "Host: a\r\n",
                "Connection: close\r\n",
                "Connection: keep-alive, close\r\n",
                "Connection: x\r\n",
                "Keep-Alive: timeout=5\r\n",
                "Proxy-Connection: keep-alive\r\n")
            .map(f -> answered("in 1.0: " + f, line + f + "\r\n", 404).andCloses()),
        Stream.of("Connection: keep-alive\r\n", "Connection: x, KEEP-ALIVE\r\n")
            .map(f -> answered("in 1.0: " + f, line + f + "\r\n", 404)));
  }

  private static Stream<RequestSample> expectations() {
    String waits = "Expect: 100-continue\r\n";
    return Stream.of(
        answered("read that waits for no word", get("/a", waits), 404),
        answered("no body to wait for", get("/a", waits + "Content-Length: 0\r\n"), 404),
        answered("body at once", put("/a", waits + ONE, "v"), 100, DONE).storing("a", "v"),
        answered("chunks at once", put("/a", waits + CHUNKED, "1\r\nv\r\n0\r\n\r\n"), 100, DONE)
            .storing("a", "v"),
        answered("in capitals", put("/a", "EXPECT: 100-CONTINUE\r\n" + ONE, "v"), 100, DONE)
            .storing("a", "v"),
        answered(
                "in 1.0, which knows no such word",
                "PUT /a HTTP/1.0\r\n" + waits + ONE + "\r\nv",
                DONE)
            .storing("a", "v")
            .andCloses());
  }

  private static Stream<RequestSample> bodies() {
    String length = "Content-Length: 55\r\n";
    String chunks = "37\r\n" + SMUGGLED + "\r\n0\r\n\r\n";
    return Stream.of(
        answered("read with a body", get("/a", length) + SMUGGLED, 404),
        answered("read with chunks", get("/a", CHUNKED) + chunks, 404),
        answered("read without a body", get("/a", "Content-Length: 0\r\n"), 404),
        answered("body of a HEAD", "HEAD /a HTTP/1.1\r\n" + HOST + length + "\r\n" + SMUGGLED, 404)
            .withoutBodies(),
        answered("HEAD of no key", "HEAD /%zz HTTP/1.1\r\n" + HOST + "\r\n", 400).withoutBodies(),
        answered("delete with a body", delete(length) + SMUGGLED, DONE),
        answered("delete with chunks", delete(CHUNKED) + chunks, DONE),
        answered("body that is a request", put("/a", length, SMUGGLED), DONE)
            .storing("a", SMUGGLED),
        answered("body of a rejected key", put("/%zz", length, SMUGGLED), 400),
        answered("chunks of a rejected key", put("/%zz", CHUNKED, chunks), 400),
        answered(
            "body that is no JSON",
            "POST /a HTTP/1.1\r\n" + HOST + length + "\r\n" + SMUGGLED,
            400),
        answered("length with zeros before", put("/a", "Content-Length: 0001\r\n", "v"), DONE)
            .storing("a", "v"),
        answered("length between blanks", put("/a", "Content-Length:\t 1 \t\r\n", "v"), DONE)
            .storing("a", "v"),
        answered(
                "plain and unusual ones",
                get("/a", "")
                    + put("/a", ONE, "v")
                    + get("/a", "")
                    + get("/%zz", "")
                    + get("/a", length)
                    + SMUGGLED
                    + "\r\n"
                    + get("/a", CHUNKED)
                    + chunks
                    + get("/a", ""),
                404,
                DONE,
                200,
                400,
                200,
                200,
                200)
            .storing("a", "v"));
  }

  private static String delete(String fields) {
    return "DELETE /a HTTP/1.1\r\n" + HOST + fields + "\r\n";
  }

  private static Stream<RequestSample> chunks() {
    return Stream.of(
        chunked("size with zeros before", "0001\r\nv\r\n000\r\n\r\n", "v"),
        chunked("size in capitals", "A\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
        chunked("size in small letters", "a\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
        chunked("no chunk", "0\r\n\r\n", ""),
        chunked("extension", "1;a=b\r\nv\r\n0;c\r\n\r\n", "v"),
        chunked("extension in quotes", "1;a=\"b;c\"\r\nv\r\n0\r\n\r\n", "v"),
        chunked("extension behind a blank", "1 ; a = b\r\nv\r\n0\r\n\r\n", "v"),
        chunked("line ends in a chunk", "4\r\n\r\n0\r\r\n0\r\n\r\n", "\r\n0\r"),
        chunked("trailers", "1\r\nv\r\n0\r\na: b\r\nc:\r\n\r\n", "v"),
        chunked("length as a trailer", "1\r\nv\r\n0\r\nContent-Length: 9\r\n\r\n", "v"),
        chunked("coding as a trailer", "1\r\nv\r\n0\r\nTransfer-Encoding: x\r\n\r\n", "v"),
        chunked("Host as a trailer", "1\r\nv\r\n0\r\nHost: b\r\n\r\n", "v"),
        chunked("close as a trailer", "1\r\nv\r\n0\r\nConnection: close\r\n\r\n", "v"),
        chunked("expectation as a trailer", "1\r\nv\r\n0\r\nExpect: luck\r\n\r\n", "v"));
  }

  private static RequestSample chunked(String name, String body, String value) {
    return answered(name, put("/a", CHUNKED, body), DONE).storing("a", value);
  }
}
