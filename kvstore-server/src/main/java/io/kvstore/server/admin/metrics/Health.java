package io.kvstore.server.admin.metrics;

import io.kvstore.server.admin.port.Reply;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;

/** The health of the server: whether it accepts requests, and if not, why. For any thread. */
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

  /** Says how far the opening of the store has come; see {@link io.kvstore.OpenProgress}. */
  public void opening(long bytesDone, long bytesTotal) {
    progress = new Progress(bytesDone, bytesTotal);
  }

  /** Says that all endpoints are open. */
  public void serving() {
    phase = Phase.SERVING;
  }

  /** Says that no more connections are accepted. */
  public void draining() {
    phase = Phase.DRAINING;
  }

  /** Says that the store takes no more writes until it is opened anew. */
  void rejectsWrites(String why) {
    writeFailure = why;
  }

  boolean isReady() {
    return phase == Phase.SERVING && writeFailure == null;
  }

  /** One word for what the server is at. */
  String status() {
    return phase == Phase.SERVING && writeFailure != null ? "read-only" : word(phase);
  }

  private static String word(Phase phase) {
    return switch (phase) {
      case OPENING -> "opening";
      case SERVING -> "ready";
      case DRAINING -> "draining";
    };
  }

  /** The process is there, or it would not answer. */
  public Reply live() {
    return Reply.json(out -> out.writeStringField("status", "live"));
  }

  /** 200 if requests are served and the store takes writes; 503 and the reason else. */
  public Reply ready() {
    boolean ready = isReady();
    Progress now = progress;
    String failure = writeFailure;
    Phase at = phase;
    return Reply.json(
        ready ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE,
        out -> {
          out.writeStringField("status", status());
          out.writeStringField(
              "reason",
              at == Phase.SERVING && failure != null
                  ? "the store takes no more writes until it is opened anew: " + failure
                  : at.reason);
          if (at == Phase.OPENING) {
            out.writeNumberField("bytesDone", now.bytesDone());
            out.writeNumberField("bytesTotal", now.bytesTotal());
          }
        });
  }
}
