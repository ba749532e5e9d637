package io.kvstore.bench.rival;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kvstore.bench.BenchStore;
import io.kvstore.bench.ChildJvm;
import io.kvstore.bench.Load;
import io.kvstore.bench.load.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each rival in a JVM of its own, with its flags: as it is measured. */
class RivalTest {
  private static final int ENTRIES = 1_000;
  private static final String KEPT = "everything is there";
  private static final String CANNOT_START = "can't start on ";

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void getsWhatWasPutAndOverwrittenAlsoAfterReopening(Rival rival) {
    List<String> flags = new ArrayList<>(List.of("-Xmx2g"));
    flags.addAll(rival.jvmFlags());
    List<String> arguments = List.of(rival.name(), directory.toString());
    List<String> output;
    try (ChildJvm child = ChildJvm.start(Checked.class, flags, arguments)) {
      output = child.output(Duration.ofMinutes(5));
    }

    assumeTrue(!output.get(0).startsWith(CANNOT_START), () -> rival + " " + output.get(0));
    assertThat(output).containsExactly("fast: " + KEPT, "durable: " + KEPT);
  }

  @ParameterizedTest
  @EnumSource
  void saysWhoItIs(Rival rival) {
    assertThat(rival.version()).matches("\\d.*");
    assertThat(rival.label()).isNotBlank();
    assertThat(rival.settings()).isNotBlank();
    assertThat(Rival.allJvmFlags()).containsAll(rival.jvmFlags());
  }

  /** What happens in that JVM. */
  static final class Checked {
    private Checked() {}

    public static void main(String[] args) throws IOException {
      Rival rival = Rival.valueOf(args[0]);
      for (String mode : List.of("fast", "durable")) {
        Path directory = Files.createDirectory(Path.of(args[1], mode));
        boolean durable = mode.equals("durable");
        StoreSpec spec = new StoreSpec(directory, ENTRIES, Workload.VALUE_BYTES, durable);
        try {
          rival.open(spec).close();
        } catch (Exception | LinkageError e) {
          System.out.println(CANNOT_START + Runtime.version() + ": " + e);
          return;
        }
        check(rival, spec);
        System.out.println(mode + ": " + KEPT);
      }
    }

    private static void check(Rival rival, StoreSpec spec) {
      try (BenchStore store = rival.open(spec)) {
        putAll(store);
        checkAll(store);
        store.settle();
      }
      if (rival.isPersistent()) {
        try (BenchStore store = rival.open(spec)) {
          checkAll(store);
        }
      }
    }

    private static void putAll(BenchStore store) {
      store.load(Load.filling(ENTRIES, Workload.VALUE_BYTES));
      store.load(Load.overwriting(ENTRIES, 1, Workload.VALUE_BYTES));
      byte[] value = new byte[Workload.VALUE_BYTES];
      for (int number = 0; number < ENTRIES; number += 10) {
        store.put(Workload.key(number), valueOf(value, number));
      }
    }

    private static void checkAll(BenchStore store) {
      for (int number = 0; number < ENTRIES; number++) {
        byte[] found = store.get(Workload.key(number));
        check(found.length == Workload.VALUE_BYTES, number);
        if (number % 10 == 0) {
          check(Arrays.equals(found, valueOf(new byte[Workload.VALUE_BYTES], number)), number);
        }
        Arrays.fill(found, (byte) 0); // a copy, or the next check would find this
      }
    }

    private static byte[] valueOf(byte[] value, int number) {
      byte[] digits = Workload.key(number).getBytes(UTF_8);
      System.arraycopy(digits, 0, value, 0, digits.length);
      return value;
    }

    private static void check(boolean right, int number) {
      if (!right) {
        throw new IllegalStateException("entry " + number + " is wrong");
      }
    }
  }
}
