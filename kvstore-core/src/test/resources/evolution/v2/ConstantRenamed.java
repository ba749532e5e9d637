package shop;

import io.kvstore.codec.FormerName;

record ConstantRenamed(Level level) {}

enum Level {
  HIGH,
  @FormerName("LOW")
  BOTTOM
}
