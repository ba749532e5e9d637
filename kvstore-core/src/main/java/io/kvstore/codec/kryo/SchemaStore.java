package io.kvstore.codec.kryo;

import java.util.List;

/** Where schemas are kept, a line for each; only ever added to. */
public interface SchemaStore {

  /** Returns all lines there are now, in their order. */
  List<String> read();

  /**
   * Adds a line. On return it is there for ever: neither a crash nor a power cut takes it. Not
   * called twice at once.
   */
  void add(String line);

  /** Tells whether lines are added by others only. */
  boolean isReadOnly();
}
