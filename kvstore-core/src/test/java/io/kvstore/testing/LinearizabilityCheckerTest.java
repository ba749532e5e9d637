package io.kvstore.testing;

import static io.kvstore.testing.Operation.contains;
import static io.kvstore.testing.Operation.delete;
import static io.kvstore.testing.Operation.get;
import static io.kvstore.testing.Operation.put;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinearizabilityCheckerTest {

  @Test
  void acceptsWhatOneThreadDoes() {
    assertAccepted(
        get(null, 1, 2),
        delete(false, 3, 4),
        put("a", 5, 6),
        get("a", 7, 8),
        contains(true, 9, 10),
        delete(true, 11, 12),
        contains(false, 13, 14));
  }

  @Test
  void acceptsEitherValueWhileAPutIsUnderWay() {
    assertAccepted(put("a", 1, 2), put("b", 3, 10), get("a", 4, 5), get("b", 6, 7));
    assertAccepted(put("a", 1, 2), put("b", 3, 10), get("b", 4, 7), get("a", 5, 6));
  }

  @Test
  void acceptsConcurrentPutsInTheOrderThatReadsSaw() {
    assertAccepted(put("a", 1, 4), put("b", 2, 3), get("a", 5, 6));
    assertAccepted(put("a", 1, 4), put("b", 2, 3), get("b", 5, 6));
  }

  @Test
  void acceptsTwoDeletesOfTwoPuts() {
    assertAccepted(
        put("a", 1, 2), delete(true, 3, 10), put("b", 4, 9), delete(true, 5, 8), get(null, 11, 12));
  }

  @Test
  void rejectsAStaleRead() {
    assertRejected(put("a", 1, 2), put("b", 3, 4), get("a", 5, 6));
  }

  @Test
  void rejectsAReadThatGoesBackInTime() {
    assertRejected(put("a", 1, 2), put("b", 3, 10), get("b", 4, 5), get("a", 6, 7));
  }

  @Test
  void rejectsALostUpdate() {
    assertRejected(put("a", 1, 2), get(null, 3, 4));
    assertRejected(put("a", 1, 4), put("b", 2, 3), get("a", 5, 6), get("b", 7, 8));
  }

  @Test
  void rejectsAResurrectedDelete() {
    assertRejected(put("a", 1, 2), delete(true, 3, 4), get("a", 5, 6));
    assertRejected(put("a", 1, 2), delete(true, 3, 4), get(null, 5, 6), contains(true, 7, 8));
  }

  @Test
  void rejectsAValueThatWasNeverPut() {
    assertRejected(put("a", 1, 2), get("b", 3, 4));
    assertRejected(get("b", 1, 2), put("b", 3, 4));
  }

  @Test
  void rejectsAWrongAnswerOfADelete() {
    assertRejected(delete(true, 1, 2));
    assertRejected(put("a", 1, 2), delete(false, 3, 4));
    assertRejected(put("a", 1, 2), delete(true, 3, 6), delete(true, 4, 5));
  }

  @Test
  void acceptsConditionalWritesInTheOrderOfTheirAnswers() {
    assertAccepted(
        Operation.putIfAbsent("a", null).during(1, 6),
        Operation.putIfAbsent("b", "a").during(2, 5),
        Operation.replace("a", "c", true).during(7, 10),
        Operation.replace("a", "d", false).during(8, 9),
        Operation.getAndPut("e", "c").during(11, 12),
        Operation.deleteIf("c", false).during(13, 14),
        Operation.deleteIf("e", true).during(15, 18),
        Operation.getAndDelete(null).during(16, 17),
        Operation.increment(2, 2).during(19, 22),
        Operation.increment(3, 5).during(20, 21),
        get("5", 23, 24));
  }

  @Test
  void rejectsConditionalWritesThatBothSucceeded() {
    assertRejected(
        Operation.putIfAbsent("a", null).during(1, 4),
        Operation.putIfAbsent("b", null).during(2, 3));
    assertRejected(
        put("a", 1, 2),
        Operation.replace("a", "b", true).during(3, 6),
        Operation.replace("a", "c", true).during(4, 5));
    assertRejected(
        put("a", 1, 2),
        Operation.getAndPut("b", "a").during(3, 6),
        Operation.getAndPut("c", "a").during(4, 5));
    assertRejected(
        put("a", 1, 2),
        Operation.deleteIf("a", true).during(3, 6),
        Operation.getAndDelete("a").during(4, 5));
    assertRejected(Operation.increment(1, 1).during(1, 4), Operation.increment(1, 1).during(2, 3));
  }

  @Test
  void rejectsConditionalWritesWithAWrongAnswer() {
    assertRejected(put("a", 1, 2), Operation.putIfAbsent("b", null).during(3, 4));
    assertRejected(put("a", 1, 2), Operation.replace("a", "b", false).during(3, 4));
    assertRejected(put("a", 1, 2), Operation.replace("a", "b", true).during(3, 4), get("a", 5, 6));
    assertRejected(put("a", 1, 2), Operation.replace("b", "c", false).during(3, 4), get("c", 5, 6));
    assertRejected(Operation.putIfAbsent("a", null).during(1, 2), get(null, 3, 4));
    assertRejected(put("a", 1, 2), Operation.deleteIf("a", false).during(3, 4));
    assertRejected(put("a", 1, 2), Operation.getAndDelete(null).during(3, 4));
  }

  @Test
  void findsTheOrderOfHistoriesThatHaveOneAndNoOrderOnceAReadIsSpoilt() {
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      List<Operation> history = randomHistory(random, 300);
      assertThat(LinearizabilityChecker.explain(history)).isEmpty();

      int at = random.nextInt(history.size());
      Operation spoilt = history.get(at);
      history.set(at, get("never put", spoilt.called(), spoilt.returned()));

      assertThat(LinearizabilityChecker.explain(history)).isPresent();
    }
  }

  /** Effects in the order of their place, each somewhere within a call that overlaps others. */
  private static List<Operation> randomHistory(Random random, int length) {
    List<Operation> history = new ArrayList<>();
    String value = null;
    for (int i = 0; i < length; i++) {
      long effect = 100L * i;
      long called = effect - random.nextInt(400);
      long returned = effect + random.nextInt(400);
      switch (random.nextInt(3)) {
        case 0 -> {
          value = "value" + i;
          history.add(put(value, called, returned));
        }
        case 1 -> {
          history.add(delete(value != null, called, returned));
          value = null;
        }
        default -> history.add(get(value, called, returned));
      }
    }
    return history;
  }

  private static void assertAccepted(Operation... history) {
    assertThat(LinearizabilityChecker.explain(Arrays.asList(history))).isEmpty();
  }

  private static void assertRejected(Operation... history) {
    assertThat(LinearizabilityChecker.explain(Arrays.asList(history))).isPresent();
  }
}
