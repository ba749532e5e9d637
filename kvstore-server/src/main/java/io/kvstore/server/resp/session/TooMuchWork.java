package io.kvstore.server.resp.session;

/**
 * Thrown by a {@link UnitOfWork} whose work exceeds that of a turn of the event loop, so that the
 * command is run again, from the start, on another thread.
 */
public final class TooMuchWork extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Without a stack trace, which nobody reads. */
  TooMuchWork() {
    super("the command is too long for a turn of the event loop", null, false, false);
  }
}
