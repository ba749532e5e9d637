package io.kvstore.bench.net;

import io.netty.buffer.ByteBuf;

/** Receives the responses of a server on one connection, in order. */
interface ResponseHandler {
  /** The operation succeeded; the body is the value of a get, and without meaning otherwise. */
  void success(ByteBuf body);

  /** There is no value for the key. */
  void missing();

  /** The server reported an error. */
  void failure(String what);

  /** The server closes the connection after the next response. */
  void closing();

  /** The response violates the protocol. */
  void unreadable(String why);
}
