package io.kvstore.faults.script;

import io.kvstore.KvStoreBuilder;
import io.kvstore.faults.CaseRun;
import io.kvstore.faults.Mode;
import java.io.IOException;
import java.nio.file.Path;

/** A script of all calls, on a store that was killed. */
public final class WritesScript implements io.kvstore.faults.Script {
  private final Course<String> course =
      new Course<>(
          new Course.Setting(
              KvStoreBuilder.MIN_SEGMENT_BYTES, Long.MAX_VALUE, Course.Start.CRASHED, false),
          Form.strings(),
          (session, clock, beside) -> EveryCall.play(session));

  @Override
  public void prepare(Path template, Mode mode) throws IOException {
    course.prepare(template, mode);
  }

  @Override
  public void run(CaseRun run) throws Exception {
    course.run(run);
  }
}
