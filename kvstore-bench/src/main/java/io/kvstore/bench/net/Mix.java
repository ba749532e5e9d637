package io.kvstore.bench.net;

import java.util.SplittableRandom;

/** The operation mix: draws gets and puts by their proportion, and keys by their distribution. */
final class Mix {
  private final KeyChooser keys;
  private final double readShare;
  private final Versions versions;
  private final SplittableRandom random;

  Mix(KeyChooser keys, double readShare, Versions versions, SplittableRandom random) {
    this.keys = keys;
    this.readShare = readShare;
    this.versions = versions;
    this.random = random;
  }

  /** Draws one. What has not been acknowledged is not read: the get becomes a put. */
  void draw(long dueNanos, Task task) {
    boolean isGet = random.nextDouble() < readShare;
    int key = keys.next(random);
    if (isGet && versions.isReadable(key)) {
      task.get(key, dueNanos);
    } else {
      task.put(key, dueNanos);
    }
  }
}
