package io.kvstore.bench.open;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvstore.bench.BenchStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.Txn;

/**
 * LMDB with its defaults. It has one writer at a time, so puts are to come from one thread; they
 * are gathered in transactions, as its documentation asks for, and a get does not see the last ones
 * before {@link #settle()}.
 */
final class LmdbStore implements BenchStore {
  /** What lmdbjava asks for on JDK 16 and later. */
  static final String[] JVM_FLAGS = {
    "--add-opens=java.base/java.nio=ALL-UNNAMED", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED"
  };

  private static final long MAP_BYTES = 16L << 30; // a limit; the file grows as it needs
  private static final int PUTS_PER_TRANSACTION = 100_000;
  private static final int MAX_BYTES = 1 << 10;

  private final Env<ByteBuffer> env;
  private final Dbi<ByteBuffer> entries;
  private final ByteBuffer keyBytes = ByteBuffer.allocateDirect(MAX_BYTES);
  private final ByteBuffer valueBytes = ByteBuffer.allocateDirect(MAX_BYTES);
  private @Nullable Txn<ByteBuffer> writing;
  private int puts;

  private LmdbStore(Env<ByteBuffer> env, Dbi<ByteBuffer> entries) {
    this.env = env;
    this.entries = entries;
  }

  static BenchStore open(Path directory) {
    Env<ByteBuffer> env = Env.create().setMapSize(MAP_BYTES).setMaxDbs(1).open(directory.toFile());
    return new LmdbStore(env, env.openDbi("entries", DbiFlags.MDB_CREATE));
  }

  @Override
  public byte[] get(String key) {
    try (Txn<ByteBuffer> reading = env.txnRead()) {
      ByteBuffer found = Objects.requireNonNull(entries.get(reading, filled(keyBytes, key)), key);
      byte[] value = new byte[found.remaining()];
      found.get(value);
      return value;
    }
  }

  @Override
  public void put(String key, byte[] value) {
    if (writing == null) {
      writing = env.txnWrite();
    }
    entries.put(writing, filled(keyBytes, key), valueBytes.clear().put(value).flip());
    puts++;
    if (puts % PUTS_PER_TRANSACTION == 0) {
      settle();
    }
  }

  private static ByteBuffer filled(ByteBuffer buffer, String key) {
    return buffer.clear().put(key.getBytes(UTF_8)).flip();
  }

  @Override
  public void settle() {
    Txn<ByteBuffer> transaction = writing;
    writing = null;
    if (transaction != null) {
      try (transaction) {
        transaction.commit();
      }
    }
  }

  @Override
  public void close() {
    settle();
    env.close();
  }
}
