package io.kvstore.codec.kryo;

import java.util.List;

/** The append-only store of schemas, one line each. */
public interface SchemaStore {

  /** Returns all current lines, in their order. */
  List<String> read();

  /**
   * Appends a line. On return it is durable: it survives a crash and a power cut. Not called
   * concurrently.
   */
  void add(String line);

  /** Returns whether only another process adds lines. */
  boolean isReadOnly();
}
