package io.kvstore.codec.kryo;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A schema store on the heap. */
public final class InMemorySchemaStore implements SchemaStore {
  private final List<String> lines = new CopyOnWriteArrayList<>();

  /** Creates a store with initial lines. */
  public InMemorySchemaStore(List<String> lines) {
    this.lines.addAll(lines);
  }

  @Override
  public List<String> read() {
    return List.copyOf(lines);
  }

  @Override
  public void add(String line) {
    lines.add(line);
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }
}
