package io.kvstore.testing;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.platform.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A storage with injected failures: counts the calls, makes selected ones fail, and blocks syncs
 * while a test reads the files.
 */
public final class FaultyStorage implements Storage {
  public static final String NO_SPACE = "No space left on device";
  public static final String IO_ERROR = "Input/output error";

  /** The operations of a storage. */
  public enum Operation {
    WRITE,
    SYNC_FILE,
    SYNC_MAPPED,
    SYNC_DIRECTORY
  }

  private static final long UNLIMITED = Long.MAX_VALUE;

  private final boolean reachesDisk;

  @GuardedBy("this")
  private final Map<Operation, Integer> calls = new EnumMap<>(Operation.class);

  @GuardedBy("this")
  private final Map<Operation, String> failures = new EnumMap<>(Operation.class);

  /** Files whose first byte was written while the limit held, and so are new. */
  @GuardedBy("this")
  private final Map<FileChannel, Boolean> newFiles = new HashMap<>();

  @GuardedBy("this")
  private int allCalls;

  /** So many calls until one fails, that one included; 0 if none is to fail. */
  @GuardedBy("this")
  private int callsToFailure;

  @GuardedBy("this")
  private @Nullable String failingCallMessage;

  /** What the threads do whose calls are counted until one fails; empty for all threads. */
  @GuardedBy("this")
  private Set<String> failingWork = Set.of();

  @GuardedBy("this")
  private long bytesLeft = UNLIMITED;

  @GuardedBy("this")
  private @Nullable Operation held;

  @GuardedBy("this")
  private int permits;

  @GuardedBy("this")
  private int waiting;

  private FaultyStorage(boolean reachesDisk) {
    this.reachesDisk = reachesDisk;
  }

  /** Returns a storage that syncs, as long as it does not fail. */
  public static FaultyStorage create() {
    return new FaultyStorage(true);
  }

  /** Returns a storage that takes no time to sync: for tests in which no power fails. */
  public static FaultyStorage withoutSyncs() {
    return new FaultyStorage(false);
  }

  // ---- what tests say and ask

  /** Makes all calls of a kind fail from now on; a write gets half of its bytes into the file. */
  public synchronized void fail(Operation operation, String message) {
    failures.put(operation, message);
    notifyAll();
  }

  /**
   * Makes one call fail, whatever its kind and its thread: the n-th from now, counted from 1. For
   * tests to which it does not matter what fails; a store that is open may be at work on the next
   * segment at any time.
   */
  public void failCall(int n, String message) {
    failCall(Set.of(), n, message);
  }

  /**
   * Makes one call fail of those that some of the store's threads make, whatever its kind: the n-th
   * from now, counted from 1.
   *
   * @param work what these threads do, as their names say it: "compact", "sync"
   */
  public synchronized void failCall(Set<String> work, int n, String message) {
    failingWork = work;
    callsToFailure = n;
    failingCallMessage = message;
    notifyAll();
  }

  /** Lets new files take so many bytes, and no more: the disk is full but for what is there. */
  public synchronized void limitNewFiles(long bytes) {
    bytesLeft = bytes;
    notifyAll();
  }

  /** Lets everything succeed again. */
  public synchronized void heal() {
    failures.clear();
    callsToFailure = 0;
    bytesLeft = UNLIMITED;
    newFiles.clear();
    notifyAll();
  }

  /** Makes syncs of a kind wait from now on, until they are released. */
  public synchronized void hold(Operation sync) {
    held = sync;
    notifyAll();
  }

  /** Lets one sync go on that waits, or will. */
  public synchronized void releaseOne() {
    permits++;
    notifyAll();
  }

  /** Lets all syncs go on. */
  public synchronized void release() {
    held = null;
    permits = 0;
    notifyAll();
  }

  /** Waits until a sync waits. */
  public synchronized void awaitHeld() {
    while (waiting == 0 || permits > 0) {
      pause();
    }
  }

  /** Returns the number of calls of a kind so far. */
  public synchronized int calls(Operation operation) {
    return calls.getOrDefault(operation, 0);
  }

  /** Returns the number of syncs of files so far, of both kinds. */
  public int syncs() {
    return calls(Operation.SYNC_FILE) + calls(Operation.SYNC_MAPPED);
  }

  /** Returns the number of calls of all kinds so far. */
  public synchronized int calls() {
    return allCalls;
  }

  // ---- what the store calls

  @Override
  public void write(FileChannel file, ByteBuffer bytes, long at) throws IOException {
    String failure = begin(Operation.WRITE);
    long most = failure == null ? allowance(file, bytes.remaining(), at) : bytes.remaining() / 2;
    int limit = bytes.limit();
    int taken = (int) Math.min(bytes.remaining(), most);
    bytes.limit(bytes.position() + taken);
    Storage.FILES.write(file, bytes, at);
    bytes.limit(limit);
    if (failure != null || bytes.hasRemaining()) {
      throw new IOException(failure == null ? NO_SPACE : failure);
    }
  }

  private synchronized long allowance(FileChannel file, int wanted, long at) {
    if (bytesLeft == UNLIMITED) {
      return wanted;
    }
    if (at == 0) {
      newFiles.put(file, true);
    }
    if (!newFiles.containsKey(file)) {
      return wanted;
    }
    long most = Math.min(wanted, bytesLeft);
    bytesLeft -= most;
    return most;
  }

  @Override
  public void sync(FileChannel file) throws IOException {
    awaitRelease(Operation.SYNC_FILE);
    failIf(begin(Operation.SYNC_FILE));
    if (reachesDisk) {
      Storage.FILES.sync(file);
    }
  }

  @Override
  public void sync(MappedByteBuffer mapped, int from, int length) throws IOException {
    awaitRelease(Operation.SYNC_MAPPED);
    failIf(begin(Operation.SYNC_MAPPED));
    if (reachesDisk) {
      Storage.FILES.sync(mapped, from, length);
    }
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    failIf(begin(Operation.SYNC_DIRECTORY));
    if (reachesDisk) {
      Storage.FILES.syncDirectory(directory);
    }
  }

  private synchronized void awaitRelease(Operation sync) {
    waiting++;
    notifyAll();
    while (held == sync && permits == 0) {
      pause();
    }
    permits -= held == sync ? 1 : 0;
    waiting--;
    notifyAll();
  }

  /** Counts a call and returns what is to go wrong with it, or null. */
  private synchronized @Nullable String begin(Operation operation) {
    calls.merge(operation, 1, Integer::sum);
    allCalls++;
    if (callsToFailure > 0 && isCounted(Thread.currentThread().getName())) {
      callsToFailure--;
      if (callsToFailure == 0) {
        return failingCallMessage;
      }
    }
    return failures.get(operation);
  }

  @GuardedBy("this")
  private boolean isCounted(String thread) {
    return failingWork.isEmpty()
        || failingWork.stream().anyMatch(work -> thread.startsWith("kvstore-" + work + " "));
  }

  @SuppressWarnings("WaitNotInLoop") // the callers loop
  private synchronized void pause() {
    try {
      wait();
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts this thread", e);
    }
  }

  private static void failIf(@Nullable String message) throws IOException {
    if (message != null) {
      throw new IOException(message);
    }
  }
}
