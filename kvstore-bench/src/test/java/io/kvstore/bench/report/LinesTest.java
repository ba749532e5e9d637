package io.kvstore.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LinesTest {

  @Test
  void namesThatAreFarApartStayWhereTheyBelong() {
    double[] places = {10, 50, 90};

    Lines.spread(places, 0, 100);

    assertThat(places).containsExactly(10, 50, 90);
  }

  @Test
  void namesNeverOverlapNorLeaveTheArea() {
    double[] places = {40, 41, 99, 100};

    Lines.spread(places, 0, 100);

    assertThat(places).containsExactly(40, 58, 82, 100);
  }
}
