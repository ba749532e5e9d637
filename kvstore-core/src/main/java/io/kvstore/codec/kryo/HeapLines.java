package io.kvstore.codec.kryo;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Lines on the heap. */
public final class HeapLines implements SchemaLines {
  private final List<String> lines = new CopyOnWriteArrayList<>();

  /** With these to begin with. */
  public HeapLines(List<String> lines) {
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
