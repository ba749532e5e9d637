package io.kvstore.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RelocationsTest {
  private static final int COUNT = 3_000;

  @Test
  void movesAreWhatWasAdded() {
    Relocations moves = new Relocations();
    for (int i = 0; i < COUNT; i++) {
      moves.add(i * 7L, i * 8L, i, i % 2 == 0);
    }
    moves.prepare();
    for (int i = 0; i < COUNT; i++) {
      moves.written(i, i * 16L);
      if (i % 3 == 0) {
        moves.done(i);
      }
    }

    assertThat(moves.count()).isEqualTo(COUNT);
    for (int i = 0; i < COUNT; i++) {
      assertThat(moves.hash(i)).isEqualTo(i * 7L);
      assertThat(moves.from(i)).isEqualTo(i * 8L);
      assertThat(moves.size(i)).isEqualTo(i);
      assertThat(moves.inIndex(i)).isEqualTo(i % 2 == 0);
      assertThat(moves.isDone(i)).isEqualTo(i % 3 == 0);
      if (i % 2 == 0) {
        assertThat(moves.to(i)).isEqualTo(i * 16L);
      }
    }
  }

  @Test
  void missedRecordIsInNoIndexAnyMore() {
    Relocations moves = new Relocations();
    moves.add(1, 8, 24, true);
    moves.written(0, 16);
    moves.missed(0);
    moves.written(0, 24);

    assertThat(moves.inIndex(0)).isFalse();
  }

  @Test
  void moveThatIsUndoneIsNotDone() {
    Relocations moves = new Relocations();
    moves.add(1, 8, 24, true);
    moves.done(0);
    moves.undone(0);

    assertThat(moves.isDone(0)).isFalse();
  }
}
