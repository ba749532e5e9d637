package io.kvstore.directory;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvstore.CorruptStoreException;
import io.kvstore.KvStoreException;
import io.kvstore.codec.kryo.InMemorySchemaStore;
import io.kvstore.codec.kryo.Schemas;
import io.kvstore.platform.Storage;
import io.kvstore.testing.Allocation;
import io.kvstore.testing.FaultyStorage;
import io.kvstore.testing.ScratchFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The fuzz target of the schema file: any file is lines of schemas or is rejected, intact lines of
 * a damaged file are salvaged, and any lines survive a round trip.
 */
public final class SchemaFileFuzz {
  private static final ScratchFiles FILES = ScratchFiles.create();
  private static final Storage STORAGE = FaultyStorage.withoutSyncs();
  private static final long MAX_ALLOCATED = 1 << 20;
  private static final long MAX_ALLOCATED_BY_BYTE = 1 << 9;

  private SchemaFileFuzz() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    long most = MAX_ALLOCATED + MAX_ALLOCATED_BY_BYTE * input.length;
    Allocation.within(most, () -> read(input));
    Allocation.within(most, () -> write(new String(input, UTF_8).lines().toList()));
  }

  private static void read(byte[] file) {
    FILES.write(SchemaFile.FILE, file);
    try {
      List<String> some = SchemaFile.salvage(FILES.directory());
      parse(some);
      parse(SchemaFile.open(FILES.directory(), STORAGE).read());
    } catch (CorruptStoreException e) {
      // Refused.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(List<String> lines) {
    if (lines.isEmpty()) {
      return;
    }
    try {
      SchemaFile.write(FILES.directory(), lines, STORAGE);
      List<String> read = SchemaFile.open(FILES.directory(), STORAGE).read();
      if (!read.equals(lines)) {
        throw new AssertionError(lines + " are read as " + read);
      }
      parse(read);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a repair keeps of some lines has to be readable where they are. */
  private static void parse(List<String> lines) {
    try {
      Schemas.of(new InMemorySchemaStore(lines));
    } catch (KvStoreException e) {
      return; // they are no schemas
    }
    Schemas.of(new InMemorySchemaStore(Schemas.salvaged(lines)));
  }
}
