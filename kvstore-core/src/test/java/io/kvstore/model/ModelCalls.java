package io.kvstore.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.ValueView;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The reads, puts and deletes of single keys in a run. */
final class ModelCalls {
  private final ModelledStore modelled;
  private final Model model;
  private final ModelDice dice;

  ModelCalls(ModelledStore modelled) {
    this.modelled = modelled;
    this.model = modelled.model();
    this.dice = modelled.dice();
  }

  void call(String key) {
    int choice = dice.below(20);
    if (choice < 8) {
      modelled.settle(key);
      read(key, choice);
    } else if (choice < 12) {
      put(key, dice.value());
    } else if (choice < 16) {
      putAsync(key);
    } else if (choice < 18) {
      assertThat(modelled.store().delete(key)).isEqualTo(model.remove(key) != null);
      modelled.acknowledged();
    } else {
      CompletableFuture<Boolean> deleted = modelled.store().deleteAsync(key);
      modelled.await(Set.of(key), deleted, model.remove(key) != null);
    }
  }

  private void read(String key, int choice) {
    String expected = model.get(key);
    switch (choice) {
      case 0 -> assertThat(modelled.store().containsKey(key)).isEqualTo(expected != null);
      case 1 -> {
        ValueView view = modelled.store().view(key);
        assertThat(view == null ? null : UTF_8.decode(view.bytes()).toString()).isEqualTo(expected);
      }
      default -> assertThat(modelled.store().get(key)).isEqualTo(expected);
    }
  }

  /** Puts a value, unless the store is full, and returns whether it was not. */
  boolean put(String key, String value) {
    boolean made = modelled.makes(key, value.length(), () -> modelled.store().put(key, value));
    if (made) {
      model.put(key, value);
      modelled.acknowledged();
    }
    return made;
  }

  private void putAsync(String key) {
    String value = dice.value();
    Duration ttl = dice.ttl();
    modelled.makes(
        key,
        value.length(),
        () -> {
          CompletableFuture<Void> put =
              ttl == null
                  ? modelled.store().putAsync(key, value)
                  : modelled.store().putAsync(key, value, ttl);
          model.put(key, value, ttl);
          modelled.await(Set.of(key), put, null);
        });
  }
}
