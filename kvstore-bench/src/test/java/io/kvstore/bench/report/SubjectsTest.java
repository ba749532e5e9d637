package io.kvstore.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SubjectsTest {

  @Test
  void libraryIsComparedWithAll() {
    assertThat(Subjects.base("RocksDB", List.of("RocksDB", "kvstore"))).isEqualTo("kvstore");
  }

  @Test
  void serverIsComparedBehindTheSameProtocol() {
    List<String> all = List.of("kvstore HTTP", "kvstore RESP", "nginx", "Redis");

    assertThat(Subjects.base("nginx", all)).isEqualTo("kvstore HTTP");
    assertThat(Subjects.base("Redis", all)).isEqualTo("kvstore RESP");
  }

  @Test
  void withoutOursThereIsNoRatio() {
    assertThat(Subjects.base("nginx", List.of("nginx", "Redis"))).isNull();
  }

  @Test
  void oursAloneHasItsColour() {
    List<String> all = List.of("a", "b", "c", "d", "e", "f", "g", "h", "RocksDB", "kvstore");

    assertThat(all)
        .filteredOn(subject -> Subjects.colour(subject, all).equals(Subjects.OURS))
        .containsExactly("kvstore");
  }

  @Test
  void linesOfOneColourAreToldApartByDashes() {
    List<String> all = List.of("kvstore HTTP", "kvstore RESP");

    assertThat(Subjects.stroke("kvstore HTTP", all).getDashArray()).isNull();
    assertThat(Subjects.stroke("kvstore RESP", all).getDashArray()).isNotNull();
  }
}
