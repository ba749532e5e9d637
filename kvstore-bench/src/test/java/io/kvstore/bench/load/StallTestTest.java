package io.kvstore.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class StallTestTest {

  /** A moment, and few entries: the figures mean nothing. */
  @Test
  void everyTableIsThere() throws Exception {
    ByteArrayOutputStream output = new ByteArrayOutputStream();

    StallTest.run("1000", "0.5", List.of("-Xmx64m"), new PrintStream(output, true, UTF_8));

    assertThat(output.toString(UTF_8).lines())
        .anyMatch(line -> line.matches("as many as go +[\\d,]+"))
        .anyMatch(line -> line.matches("get, since due( +[\\d.,]+){6}"))
        .anyMatch(line -> line.matches("put, since due( +[\\d.,]+){6}"))
        .anyMatch(line -> line.matches("it is open +0\\.\\d{3}"))
        .anyMatch(line -> line.matches("safepoints that collect garbage( +[\\d.,]+){3}"))
        .anyMatch(line -> line.startsWith("stalls over 20 ms: "));
  }
}
