package io.kvstore.platform;

/**
 * The check, before several locks are taken, that the stack has room for releasing them: a
 * StackOverflowError between two releases would leave the others locked for ever.
 */
public final class StackRoom {
  /** The number of frames, which is several times what taking and releasing a lock needs. */
  private static final int FRAMES = 128;

  private StackRoom() {}

  /**
   * Requires room on the stack of the calling thread.
   *
   * @throws StackOverflowError if there is too little
   */
  public static void require() {
    var unused = descend(FRAMES);
  }

  private static int descend(int frames) {
    return frames == 0 ? 0 : 1 + descend(frames - 1);
  }
}
