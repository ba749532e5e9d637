package io.kvstore.faults.script;

import io.kvstore.KvStoreBuilder;
import io.kvstore.faults.CaseRun;
import io.kvstore.faults.Mode;
import java.io.IOException;
import java.nio.file.Path;

/** A script of overwrites at the disk limit, so that writes wait for compaction. */
public final class LimitScript implements io.kvstore.faults.Script {
  private static final int SEGMENT_BYTES = 64 << 10;
  private static final int VALUE_BYTES = 20_000;

  private final Course<String> course =
      new Course<>(
          new Course.Setting(
              SEGMENT_BYTES, KvStoreBuilder.MIN_DISK_BYTES, Course.Start.CLOSED, false),
          Form.strings(),
          (session, clock, beside) -> play(session));

  @Override
  public void prepare(Path template, Mode mode) throws IOException {
    course.prepare(template, mode);
  }

  @Override
  public void run(CaseRun run) throws Exception {
    course.run(run);
  }

  private static void play(Session<String> session) {
    session.calls().mayFill();
    for (int i = 0; i < 70; i++) {
      session.put("big" + i % 20, VALUE_BYTES);
      if (i % 10 == 9) {
        session.batch("g", false);
      }
    }
    for (int i = 20; i < 40; i++) {
      session.put("big" + i, VALUE_BYTES);
    }
    for (int i = 0; i < 40; i++) {
      session.delete("big" + i);
    }
  }
}
