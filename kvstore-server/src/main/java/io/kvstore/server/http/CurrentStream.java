package io.kvstore.server.http;

import io.kvstore.server.http.response.ResponseStream;
import io.kvstore.server.http.response.StreamedResponse;
import org.jspecify.annotations.Nullable;

/** The streamed response of one connection that is under way, if any. */
final class CurrentStream {
  private @Nullable StreamedResponse streaming;

  boolean isOn() {
    return streaming != null;
  }

  /** Whether there is one that does not end by itself. */
  boolean isEndless() {
    return streaming != null && streaming.isEndless();
  }

  void start(StreamedResponse started, ResponseStream answer) {
    streaming = started;
    started.start(answer);
  }

  /** Goes on, if there is one. */
  void resume() {
    if (streaming != null) {
      streaming.resume();
    }
  }

  /** Ends it properly, if it would not end by itself. */
  void finishIfEndless() {
    if (streaming != null && streaming.isEndless()) {
      streaming.finish();
    }
  }

  /** Gives it up; what was made goes away. */
  void stop() {
    StreamedResponse stopped = streaming;
    streaming = null;
    if (stopped != null) {
      stopped.stop();
    }
  }
}
