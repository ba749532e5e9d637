package io.kvstore.server.http;

import io.kvstore.server.http.message.FastPathRequest;
import io.kvstore.server.http.response.DateField;

/** The state that the connections of one event loop share. */
record LoopParts(FastPathRequest fastPath, DateField date) {
  LoopParts() {
    this(new FastPathRequest(), new DateField());
  }
}
