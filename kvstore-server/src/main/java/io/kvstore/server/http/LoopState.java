package io.kvstore.server.http;

import io.kvstore.server.http.message.FastPathRequest;
import io.kvstore.server.http.response.DateField;

/** The state that the connections of one event loop share. */
record LoopState(FastPathRequest fastPath, DateField date) {
  LoopState() {
    this(new FastPathRequest(), new DateField());
  }
}
