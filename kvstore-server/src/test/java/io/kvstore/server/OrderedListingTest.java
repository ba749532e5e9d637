package io.kvstore.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listings of an ordered store, which are in order. */
class OrderedListingTest {
  private static final Pattern KEY = Pattern.compile("\"key\":\"(.*?)\"");
  private static final Pattern CURSOR = Pattern.compile("\"cursor\":\"(.*?)\"");

  @TempDir private Path directory;

  @Test
  void pagesGoOnInOrder() throws Exception {
    List<String> expected =
        IntStream.range(0, 250).mapToObj(i -> String.format("key/%03d", i)).toList();
    try (ManagedServer server = ManagedServer.start(directory, Map.of("ordered", "yes"))) {
      for (int i = 0; i < 250; i++) {
        String path = "/" + expected.get(i * 77 % 250);
        assertThat(server.send("PUT", server.main(path), "v").statusCode()).isEqualTo(201);
      }
      assertThat(server.send("PUT", server.main("/other"), "v").statusCode()).isEqualTo(201);

      String first = server.get(server.main("/?prefix=key/&limit=100")).body();
      String second =
          server
              .get(server.main("/?prefix=key/&limit=1000&cursor=" + found(CURSOR, first).get(0)))
              .body();

      assertThat(found(KEY, first)).isEqualTo(expected.subList(0, 100));
      assertThat(found(KEY, second)).isEqualTo(expected.subList(100, 250));
    }
  }

  private static List<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map((MatchResult result) -> result.group(1)).toList();
  }
}
