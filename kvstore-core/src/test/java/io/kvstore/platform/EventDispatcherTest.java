package io.kvstore.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.StoreListener;
import io.kvstore.log.WriteThrottle;
import io.kvstore.testing.RecordedEvents;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The delivery of events to a listener. */
@Timeout(600)
class EventDispatcherTest {
  private static final Path NAME = Path.of("name");

  @Test
  void whatIsTooMuchIsLeftOutAndCounted() throws InterruptedException {
    CountDownLatch goOn = new CountDownLatch(1);
    RecordedEvents recorded =
        new RecordedEvents(
            () -> {
              try {
                goOn.await();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    EventDispatcher events = new EventDispatcher(recorded.listener());
    events.start(NAME, listener -> listener.onSegmentSealed(0, 0));
    recorded.await("onSegmentSealed", 1);

    for (int i = 0; i < StoreListener.MAX_WAITING_EVENTS + 7; i++) {
      events.publish(listener -> listener.onBrake(true));
    }
    goOn.countDown();
    long missed = recorded.await("onMissedEvents", 1).get(0).as(Long.class);
    events.publish(listener -> listener.onBrake(false));
    events.close();

    assertThat(missed).isEqualTo(7);
    assertThat(recorded.of("onBrake")).hasSize(StoreListener.MAX_WAITING_EVENTS + 1);
    assertThat(recorded.all().get(StoreListener.MAX_WAITING_EVENTS + 1).name())
        .isEqualTo("onMissedEvents");
  }

  @Test
  void whatHappensBeforeTheStartIsToldAfterTheFirst() {
    RecordedEvents recorded = new RecordedEvents();
    EventDispatcher events = new EventDispatcher(recorded.listener());
    events.publish(listener -> listener.onBrake(true));

    events.start(NAME, listener -> listener.onSegmentCreated(1, 2));
    events.close();
    events.publish(listener -> listener.onBrake(false));

    assertThat(recorded.all())
        .extracting(RecordedEvents.Event::name)
        .containsExactly("onSegmentCreated", "onBrake");
  }

  @Test
  void brakeIsToldWhenItGoesOnAndOff() {
    RecordedEvents recorded = new RecordedEvents();
    EventDispatcher events = new EventDispatcher(recorded.listener());
    events.start(NAME, listener -> {});
    WriteThrottle brake = new WriteThrottle(events);

    brake.set(0);
    brake.set(0.5);
    brake.set(2);
    brake.set(0);
    events.close();

    assertThat(recorded.of("onBrake", Boolean.class)).containsExactly(true, false);
  }
}
