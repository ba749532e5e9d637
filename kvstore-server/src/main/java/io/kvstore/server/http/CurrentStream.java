package io.kvstore.server.http;

import io.kvstore.server.http.response.ResponseStream;
import io.kvstore.server.http.response.StreamedResponse;
import org.jspecify.annotations.Nullable;

/** The streamed response that a connection is sending, if any. */
final class CurrentStream {
  private @Nullable StreamedResponse streaming;

  boolean isOn() {
    return streaming != null;
  }

  /** Whether there is a response that does not end by itself. */
  boolean isEndless() {
    return streaming != null && streaming.isEndless();
  }

  void start(StreamedResponse started, ResponseStream answer) {
    streaming = started;
    started.start(answer);
  }

  /** Continues the response, if any. */
  void resume() {
    if (streaming != null) {
      streaming.resume();
    }
  }

  /** Ends the response properly if it would not end by itself. */
  void finishIfEndless() {
    if (streaming != null && streaming.isEndless()) {
      streaming.finish();
    }
  }

  /** Releases the response, whether it has ended or not. */
  void stop() {
    StreamedResponse stopped = streaming;
    streaming = null;
    if (stopped != null) {
      stopped.stop();
    }
  }
}
