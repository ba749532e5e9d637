package io.kvstore.bench.net;

import io.netty.buffer.ByteBuf;

/** Takes the answers of a server on one connection, in order. */
interface ResponseHandler {
  /** It did as asked; a value if that was a get, and otherwise of no meaning. */
  void success(ByteBuf body);

  /** There is nothing under the key. */
  void missing();

  /** It did not do as asked. */
  void failure(String what);

  /** It closes the connection after the next answer. */
  void closing();

  /** What it says can't be understood. */
  void unreadable(String why);
}
