package io.kvstore.segment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SegmentUseTest {
  private final SegmentUse use = new SegmentUse();

  @Test
  void heldSegmentEndsOnceAllHaveLetGo() {
    assertThat(use.hold()).isTrue();
    assertThat(use.hold()).isTrue();
    use.release();
    assertThat(use.end()).isFalse();
    use.release();
    assertThat(use.isCurrent()).isTrue();
    assertThat(use.end()).isTrue();
    assertThat(use.end()).isTrue();
    assertThat(use.isCurrent()).isFalse();
    assertThat(use.hold()).isFalse();
    assertThat(use.keep()).isFalse();
  }

  @Test
  void keptSegmentNeverEnds() {
    assertThat(use.hold()).isTrue();
    assertThat(use.keep()).isTrue();
    assertThat(use.keep()).isTrue();
    assertThat(use.hold()).isTrue();
    use.release();
    use.release();
    assertThat(use.isCurrent()).isTrue();
    assertThat(use.end()).isFalse();
  }
}
