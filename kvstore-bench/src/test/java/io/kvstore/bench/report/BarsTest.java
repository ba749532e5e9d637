package io.kvstore.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BarsTest {
  private static final String CUT = "goes on beyond the plot";

  @Test
  void costFarBeyondAllOthersIsCutAndSaid() {
    assertThat(notes("bytes", Map.of("a", 10.0, "kvstore", 12.0, "c", 11.0, "d", 900.0)))
        .contains(CUT);
  }

  @Test
  void oursIsNeverCut() {
    assertThat(notes("bytes", Map.of("a", 10.0, "b", 12.0, "c", 11.0, "kvstore", 900.0)))
        .doesNotContain(CUT);
  }

  @Test
  void rateIsNeverCut() {
    assertThat(notes("ops/s", Map.of("a", 10.0, "b", 12.0, "kvstore", 11.0, "d", 900.0)))
        .doesNotContain(CUT);
  }

  private static String notes(String unit, Map<String, Double> figures) {
    List<Measurement> measurements = new ArrayList<>();
    figures.forEach(
        (subject, figure) ->
            measurements.add(
                new Measurement(
                    "diskPerEntry", subject, new TreeMap<>(), unit, List.of(figure), null, 1)));
    return String.join(" ", new Bars(Group.of(measurements).get(0)).notes());
  }
}
