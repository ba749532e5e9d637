package io.kvstore.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.Entry;
import io.kvstore.KvStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The conditional calls of a run, also on entries that are not durable yet. */
final class ModelConditions {
  private final ModelledStore modelled;
  private final Model model;
  private final ModelDice dice;

  ModelConditions(ModelledStore modelled) {
    this.modelled = modelled;
    this.model = modelled.model();
    this.dice = modelled.dice();
  }

  void call(String key) {
    String value = dice.value();
    switch (dice.below(11)) {
      case 0 -> putIfAbsent(key, value);
      case 1 -> replace(key, value);
      case 2 -> getAndPut(key, value);
      case 3 -> assertThat(store().getAndDelete(key)).isEqualTo(model.remove(key));
      case 4 -> delete(key);
      case 5 -> compute(key, value);
      case 6 -> touch(key);
      case 7 -> persist(key);
      case 8, 9 -> byVersion(key, value);
      default -> read(key);
    }
    modelled.acknowledged();
  }

  private KvStore<String, String> store() {
    return modelled.store();
  }

  /** Makes a change that may find no room, and lets the model follow if it was made. */
  private void change(String key, @Nullable String value, Runnable change, Runnable follow) {
    if (modelled.makes(key, value == null ? 0 : value.length(), change)) {
      follow.run();
    }
  }

  private void putIfAbsent(String key, String value) {
    String before = model.get(key);
    change(
        key,
        value,
        () -> assertThat(store().putIfAbsent(key, value)).isEqualTo(before),
        () -> {
          if (before == null) {
            model.put(key, value);
          }
        });
  }

  private void getAndPut(String key, String value) {
    String before = model.get(key);
    change(
        key,
        value,
        () -> assertThat(store().getAndPut(key, value)).isEqualTo(before),
        () -> model.put(key, value));
  }

  private void touch(String key) {
    String before = model.get(key);
    Duration ttl = Duration.ofMillis(1 + dice.below(300));
    change(
        key,
        before,
        () -> assertThat(store().touch(key, ttl)).isEqualTo(before != null),
        () -> {
          if (before != null) {
            model.put(key, before, ttl);
          }
        });
  }

  private void persist(String key) {
    String before = model.get(key);
    boolean expires = model.deadline(key) != null;
    change(
        key,
        before,
        () -> assertThat(store().persist(key)).isEqualTo(expires),
        () -> {
          if (expires) {
            model.put(key, before);
          }
        });
  }

  private void read(String key) {
    modelled.settle();
    String other = dice.keys()[0];
    Map<String, String> found = store().getAll(List.of(key, other));
    assertThat(found.get(key)).isEqualTo(model.get(key));
    assertThat(found.get(other)).isEqualTo(model.get(other));
    Duration remaining = store().remaining(key);
    Instant deadline = model.deadline(key);
    assertThat(remaining)
        .isEqualTo(deadline == null ? null : Duration.between(modelled.clock().now(), deadline));
  }

  private void replace(String key, String value) {
    String before = model.get(key);
    String expected = before == null || dice.once(3) ? "other" : before;
    boolean replaces = expected.equals(before);
    change(
        key,
        value,
        () -> assertThat(store().replace(key, expected, value)).isEqualTo(replaces),
        () -> {
          if (replaces) {
            model.put(key, value);
          }
        });
  }

  private void delete(String key) {
    String before = model.get(key);
    String expected = before == null || dice.once(3) ? "other" : before;
    boolean deletes = expected.equals(before);
    assertThat(store().delete(key, expected)).isEqualTo(deletes);
    if (deletes) {
      model.remove(key);
    }
  }

  private void compute(String key, String value) {
    String before = model.get(key);
    if (dice.once(4)) {
      String none =
          store()
              .compute(
                  key,
                  (k, found) -> {
                    assertThat(found).isEqualTo(before);
                    return null;
                  });
      assertThat(none).isNull();
      model.remove(key);
      return;
    }
    change(
        key,
        value,
        () -> {
          String computed =
              store()
                  .compute(
                      key,
                      (k, found) -> {
                        assertThat(found).isEqualTo(before);
                        return value;
                      });
          assertThat(computed).isEqualTo(value);
        },
        () -> model.change(key, value));
  }

  private void byVersion(String key, String value) {
    modelled.settle();
    Entry<String, String> entry = store().entry(key);
    assertThat(entry == null ? null : entry.value()).isEqualTo(model.get(key));
    assertThat(entry == null ? null : entry.expiresAt()).isEqualTo(model.deadline(key));
    boolean right = entry != null && !dice.once(3);
    long version = (entry == null ? 0 : entry.version()) + (right ? 0 : 1);
    if (dice.even()) {
      change(
          key,
          value,
          () -> assertThat(store().replaceVersion(key, version, value)).isEqualTo(right),
          () -> {
            if (right) {
              model.put(key, value);
            }
          });
    } else {
      assertThat(store().deleteVersion(key, version)).isEqualTo(right);
      if (right) {
        model.remove(key);
      }
    }
  }
}
