package io.kvstore.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void columnsAreAsWideAsTheirWidestCell() {
    Table table = new Table("what", "ms", "count");
    table.row("a longer one", Table.figure(1234.567, 1), Table.count(5));
    table.row("short", "2");

    assertThat(table.toString().lines())
        .containsExactly(
            "what               ms  count",
            "a longer one  1,234.6      5",
            "short               2");
  }
}
