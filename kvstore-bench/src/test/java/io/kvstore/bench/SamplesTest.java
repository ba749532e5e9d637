package io.kvstore.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SamplesTest {

  @Test
  void medianIsInTheMiddle() {
    assertThat(samples(5, 1, 3).median()).isEqualTo(3);
    assertThat(samples(4, 1, 3, 9).median()).isEqualTo(3.5);
    assertThat(new Samples().median()).isNaN();
  }

  @Test
  void ratiosAreThoseOfTheRounds() {
    Samples ratios = samples(2, 30, 4).by(samples(1, 10, 2));

    assertThat(ratios.least()).isEqualTo(2);
    assertThat(ratios.median()).isEqualTo(2);
    assertThat(ratios.most()).isEqualTo(3);
  }

  private static Samples samples(double... all) {
    Samples samples = new Samples();
    for (double each : all) {
      samples.add(each);
    }
    return samples;
  }
}
