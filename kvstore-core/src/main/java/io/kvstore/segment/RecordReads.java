package io.kvstore.segment;

import io.kvstore.ValueView;
import java.util.function.Function;

/** What readers take from a record, while its segment is held for them. */
public final class RecordReads {
  /** A copy of the record. */
  public static final Function<RecordView, StoredRecord> COPY =
      new Function<>() {
        @Override
        public StoredRecord apply(RecordView record) {
          return record.copy();
        }
      };

  /** A view of the value. */
  public static final Function<RecordView, ValueView> VALUE_VIEW =
      new Function<>() {
        @Override
        public ValueView apply(RecordView record) {
          return record.valueView();
        }
      };

  /** The deadline, the largest long if there is none. */
  public static final Function<RecordView, Long> DEADLINE =
      new Function<>() {
        @Override
        public Long apply(RecordView record) {
          return record.deadline();
        }
      };

  /** Nothing: there is a record. */
  public static final Function<RecordView, Boolean> PRESENCE =
      new Function<>() {
        @Override
        public Boolean apply(RecordView record) {
          return true;
        }
      };

  private RecordReads() {}
}
