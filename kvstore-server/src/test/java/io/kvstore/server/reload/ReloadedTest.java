package io.kvstore.server.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadedTest {
  @TempDir private Path directory;
  private final AtomicInteger reads = new AtomicInteger();
  private Path file;
  private Reloaded<Integer> number;

  @BeforeEach
  void readOnce() throws IOException {
    file = Files.writeString(directory.resolve("number"), "1");
    number = reloaded();
  }

  private Reloaded<Integer> reloaded() throws IOException {
    return Reloaded.of(
        "number",
        List.of(file),
        () -> {
          reads.incrementAndGet();
          return Integer.valueOf(Files.readString(file));
        });
  }

  @Test
  void unchangedFileIsNotReadAgain() {
    number.look();

    assertThat(reads).hasValue(1);
    assertThat(number.current()).isEqualTo(1);
  }

  @Test
  void changeIsReadAtTheNextLook() throws IOException {
    Files.writeString(file, "22");
    assertThat(number.current()).isEqualTo(1);

    number.look();

    assertThat(number.current()).isEqualTo(22);
  }

  @Test
  void fileThatTakesItsPlaceIsRead() throws IOException {
    Path other = Files.writeString(directory.resolve("other"), "2");
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);

    number.look();

    assertThat(number.current()).isEqualTo(2);
  }

  @Test
  void uselessChangeLeavesTheEarlierAndIsTriedOnce() throws IOException {
    Files.writeString(file, "many");
    number.look();
    number.look();
    assertThat(number.current()).isEqualTo(1);
    assertThat(reads).hasValue(2);

    Files.delete(file);
    number.look();
    assertThat(number.current()).isEqualTo(1);

    Files.writeString(file, "3");
    number.look();
    assertThat(number.current()).isEqualTo(3);
  }

  @Test
  void uselessFileIsRejectedAtFirst() throws IOException {
    Files.delete(file);

    assertThatThrownBy(this::reloaded).isInstanceOf(IOException.class);
  }
}
