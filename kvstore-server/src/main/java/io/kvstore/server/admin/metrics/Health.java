package io.kvstore.server.admin.metrics;

import io.kvstore.server.admin.port.Reply;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;

/**
 * The health of the server: whether it accepts requests, and if not, why. Safe for use by any
 * thread.
 */
public final class Health {

  private enum Phase {
    OPENING("the store is being opened"),
    SERVING("requests are served"),
    DRAINING("the server is being stopped");

    private final String reason;

    Phase(String reason) {
      this.reason = reason;
    }
  }

  private record Progress(long bytesDone, long bytesTotal) {}

  private volatile Phase phase = Phase.OPENING;
  private volatile Progress progress = new Progress(0, 0);
  private volatile @Nullable String writeFailure;
  private volatile @Nullable String full;

  /** Reports the progress of opening the store; see {@link io.kvstore.OpenProgress}. */
  public void opening(long bytesDone, long bytesTotal) {
    progress = new Progress(bytesDone, bytesTotal);
  }

  /** Reports that all endpoints are open. */
  public void serving() {
    phase = Phase.SERVING;
  }

  /** Reports that no more connections are accepted. */
  public void draining() {
    phase = Phase.DRAINING;
  }

  /** Reports that the store rejects writes until it is reopened. */
  void rejectsWrites(String why) {
    writeFailure = why;
  }

  /** Reports that the store rejects puts for lack of room; null if there is room again. */
  void full(@Nullable String why) {
    full = why;
  }

  boolean isReady() {
    return phase == Phase.SERVING && writeFailure == null && full == null;
  }

  /** Returns the state of the server, in one word. */
  String status() {
    if (phase != Phase.SERVING) {
      return word(phase);
    }
    return writeFailure != null ? "read-only" : full != null ? "full" : word(phase);
  }

  /** Returns why the store takes no writes while requests are served; null if it does. */
  private @Nullable String rejection() {
    String failure = writeFailure;
    if (failure != null) {
      return "the store rejects writes until it is reopened: " + failure;
    }
    String why = full;
    return why == null ? null : "the store is full and rejects puts: " + why;
  }

  private static String word(Phase phase) {
    return switch (phase) {
      case OPENING -> "opening";
      case SERVING -> "ready";
      case DRAINING -> "draining";
    };
  }

  /** The liveness check: always 200. */
  public Reply live() {
    return Reply.json(out -> out.writeStringField("status", "live"));
  }

  /**
   * The readiness check: 200 if requests are served and the store accepts writes, otherwise 503 and
   * the reason: it has failed, or it is full.
   */
  public Reply ready() {
    boolean ready = isReady();
    Progress now = progress;
    String rejection = rejection();
    Phase at = phase;
    return Reply.json(
        ready ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE,
        out -> {
          out.writeStringField("status", status());
          out.writeStringField(
              "reason", at == Phase.SERVING && rejection != null ? rejection : at.reason);
          if (at == Phase.OPENING) {
            out.writeNumberField("bytesDone", now.bytesDone());
            out.writeNumberField("bytesTotal", now.bytesTotal());
          }
        });
  }
}
