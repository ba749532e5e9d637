package io.kvstore.faults.script;

import io.kvstore.ChangeListener;
import io.kvstore.Entry;
import io.kvstore.Watch;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A watch, which must deliver exactly the written changes, or report that it has failed. */
final class Watching implements ChangeListener<String, String> {
  /** Less than what counts as a hang. */
  private static final long LIMIT_SECONDS = 3;

  private static final String LAST = "watched";

  private final Session<String> session;
  private final CountDownLatch last = new CountDownLatch(1);
  private final AtomicReference<@Nullable Watch> watch = new AtomicReference<>();
  private final AtomicReference<@Nullable String> wrong = new AtomicReference<>();

  Watching(Session<String> session) {
    this.session = session;
  }

  void start() {
    session.calls().read("watch", () -> watch.set(session.store().watch(1, this)));
  }

  /** Waits until it has told of a last put. */
  void end() throws InterruptedException {
    Watch open = watch.get();
    if (open == null) {
      return;
    }
    boolean put = session.changed("last put", LAST, session.value(LAST, 10));
    session.calls().doing("wait for the watch");
    if (put && !last.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the watch has neither told of the last put nor failed");
    }
    session.calls().read("close of a watch", open::close);
    if (wrong.get() != null) {
      throw new AssertionError("a watch told of " + wrong.get());
    }
  }

  @Override
  public void onPut(Entry<String, String> entry) {
    if (entry.key().equals(LAST)) {
      last.countDown();
    }
    String key = entry.key();
    int member = key.indexOf(Session.MEMBER);
    if (!session.ledger().wasTried(member < 0 ? key : key.substring(0, member), entry.value())) {
      wrong.set(key + " = " + Ledger.shortened(entry.value()));
    }
  }

  @Override
  public void onDelete(String key, long version) {}

  @Override
  public void onGap(long from, long to) {}

  @Override
  public void onFailure(Throwable cause) {
    last.countDown();
  }
}
