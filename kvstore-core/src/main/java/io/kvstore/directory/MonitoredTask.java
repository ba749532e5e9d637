package io.kvstore.directory;

import io.kvstore.KvStoreException;
import io.kvstore.OpenProgress;
import io.kvstore.platform.StoreThread;
import io.kvstore.recovery.RecoveryProgress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * A task on a thread of the store; the caller waits and reports the progress to a callback.
 *
 * @param work the description, for the name of the thread and for messages
 */
public record MonitoredTask(
    String work, Path directory, RecoveryProgress progress, @Nullable OpenProgress listener) {
  private static final long PROGRESS_MILLIS = 100;

  public <T> T call(Callable<T> task) {
    FutureTask<T> result = new FutureTask<>(task);
    Thread thread = StoreThread.start(work, directory, result);
    try {
      report(thread);
    } catch (Throwable e) {
      try {
        var unused = await(result);
      } catch (RuntimeException failure) {
        e.addSuppressed(failure);
      }
      throw e;
    }
    return await(result);
  }

  private void report(Thread thread) {
    if (listener == null) {
      return;
    }
    while (StoreThread.isAliveAfter(thread, PROGRESS_MILLIS)) {
      listener.progress(progress.bytesDone(), progress.bytesTotal());
    }
    listener.progress(progress.bytesTotal(), progress.bytesTotal());
  }

  private <T> T await(FutureTask<T> result) {
    try {
      return StoreThread.await(result);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KvStoreException known) {
        throw known;
      }
      throw new KvStoreException(
          "can't " + work + " " + directory + ": " + e.getCause(), e.getCause());
    }
  }
}
