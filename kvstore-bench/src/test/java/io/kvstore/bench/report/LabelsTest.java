package io.kvstore.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3254321   | ops/s | 3.25 M/s",
        "999999    | ops/s | 1.00 M/s",
        "48049     | ops/s | 48.0 k/s",
        "7404      | ops/s | 7,404/s",
        "0         | ops/s | 0/s",
        "13.51     | bytes | 13.5 B",
        "0.0953    | bytes | 0.095 B",
        "7594.4    | bytes | 7,594 B",
        "0.25      | us    | 250 ns",
        "12.34     | us    | 12.3 µs",
        "466000    | us    | 466 ms",
        "1713      | ms    | 1.71 s",
        "978.2     | ns    | 978 ns",
        "5         | pages | 5.00 pages",
      })
  void figureHasThreeDigitsAndItsUnit(double figure, String unit, String text) {
    assertThat(Labels.figure(figure, unit)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0, ops/s, 0",
    "500000, ops/s, 500 k",
    "1500000, ops/s, 1.5 M",
    "1000, us, 1 ms",
    "0.1, us, 100 ns",
    "250, bytes, 250 B"
  })
  void tickHasNoNeedlessDigit(double figure, String unit, String text) {
    assertThat(Labels.tick(figure, unit)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0.964, 0.96 ×", "0.0911, 0.091 ×", "1.069, 1.07 ×", "32.1, 32 ×", "1234, '1,234 ×'"})
  void ratioHasTwoDigits(double ratio, String text) {
    assertThat(Labels.ratio(ratio)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "entries, 10000000, 10 million entries",
    "entries, 1500000, 1.5 million entries",
    "entries, 1000, '1,000 entries'",
    "threads, 1, 1 thread",
    "pipeline, 16, pipelined by 16",
    "valueBytes, 100, value bytes 100",
    "distribution, zipf, distribution zipf",
    "percentile, p99.9, p99.9"
  })
  void paramsReadAsWords(String name, String value, String text) {
    assertThat(Labels.param(name, value)).isEqualTo(text);
  }

  @Test
  void orderIsByNumberThenPercentileThenWord() {
    assertThat(Stream.of("max", "p99.9", "zipf", "10", "p50", "9", "p99").sorted(Labels.ORDER))
        .containsExactly("9", "10", "p50", "p99", "p99.9", "max", "zipf");
  }

  @Test
  void slugIsAFileName() {
    assertThat(Labels.slug("heapPerEntry")).isEqualTo("heap-per-entry");
    assertThat(Labels.slug("kind-GET /x & <y>")).isEqualTo("kind-get-x-y-");
  }
}
