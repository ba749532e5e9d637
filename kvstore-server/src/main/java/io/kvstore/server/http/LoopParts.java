package io.kvstore.server.http;

import io.kvstore.server.http.message.PlainRequest;
import io.kvstore.server.http.response.DateField;

/** The state that the connections of one event loop share. */
record LoopParts(PlainRequest plain, DateField date) {
  LoopParts() {
    this(new PlainRequest(), new DateField());
  }
}
