package io.kvstore.server.http;

import io.kvstore.server.http.message.CrossOriginPolicy;
import io.kvstore.server.http.message.FastPathRequest;
import io.kvstore.server.http.response.DateField;

/** The state that the connections of one event loop share. */
record LoopState(FastPathRequest fastPath, DateField date) {
  LoopState(CrossOriginPolicy policy) {
    this(new FastPathRequest(policy), new DateField());
  }
}
