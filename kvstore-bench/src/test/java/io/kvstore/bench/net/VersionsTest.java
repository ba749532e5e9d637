package io.kvstore.bench.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.bench.net.Versions.Verdict;
import org.junit.jupiter.api.Test;

class VersionsTest {
  private static final int KEY = 1;

  private final Versions versions = new Versions(2);

  @Test
  void keyIsReadableOnceAWriteIsAcknowledged() {
    int write = versions.send(KEY);
    boolean before = versions.isReadable(KEY);

    versions.acknowledge(KEY, write, 0);

    assertThat(before).isFalse();
    assertThat(versions.isReadable(KEY)).isTrue();
    assertThat(versions.isReadable(0)).isFalse();
  }

  @Test
  void acknowledgedWriteMakesEarlierOnesStaleForReadsSentAfterIt() {
    write();
    int sentBefore = versions.oldest(KEY);
    write();

    assertThat(versions.judge(KEY, 1, sentBefore)).isEqualTo(Verdict.RIGHT);
    assertThat(versions.judge(KEY, 1, versions.oldest(KEY))).isEqualTo(Verdict.STALE);
    assertThat(versions.judge(KEY, 2, versions.oldest(KEY))).isEqualTo(Verdict.RIGHT);
  }

  @Test
  void writeUnderWayMayBeSeenAndOneThatWasNeverSentMayNot() {
    write();
    versions.send(KEY);

    assertThat(versions.judge(KEY, 2, versions.oldest(KEY))).isEqualTo(Verdict.RIGHT);
    assertThat(versions.judge(KEY, 3, versions.oldest(KEY))).isEqualTo(Verdict.NEVER_SENT);
  }

  /** Nobody knows which of two that were under way together the server took last. */
  @Test
  void writesUnderWayTogetherDoNotMakeEachOtherStale() {
    write();
    int before = versions.answered(KEY);
    int second = versions.send(KEY);
    int third = versions.send(KEY);

    versions.acknowledge(KEY, third, before);
    versions.acknowledge(KEY, second, before);

    assertThat(versions.judge(KEY, 1, versions.oldest(KEY))).isEqualTo(Verdict.STALE);
    assertThat(versions.judge(KEY, second, versions.oldest(KEY))).isEqualTo(Verdict.RIGHT);
    assertThat(versions.judge(KEY, third, versions.oldest(KEY))).isEqualTo(Verdict.RIGHT);
    assertThat(versions.answered(KEY)).isEqualTo(third);
    write();
    assertThat(versions.judge(KEY, third, versions.oldest(KEY))).isEqualTo(Verdict.STALE);
  }

  @Test
  void refusedWriteMakesNothingStaleAndIsStaleItselfAfterTheNext() {
    write();
    versions.refuse(KEY, versions.send(KEY));
    int afterRefusal = versions.oldest(KEY);
    write();

    assertThat(versions.judge(KEY, 1, afterRefusal)).isEqualTo(Verdict.RIGHT);
    assertThat(versions.judge(KEY, 2, versions.oldest(KEY))).isEqualTo(Verdict.STALE);
  }

  @Test
  void writeWithoutAnswerMayBeSeenAtAnyTime() {
    write();
    versions.lose(KEY, versions.send(KEY));
    write();

    assertThat(versions.judge(KEY, 1, versions.oldest(KEY))).isEqualTo(Verdict.STALE);
    assertThat(versions.judge(KEY, 2, versions.oldest(KEY))).isEqualTo(Verdict.RIGHT);
  }

  private void write() {
    int supersedes = versions.answered(KEY);
    versions.acknowledge(KEY, versions.send(KEY), supersedes);
  }
}
