package io.kvstore.faults.script;

import io.kvstore.KvStoreBuilder;
import io.kvstore.faults.CaseRun;
import io.kvstore.faults.Mode;
import java.io.IOException;
import java.nio.file.Path;

/** A script on a store that was killed, opened read-only. */
public final class ReadingScript implements io.kvstore.faults.Script {
  private final Course<String> course =
      new Course<>(
          new Course.Setting(
              KvStoreBuilder.MIN_SEGMENT_BYTES, Long.MAX_VALUE, Course.Start.CRASHED, true),
          Form.strings(),
          (session, clock, beside) -> session.readAll());

  @Override
  public void prepare(Path template, Mode mode) throws IOException {
    course.prepare(template, mode);
  }

  @Override
  public void run(CaseRun run) throws Exception {
    course.run(run);
  }
}
