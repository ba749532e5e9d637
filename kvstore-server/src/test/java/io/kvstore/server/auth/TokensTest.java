package io.kvstore.server.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokensTest {
  private static final String SECRET = "0123456789abcdef";

  @TempDir private Path directory;

  @Test
  void tokenIsFoundByItselfOnly() throws IOException {
    Tokens tokens =
        read("# who", "", "a ro 0123456789abcdef a/", "  b\trw  fedcba9876543210 \t b/ c/  ");

    assertThat(find(tokens, SECRET).name()).isEqualTo("a");
    assertThat(find(tokens, SECRET).mayWrite()).isFalse();
    assertThat(find(tokens, "fedcba9876543210").name()).isEqualTo("b");
    assertThat(find(tokens, "fedcba9876543210").mayWrite()).isTrue();
    assertThat(find(tokens, "")).isNull();
    assertThat(find(tokens, SECRET + "0")).isNull();
    assertThat(tokens.find("b", Token.digest(SECRET.getBytes(UTF_8)))).isNull();
    assertThat(tokens.find("a", Token.digest(SECRET.getBytes(UTF_8)))).isNotNull();
  }

  @Test
  void hashStandsForItsToken() throws IOException {
    String hash = HexFormat.of().formatHex(Token.digest(SECRET.getBytes(UTF_8)));
    Tokens tokens = read("a ro sha256:" + hash.toUpperCase(Locale.ROOT) + " *");

    assertThat(find(tokens, SECRET).isUnlimited()).isTrue();
    assertThat(find(tokens, "sha256:" + hash)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "a/, a/, true", "a/, a/b, true", "a/, a, false", "a/, b/a/, false", "a/, '', false",
    "a%2Fb, a/bc, true", "%2A, *, true", "%2A, a, false", "*, '', true", "*, a, true",
    "%c3%A9, é1, true", "é, é1, true"
  })
  void prefixesCoverWhatBeginsWithThem(String prefix, String key, boolean covered)
      throws IOException {
    Grant grant = find(read("a ro " + SECRET + " zzz " + prefix), SECRET);

    assertThat(grant.covers(key.getBytes(UTF_8))).isEqualTo(covered);
  }

  @ParameterizedTest
  @CsvSource({
    "a, is not 'name ro|rw token prefix ...'",
    "a ro 0123456789abcdef, is not 'name ro|rw token prefix ...'",
    "a/b ro 0123456789abcdef *, has a name",
    "a r 0123456789abcdef *, has neither ro nor rw",
    "a ro 0123456789abcde *, has a token that is not 16 to 512",
    "a ro 0123456789abcde! *, has a token that is not 16 to 512",
    "a ro sha256:0123456789abcdef *, without 64 hexadecimal digits",
    "a ro 0123456789abcdef %4, has a % without",
    "first ro 0123456789abcdef *, has the name of an earlier line",
    "a ro firstfirstfirstfirst *, has the token of an earlier line",
  })
  void badLineIsRejectedByNumberAndWithoutItsToken(String line, String why) {
    assertThatThrownBy(() -> read("first rw firstfirstfirstfirst *", "#", line))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("line 3 of " + directory)
        .hasMessageContaining(why)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("0123456789", "firstfirst"));
  }

  @Test
  void fileWithoutATokenIsRejected() {
    assertThatThrownBy(() -> read("# nobody"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no token in");
  }

  private static Grant find(Tokens tokens, String secret) {
    return tokens.find(secret.getBytes(UTF_8));
  }

  private Tokens read(String... lines) throws IOException {
    return Tokens.read(Files.write(directory.resolve("tokens"), List.of(lines)));
  }
}
