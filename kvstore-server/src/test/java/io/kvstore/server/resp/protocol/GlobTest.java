package io.kvstore.server.resp.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.server.resp.RespClient;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cost of patterns, and that the costly ones match as the others do. */
class GlobTest {
  private static final int LONGEST_KEY = 0xFFFF;

  @ParameterizedTest
  @ValueSource(strings = {"*{a}b", "*{?}b", "{*a}b", "*{[a-z]}b", "*a*{[^b]}b", "*[{a}]b"})
  void costOfAMatchIsProportionalToTheKey(String pattern) {
    Glob glob = new Glob(RespClient.latin1(longest(pattern)));

    assertThat(glob.matches(RespClient.latin1("a".repeat(LONGEST_KEY)))).isFalse();

    // A step for each of the words of states that a byte may change, and once those of compiling.
    long words = RespLimits.MAX_PATTERN_BYTES / 64 + 1;
    long compiling = 256L * RespLimits.MAX_PATTERN_BYTES;
    long trying = Glob.MAX_STEPS + 2L * RespLimits.MAX_PATTERN_BYTES;
    assertThat(glob.steps()).isLessThanOrEqualTo(LONGEST_KEY * words + 4 * compiling + trying);
  }

  /** Repeats what is in braces, so that the pattern is as long as it may be. */
  private static String longest(String pattern) {
    int open = pattern.indexOf('{');
    int close = pattern.indexOf('}');
    String part = pattern.substring(open + 1, close);
    int room = RespLimits.MAX_PATTERN_BYTES - (pattern.length() - part.length() - 2);
    return pattern.substring(0, open)
        + part.repeat(room / part.length())
        + pattern.substring(close + 1);
  }

  @Test
  void compiledPatternsMatchAsOthersDo() {
    Random random = new Random(15);
    for (int i = 0; i < 50_000; i++) {
      byte[] pattern = RespClient.latin1(random(random, "ab*?[^-]\\", 12));
      byte[] text = RespClient.latin1("a" + random(random, "ab]-", 12));
      Glob glob = new Glob(pattern);

      assertThat(new GlobStates(pattern.length, glob).matches(text))
          .as("%s on %s", new String(pattern, ISO_8859_1), new String(text, ISO_8859_1))
          .isEqualTo(glob.matches(text));
    }
  }

  @Test
  void compiledPatternsMayHaveManyElements() {
    Glob glob = new Glob(RespClient.latin1("*" + "ab".repeat(200) + "*c"));
    String text = "ab".repeat(10_000);

    assertThat(glob.matches(RespClient.latin1(text))).isFalse();
    assertThat(glob.matches(RespClient.latin1(text + "xc"))).isTrue();
    assertThat(glob.matches(RespClient.latin1("ba".repeat(200) + "xc".repeat(5_000)))).isFalse();
    assertThat(glob.steps()).isGreaterThan(2 * Glob.MAX_STEPS);
  }

  @Test
  void longerPatternsAreRefused() {
    Request request = Request.of(RespClient.latin1("*".repeat(RespLimits.MAX_PATTERN_BYTES + 1)));

    assertThatThrownBy(() -> Glob.of(request, 0))
        .hasMessage("ERR the pattern has more than the limit of 1024 bytes");
  }

  private static String random(Random random, String signs, int most) {
    StringBuilder text = new StringBuilder();
    for (int length = random.nextInt(most); length > 0; length--) {
      text.append(signs.charAt(random.nextInt(signs.length())));
    }
    return text.toString();
  }
}
