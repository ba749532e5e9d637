package io.kvstore.server.http.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyPathTest {

  @ParameterizedTest
  @CsvSource({
    "/hello, hello",
    "/, ''",
    "//, /",
    "//a, /a",
    "/a//b, a//b",
    "/a/../b, a/../b",
    "/./a, ./a",
    "/a/, a/",
    "/a%2Fb, a/b",
    "/a%2fb, a/b",
    "/%252F, %2F",
    "/a+b, a+b",
    "/a%20b, 'a b'",
    "/%C3%A9, é",
    "/%F0%9F%98%80, 😀",
    "/%00, '\u0000'",
    "/a?b=c, a",
    "/?, ''",
    "/a%3Fb?c, a?b",
    "/a;b=c, a;b=c",
    "/a#b, a#b",
    "http://host/a/b, a/b",
    "HTTP://host:80//a, /a",
    "https://host, ''",
    "http://host?a/b, ''",
    "http://host/?a, ''",
  })
  void pathIsTheKey(String target, String key) {
    assertThat(new String(KeyPath.key(target), StandardCharsets.UTF_8)).isEqualTo(key);
  }

  @Test
  void unescapedBytesAreTakenAsTheyAre() {
    String target = new String("/é".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);

    assertThat(KeyPath.key(target)).isEqualTo("é".getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/%",
        "/%4",
        "/%4?a",
        "/%zz",
        "/a%",
        "/%-1",
        "/%FF",
        "/%C3",
        "/%ED%A0%80",
        "/%C0%AF",
        "/\u00ff",
        "*",
        "",
        "hello",
        "host:80",
        "ftp://host/a",
        "http://",
        "http:///a",
        "/a\u0000",
        "/a\u007f",
        "/a\tb"
      })
  void otherTargetsAreBadRequests(String target) {
    HttpException e = catchThrowableOfType(HttpException.class, () -> KeyPath.key(target));

    assertThat(e.status()).isEqualTo(Status.BAD_REQUEST);
  }

  @Test
  void keyMayHaveTheFullLengthAndNotMore() {
    String longest = "%61".repeat(65_535);

    assertThat(KeyPath.key("/" + longest)).hasSize(65_535);

    HttpException e =
        catchThrowableOfType(HttpException.class, () -> KeyPath.key("/" + longest + "a"));
    assertThat(e.status()).isEqualTo(Status.URI_TOO_LONG);
    assertThat(e.sentence()).contains("65536", "65535");
  }
}
