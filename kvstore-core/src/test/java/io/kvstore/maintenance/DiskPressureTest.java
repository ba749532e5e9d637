package io.kvstore.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.platform.Mapping;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskPressureTest {
  @TempDir Path directory;

  private final AtomicInteger collections = new AtomicInteger();

  @Test
  void collectorIsAskedOnceAndOnlyWhereTheDiskIsShort() throws IOException {
    DiskPressure pressure = new DiskPressure(directory, collections::incrementAndGet, () -> 0);

    pressure.relieve(0);
    pressure.relieve(100 << 20); // there is more free than that, or no test would run
    assertThat(collections).hasValue(0);
    pressure.relieve(Long.MAX_VALUE);
    pressure.relieve(Long.MAX_VALUE);
    assertThat(collections).hasValue(1);
  }

  @Test
  void collectorIsAskedWhereMappingsBecomeMany() throws IOException {
    AtomicLong mappings = new AtomicLong(100);
    DiskPressure pressure =
        new DiskPressure(directory, collections::incrementAndGet, mappings::get);

    pressure.relieve(1);
    mappings.set(Mapping.MAX / 4);
    pressure.relieve(1);
    assertThat(collections).hasValue(0);
    mappings.set(100 + Mapping.MAX / 4);
    pressure.relieve(0); // none of them are of deleted segments
    assertThat(collections).hasValue(0);
    pressure.relieve(1);
    assertThat(collections).hasValue(1);
  }

  @Test
  void writeWithoutMappingsWaitsForTheCollector() throws IOException {
    AtomicLong mappings = new AtomicLong(Mapping.MAX - 1);
    DiskPressure pressure = new DiskPressure(directory, () -> mappings.set(7), mappings::get);

    assertThat(pressure.relieveNow(() -> 1)).isFalse();
    assertThat(mappings).hasValue(Mapping.MAX - 1);
    mappings.set(Mapping.MAX);
    assertThat(pressure.relieveNow(() -> 1)).isTrue();
    assertThat(mappings).hasValue(7);
  }
}
