package io.kvstore.directory;

import io.kvstore.KvStoreException;
import io.kvstore.testing.Allocation;
import io.kvstore.testing.FaultyStorage;
import io.kvstore.testing.ScratchFiles;
import io.kvstore.testing.SealedText;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The fuzz target of the manifest: any file is a manifest that survives a round trip, or is
 * rejected.
 */
public final class ManifestFuzz {
  private static final ScratchFiles FILES = ScratchFiles.create();
  private static final int MAX_STRIPES = 4096;
  private static final long MAX_ALLOCATED = 1 << 20;

  private ManifestFuzz() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    Allocation.within(MAX_ALLOCATED, () -> read(input));
    byte[] whole = SealedText.of(input);
    Allocation.within(MAX_ALLOCATED, () -> read(whole));
  }

  private static void read(byte[] file) {
    FILES.write(Manifest.FILE, file);
    try {
      Manifest read = Manifest.read(FILES.directory());
      if (read.stripes() < 1
          || read.stripes() > MAX_STRIPES
          || Integer.bitCount(read.stripes()) != 1) {
        throw new AssertionError("no store has " + read.stripes() + " stripes");
      }
      read.write(FILES.directory(), FaultyStorage.withoutSyncs());
      if (!Manifest.read(FILES.directory()).equals(read)) {
        throw new AssertionError(read + " is read as " + Manifest.read(FILES.directory()));
      }
    } catch (KvStoreException e) {
      // Refused.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
