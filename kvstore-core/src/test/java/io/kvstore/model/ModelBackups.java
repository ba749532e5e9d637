package io.kvstore.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.BackupReport;
import io.kvstore.KvStore;
import io.kvstore.KvStoreException;
import io.kvstore.model.Model.Held;
import io.kvstore.model.ModelTally.Event;
import io.kvstore.testing.StoreFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The backups of a run, full and incremental, and the state of the model at each. */
final class ModelBackups {
  private static final int MAX_BACKUPS = 3;

  private final ModelledStore modelled;
  private final List<Backup> backups = new ArrayList<>();

  /**
   * @param of the directory of the store that last wrote the backup
   */
  private record Backup(Path directory, Path of, Map<String, Held> state) {}

  ModelBackups(ModelledStore modelled) {
    this.modelled = modelled;
  }

  boolean hasAny() {
    return !backups.isEmpty();
  }

  /**
   * Makes a backup; no call is under way. A store that is a copy of the one that an earlier backup
   * is of may be refused, and leaves it as it is.
   *
   * @param of the directory of the store
   * @param fresh missing; for a backup that no earlier one is the start of
   */
  void backUp(Path of, Path fresh) throws IOException {
    modelled.tally().add(Event.BACKUPS);
    boolean isNew = backups.isEmpty() || (backups.size() < MAX_BACKUPS && modelled.dice().once(3));
    Backup earlier = isNew ? null : backups.get(modelled.dice().below(backups.size()));
    if (earlier == null) {
      backUpInto(of, fresh);
      return;
    }
    try {
      backUpInto(of, earlier.directory());
      backups.remove(earlier);
    } catch (KvStoreException e) {
      assertThat(earlier.of()).as("%s", e).isNotEqualTo(of);
      assertThat(e).hasMessageContaining("does not go on from");
      try (KvStore<String, String> read =
          ModelOpening.openForReading(earlier.directory(), modelled.clock())) {
        modelled.compareWith(earlier.state(), read);
      }
      backups.remove(earlier);
      StoreFiles.delete(earlier.directory());
      backUpInto(of, fresh);
    }
  }

  private void backUpInto(Path of, Path directory) {
    BackupReport report = modelled.store().backup(directory);
    assertThat(report.sequence()).isLessThanOrEqualTo(modelled.store().stats().sequence());
    backups.add(new Backup(directory, of, modelled.model().state()));
    modelled.history().safe(); // a backup syncs what it copies
  }

  /** Copies a backup, and returns what it is to have. */
  Map<String, Held> restore(Path to) throws IOException {
    modelled.tally().add(Event.RESTORES);
    Backup backup = backups.get(modelled.dice().below(backups.size()));
    StoreFiles.copy(backup.directory(), to);
    return backup.state();
  }

  /** Deletes all. */
  void forget() throws IOException {
    for (Backup backup : backups) {
      StoreFiles.delete(backup.directory());
    }
    backups.clear();
  }
}
