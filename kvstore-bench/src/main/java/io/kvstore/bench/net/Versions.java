package io.kvstore.bench.net;

import java.util.HashSet;
import java.util.Set;

/**
 * Consistency check: the versions of each key that have been sent, and those that a read may still
 * return. The versions of a key count from 1 in the order in which they are sent.
 *
 * <p>Writes of a key may be in flight concurrently on several connections, and their order on the
 * server is unknown. So an acknowledged write makes stale only the writes that had been answered
 * before it was sent: a read sent afterwards must not return them. A write answered with an error
 * may have happened, but not later than its response; one without a response may happen at any
 * time, and so is never stale. Not thread-safe.
 */
final class Versions {
  /** What a read has seen. */
  enum Verdict {
    RIGHT,
    STALE,
    NEVER_SENT
  }

  private final int[] sent;

  /** All versions up to this one have been answered, or lost. */
  private final int[] answered;

  /** The oldest version that a read may see, 0 as long as none has been acknowledged. */
  private final int[] oldest;

  /** Those that have been answered while an older one has not. */
  private final Set<Long> answeredEarly = new HashSet<>();

  private final Set<Long> lost = new HashSet<>();

  Versions(int keys) {
    sent = new int[keys];
    answered = new int[keys];
    oldest = new int[keys];
  }

  /** Returns how many keys there are. */
  int keys() {
    return sent.length;
  }

  /** Returns whether a write of the key has been acknowledged, so that there is something. */
  boolean isReadable(int key) {
    return oldest[key] > 0;
  }

  /** Returns the oldest version that a read sent now may see. */
  int oldest(int key) {
    return oldest[key];
  }

  /** Returns the version up to which all have been answered; a write sent now supersedes them. */
  int answered(int key) {
    return answered[key];
  }

  /** Returns the version of a write that is sent now. */
  int send(int key) {
    return ++sent[key];
  }

  /**
   * Takes the server's word that it has a version.
   *
   * @param supersedes what {@link #answered} was when the write was sent
   */
  void acknowledge(int key, int version, int supersedes) {
    oldest[key] = Math.max(oldest[key], supersedes + 1);
    answer(key, version);
  }

  /** Takes the server's word that it does not want a version. */
  void refuse(int key, int version) {
    answer(key, version);
  }

  /** Gives up waiting for the answer. */
  void lose(int key, int version) {
    lost.add(name(key, version));
    answer(key, version);
  }

  /**
   * Judges what a read has seen.
   *
   * @param oldestWhenSent what {@link #oldest} was when the read was sent
   */
  Verdict judge(int key, int version, int oldestWhenSent) {
    if (version > sent[key]) {
      return Verdict.NEVER_SENT;
    }
    boolean isRight = version >= oldestWhenSent || lost.contains(name(key, version));
    return isRight ? Verdict.RIGHT : Verdict.STALE;
  }

  private void answer(int key, int version) {
    if (version != answered[key] + 1) {
      answeredEarly.add(name(key, version));
      return;
    }
    answered[key] = version;
    while (!answeredEarly.isEmpty() && answeredEarly.remove(name(key, answered[key] + 1))) {
      answered[key]++;
    }
  }

  private static long name(int key, int version) {
    return (long) key << Integer.SIZE | version;
  }
}
