package io.kvstore.server.http;

/** What the connections of one event loop share. */
record LoopParts(PlainRequest plain, DateField date) {
  LoopParts() {
    this(new PlainRequest(), new DateField());
  }
}
