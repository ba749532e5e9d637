package io.kvstore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskPressureTest {
  @TempDir Path directory;

  private final AtomicInteger collections = new AtomicInteger();

  @Test
  void collectorIsAskedOnceAndOnlyWhereTheDiskIsShort() throws IOException {
    DiskPressure pressure = new DiskPressure(directory, collections::incrementAndGet);

    pressure.relieve(0);
    pressure.relieve(100 << 20); // there is more free than that, or no test would run
    assertThat(collections).hasValue(0);
    pressure.relieve(Long.MAX_VALUE);
    pressure.relieve(Long.MAX_VALUE);
    assertThat(collections).hasValue(1);
  }
}
