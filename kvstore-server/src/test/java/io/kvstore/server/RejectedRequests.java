package io.kvstore.server;

import static io.kvstore.server.RequestSample.HOST;
import static io.kvstore.server.RequestSample.get;
import static io.kvstore.server.RequestSample.put;
import static io.kvstore.server.RequestSample.rejected;

import java.util.stream.Stream;

/**
 * Requests that are broken, or mean one thing to us and another to somebody in front of us. The
 * table that {@link UnusualRequests} is the other half of.
 */
final class RejectedRequests {
  private RejectedRequests() {}

  static Stream<RequestSample> all() {
    return Stream.of(
            targets(), versions(), fields(), hosts(), lengths(), codings(), chunks(), limits())
        .flatMap(s -> s);
  }

  private static Stream<RequestSample> targets() {
    return Stream.of(
        rejected("space in target", 400, "GET /a b HTTP/1.1\r\n" + HOST + "\r\n"),
        rejected("two spaces after method", 400, "GET  /a HTTP/1.1\r\n" + HOST + "\r\n"),
        rejected("two spaces before version", 400, "GET /a  HTTP/1.1\r\n" + HOST + "\r\n"),
        rejected("tab for a space", 400, "GET\t/a HTTP/1.1\r\n" + HOST + "\r\n"),
        rejected("space before method", 400, " GET /a HTTP/1.1\r\n" + HOST + "\r\n"),
        rejected("space after version", 400, "GET /a HTTP/1.1 \r\n" + HOST + "\r\n"),
        rejected("NUL in target", 400, "GET /a\u0000b HTTP/1.1\r\n" + HOST + "\r\n"),
        rejected("control byte in target", 400, "GET /a\u0001b HTTP/1.1\r\n" + HOST + "\r\n"),
        rejected("DEL in target", 400, "GET /a\u007fb HTTP/1.1\r\n" + HOST + "\r\n"),
        rejected("vertical tab in target", 400, "GET /a\u000bb HTTP/1.1\r\n" + HOST + "\r\n"),
        rejected("carriage return in target", 400, "GET /a\rb HTTP/1.1\r\n" + HOST + "\r\n"),
        rejected("target without slash", 400, "GET a HTTP/1.1\r\n" + HOST + "\r\n"),
        rejected("asterisk for a key", 400, "GET * HTTP/1.1\r\n" + HOST + "\r\n"),
        rejected("URL without host", 400, "GET http:///a HTTP/1.1\r\n" + HOST + "\r\n"),
        rejected("no target", 400, "GET HTTP/1.1\r\n" + HOST + "\r\n"),
        rejected("method with brackets", 400, "G(T /a HTTP/1.1\r\n" + HOST + "\r\n"),
        rejected("NUL before method", 400, "\u0000GET /a HTTP/1.1\r\n" + HOST + "\r\n"),
        rejected("tab before method", 400, "\tGET /a HTTP/1.1\r\n" + HOST + "\r\n"),
        rejected("empty line with a space", 400, " \r\nGET /a HTTP/1.1\r\n" + HOST + "\r\n"),
        rejected("tab before version", 400, "GET /a\tHTTP/1.1\r\n" + HOST + "\r\n"),
        rejected("tab in target", 400, "GET /a\tb HTTP/1.1\r\n" + HOST + "\r\n"),
        rejected("NUL in method", 400, "G\u0000T /a HTTP/1.1\r\n" + HOST + "\r\n"),
        rejected("byte over 127 in method", 400, "G\u00cbT /a HTTP/1.1\r\n" + HOST + "\r\n"),
        rejected("other scheme", 400, "GET ftp://a/a HTTP/1.1\r\n" + HOST + "\r\n"),
        rejected("authority for a key", 400, "GET a:80 HTTP/1.1\r\n" + HOST + "\r\n"),
        rejected("query for a key", 400, "GET ?a HTTP/1.1\r\n" + HOST + "\r\n"),
        rejected("TLS", 400, "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\r\n\r\n"));
  }

  private static Stream<RequestSample> versions() {
    return Stream.of(
        rejected("no version", 400, "GET /a\r\n\r\n"),
        rejected("version in lower case", 400, "GET /a http/1.1\r\n" + HOST + "\r\n"),
        rejected("version with two digits", 400, "GET /a HTTP/1.10\r\n" + HOST + "\r\n"),
        rejected("other protocol", 400, "GET /a FTP/1.1\r\n" + HOST + "\r\n"),
        rejected("version without digits", 400, "GET /a HTTP/\r\n" + HOST + "\r\n"),
        rejected("version with a comma", 400, "GET /a HTTP/1,1\r\n" + HOST + "\r\n"),
        rejected("version behind NUL", 400, "GET /a \u0000HTTP/1.1\r\n" + HOST + "\r\n"),
        rejected("HTTP/3.0", 505, "GET /a HTTP/3.0\r\n" + HOST + "\r\n"),
        rejected("HTTP/2", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        rejected("HTTP/1.2", 505, "GET /a HTTP/1.2\r\n" + HOST + "\r\n"),
        rejected("HTTP/0.9", 505, "GET /a HTTP/0.9\r\n" + HOST + "\r\n"));
  }

  private static Stream<RequestSample> fields() {
    return Stream.of(
        rejected("field without colon", 400, "GET /a HTTP/1.1\r\n" + HOST + "abc\r\n\r\n"),
        rejected("field without name", 400, "GET /a HTTP/1.1\r\n" + HOST + ": b\r\n\r\n"),
        rejected("space before colon", 400, "GET /a HTTP/1.1\r\nHost : a\r\n\r\n"),
        rejected("space before first field", 400, "GET /a HTTP/1.1\r\n Host: a\r\n\r\n"),
        rejected("NUL in a field", 400, "GET /a HTTP/1.1\r\n" + HOST + "b: \u0000\r\n\r\n"),
        rejected("bare CR in a field", 400, "GET /a HTTP/1.1\r\n" + HOST + "b: c\rd: e\r\n\r\n"),
        rejected("NUL in a name", 400, get("/a", "b\u0000: c\r\n")),
        rejected("control byte in a field", 400, get("/a", "b: c\u0001\r\n")),
        rejected("DEL in a name", 400, get("/a", "b\u007f: c\r\n")),
        rejected("byte over 127 in a name", 400, get("/a", "b\u00e4: c\r\n")),
        rejected("brackets in a name", 400, get("/a", "(b): c\r\n")),
        rejected("space in a name", 400, get("/a", "b c: d\r\n")),
        rejected("tab before colon", 400, get("/a", "b\t: c\r\n")),
        rejected("only a colon", 400, get("/a", ":\r\n")),
        rejected("bare CR before a field", 400, get("/a", "\rb: c\r\n")),
        rejected("bare CR before a line's end", 400, get("/a", "b: c\r\r\n")),
        rejected("two bare LFs after the line", 400, "GET /a HTTP/1.1\n\nHost: a\r\n\r\n"),
        rejected("bare LFs everywhere", 400, "GET /a HTTP/1.1\nHost: a\n\n"),
        rejected("bare LF at the end", 400, "GET /a HTTP/1.1\r\nHost: a\r\n\n"),
        rejected("bare LF after the line", 400, "GET /a HTTP/1.1\n" + HOST + "\r\n"),
        rejected("bare LF after a field", 400, "GET /a HTTP/1.1\r\nHost: a\n\r\n"),
        rejected(
            "unknown expectation", 417, put("/b", "Content-Length: 1\r\nExpect: luck\r\n", "x")));
  }

  private static Stream<RequestSample> hosts() {
    return Stream.of(
        rejected("no Host", 400, "GET /a HTTP/1.1\r\n\r\n"),
        rejected("two Hosts", 400, "GET /a HTTP/1.1\r\n" + HOST + HOST + "\r\n"),
        rejected("two Hosts in 1.0", 400, "GET /a HTTP/1.0\r\n" + HOST + HOST + "\r\n"),
        rejected("Host with a path", 400, "GET /a HTTP/1.1\r\nHost: a/b\r\n\r\n"),
        rejected("Host with a user", 400, "GET /a HTTP/1.1\r\nHost: a@b\r\n\r\n"),
        rejected("two names in a Host", 400, "GET /a HTTP/1.1\r\nHost: a b\r\n\r\n"),
        rejected("two Hosts, one of them last", 400, get("/a", "X: y\r\nhost: b\r\n")),
        rejected("control byte in a Host", 400, "GET /a HTTP/1.1\r\nHost: a\u0001\r\n\r\n"),
        rejected("byte over 127 in a Host", 400, "GET /a HTTP/1.1\r\nHost: \u00e4\r\n\r\n"),
        rejected("folded Host", 400, "GET /a HTTP/1.1\r\nHost: a\r\n b\r\n\r\n"),
        rejected("Host only in the URL", 400, "GET http://a/a HTTP/1.1\r\n\r\n"));
  }

  private static Stream<RequestSample> lengths() {
    return Stream.of(
        rejected("two lengths", 400, put("/b", "Content-Length: 1\r\nContent-Length: 2\r\n", "xy")),
        rejected(
            "equal lengths", 400, put("/b", "Content-Length: 1\r\nContent-Length: 1\r\n", "x")),
        rejected(
            "two lengths in 1.0",
            400,
            "PUT /b HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 1\r\n"
                + "content-length: 2\r\n\r\nxy"),
        rejected("list of lengths", 400, put("/b", "Content-Length: 1, 1\r\n", "x")),
        rejected("negative length", 400, put("/b", "Content-Length: -1\r\n", "x")),
        rejected("length with a sign", 400, put("/b", "Content-Length: +1\r\n", "x")),
        rejected("hexadecimal length", 400, put("/b", "Content-Length: 0x1\r\n", "x")),
        rejected("empty length", 400, put("/b", "Content-Length:\r\n", "x")),
        rejected("huge length", 400, put("/b", "Content-Length: 99999999999999999999\r\n", "x")),
        rejected("long length", 413, put("/b", "Content-Length: 9223372036854775807\r\n", "x")),
        rejected(
            "length of a read, twice",
            400,
            get("/a", "Content-Length: 0\r\nContent-Length: 0\r\n")),
        rejected(
            "two lengths, the other spelling",
            400,
            put("/b", "Content-Length: 1\r\ncontent-LENGTH: 1\r\n", "x")),
        rejected("list of equal lengths for a read", 400, get("/a", "Content-Length: 0,0\r\n")),
        rejected("length and a comma", 400, put("/b", "Content-Length: 1,\r\n", "x")),
        rejected("length with a point", 400, put("/b", "Content-Length: 1.0\r\n", "x")),
        rejected("length with a space in it", 400, put("/b", "Content-Length: 1 1\r\n", "xy")),
        rejected("length in other digits", 400, put("/b", "Content-Length: \u00b2\r\n", "xy")),
        rejected("length in quotes", 400, put("/b", "Content-Length: \"1\"\r\n", "x")),
        rejected("folded length", 400, put("/b", "Content-Length: 1\r\n 1\r\n", "x")),
        rejected(
            "length just over 63 bits",
            400,
            put("/b", "Content-Length: 9223372036854775808\r\n", "x")),
        rejected(
            "length just over 64 bits",
            400,
            put("/b", "Content-Length: 18446744073709551617\r\n", "x")),
        rejected("long body of a read", 413, get("/a", "Content-Length: 65537\r\n")),
        rejected(
            "long body of a method that is unknown",
            405,
            "PATCH /b HTTP/1.1\r\n" + HOST + "Content-Length: 65537\r\n\r\n"),
        rejected(
            "long body that waits for a word",
            413,
            put("/b", "Expect: 100-continue\r\nContent-Length: 99999999\r\n", "")));
  }

  private static Stream<RequestSample> codings() {
    String chunk = "1\r\nx\r\n0\r\n\r\n";
    String chunked = "Transfer-Encoding: chunked\r\n";
    return Stream.of(
        rejected("coding and length", 400, put("/b", chunked + "Content-Length: 1\r\n", chunk)),
        rejected("length and coding", 400, put("/b", "Content-Length: 1\r\n" + chunked, chunk)),
        rejected("gzip, chunked", 501, put("/b", "Transfer-Encoding: gzip, chunked\r\n", chunk)),
        rejected(
            "gzip and chunked", 501, put("/b", "Transfer-Encoding: gzip\r\n" + chunked, chunk)),
        rejected("chunked, gzip", 400, put("/b", "Transfer-Encoding: chunked, gzip\r\n", chunk)),
        rejected("identity", 400, put("/b", "Transfer-Encoding: identity\r\n", chunk)),
        rejected("empty coding", 400, put("/b", "Transfer-Encoding:\r\n", chunk)),
        rejected("chunked twice", 400, put("/b", chunked + chunked, chunk)),
        rejected(
            "chunked by another name", 400, put("/b", "Transfer-Encoding: xchunked\r\n", chunk)),
        rejected("coding in 1.0", 400, "PUT /b HTTP/1.0\r\n" + HOST + chunked + "\r\n" + chunk),
        rejected(
            "coding of a read, and length",
            400,
            get("/a", "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n")),
        rejected(
            "chunked twice in a list",
            400,
            put("/b", "Transfer-Encoding: chunked, chunked\r\n", chunk)),
        rejected(
            "coding with a parameter", 400, put("/b", "Transfer-Encoding: chunked;q=1\r\n", chunk)),
        rejected("coding in quotes", 400, put("/b", "Transfer-Encoding: \"chunked\"\r\n", chunk)),
        rejected("coding and a comma", 501, put("/b", "Transfer-Encoding: chunked,\r\n", chunk)),
        rejected(
            "vertical tab before chunked",
            400,
            put("/b", "Transfer-Encoding: \u000bchunked\r\n", chunk)),
        rejected(
            "NUL behind chunked", 400, put("/b", "Transfer-Encoding: chunked\u0000\r\n", chunk)),
        rejected(
            "space in the coding's name", 400, put("/b", "Transfer-Encoding : chunked\r\n", chunk)),
        rejected(
            "coding and length in 1.0",
            400,
            "PUT /b HTTP/1.0\r\n" + HOST + chunked + "Content-Length: 1\r\n\r\n" + chunk));
  }

  private static Stream<RequestSample> chunks() {
    String chunked = "Transfer-Encoding: chunked\r\n";
    return Stream.of(
        rejected("bad chunk size", 400, put("/b", chunked, "g\r\nx\r\n0\r\n\r\n")),
        rejected("signed chunk size", 400, put("/b", chunked, "+1\r\nx\r\n0\r\n\r\n")),
        rejected("negative chunk size", 400, put("/b", chunked, "-1\r\nx\r\n0\r\n\r\n")),
        rejected("empty chunk size", 400, put("/b", chunked, "\r\nx\r\n0\r\n\r\n")),
        rejected("huge chunk size", 400, put("/b", chunked, "fffffffff\r\nx\r\n0\r\n\r\n")),
        rejected("chunk longer than it says", 400, put("/b", chunked, "1\r\nxy\r\n0\r\n\r\n")),
        rejected("bare LF after chunk size", 400, put("/b", chunked, "1\nx\r\n0\r\n\r\n")),
        rejected("bad trailer", 400, put("/b", chunked, "1\r\nx\r\n0\r\nabc\r\n\r\n")),
        rejected("chunk size in C", 400, put("/b", chunked, "0x1\r\nx\r\n0\r\n\r\n")),
        rejected("space before chunk size", 400, put("/b", chunked, " 1\r\nx\r\n0\r\n\r\n")),
        rejected("tab behind chunk size", 400, put("/b", chunked, "1\t\r\nx\r\n0\r\n\r\n")),
        rejected("space in chunk size", 400, put("/b", chunked, "1 1\r\nx\r\n0\r\n\r\n")),
        rejected(
            "chunk size of 8 digits, negative",
            400,
            put("/b", chunked, "ffffffff\r\nx\r\n0\r\n\r\n")),
        rejected(
            "chunk size of 16 digits",
            400,
            put("/b", chunked, "0000000100000001\r\nx\r\n0\r\n\r\n")),
        rejected("chunk size and a comma", 400, put("/b", chunked, "1,\r\nx\r\n0\r\n\r\n")),
        rejected("NUL in chunk size", 400, put("/b", chunked, "1\u0000\r\nx\r\n0\r\n\r\n")),
        rejected("bare CR behind chunk size", 400, put("/b", chunked, "1\rx\r\n0\r\n\r\n")),
        rejected("no line end behind a chunk", 400, put("/b", chunked, "1\r\nx0\r\n\r\n")),
        rejected("bare LF behind a chunk", 400, put("/b", chunked, "1\r\nx\n0\r\n\r\n")),
        rejected("bare CR behind a chunk", 400, put("/b", chunked, "1\r\nx\r0\r\n\r\n")),
        rejected("bare LF after the last chunk", 400, put("/b", chunked, "1\r\nx\r\n0\n\r\n")),
        rejected("bare LF after all chunks", 400, put("/b", chunked, "1\r\nx\r\n0\r\n\n")),
        rejected("bare LF after a trailer", 400, put("/b", chunked, "1\r\nx\r\n0\r\na: b\n\r\n")),
        rejected(
            "space before the colon of a trailer",
            400,
            put("/b", chunked, "1\r\nx\r\n0\r\na : b\r\n\r\n")),
        rejected("trailer without a name", 400, put("/b", chunked, "1\r\nx\r\n0\r\n: b\r\n\r\n")),
        rejected("NUL in a trailer", 400, put("/b", chunked, "1\r\nx\r\n0\r\na: \u0000\r\n\r\n")),
        rejected(
            "bare LF in a chunk extension", 400, put("/b", chunked, "1;a=\nb\r\nx\r\n0\r\n\r\n")),
        rejected(
            "control byte in a chunk extension",
            400,
            put("/b", chunked, "1;a=\u0001\r\nx\r\n0\r\n\r\n")));
  }

  private static Stream<RequestSample> limits() {
    return Stream.of(
        rejected("long request line", 414, get("/" + "k".repeat(206_000), "")),
        rejected("long method", 414, "M".repeat(206_000) + " /a HTTP/1.1\r\n" + HOST + "\r\n"),
        rejected("long query", 414, get("/a?" + "q".repeat(206_000), "")),
        rejected("long field", 431, get("/a", "name: " + "v".repeat(17_000) + "\r\n")),
        rejected("long name of a field", 431, get("/a", "n".repeat(17_000) + ": v\r\n")),
        rejected("many fields", 431, get("/a", "n: v\r\n".repeat(256))),
        rejected("much folding", 431, get("/a", "n: v\r\n" + " vvvvvvv\r\n".repeat(3_000))),
        rejected(
            "many trailers",
            431,
            put(
                "/b",
                "Transfer-Encoding: chunked\r\n",
                "1\r\nx\r\n0\r\n" + "n: v\r\n".repeat(256) + "\r\n")),
        rejected(
            "long chunk extension",
            400,
            put(
                "/b",
                "Transfer-Encoding: chunked\r\n",
                "1;" + "e".repeat(300_000) + "\r\nx\r\n0\r\n\r\n")),
        rejected(
            "many digits of a length",
            400,
            put("/b", "Content-Length: " + "1".repeat(10_000) + "\r\n", "x")),
        rejected(
            "many zeros of a chunk size",
            400,
            put(
                "/b",
                "Transfer-Encoding: chunked\r\n",
                "0".repeat(300_000) + "1\r\nx\r\n0\r\n\r\n")));
  }
}
