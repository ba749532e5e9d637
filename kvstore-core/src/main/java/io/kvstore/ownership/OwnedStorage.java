package io.kvstore.ownership;

import io.kvstore.platform.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The storage of an owned directory: no file is created, replaced or deleted once the directory is
 * lost, and never in another directory that has taken its path. Files elsewhere are delegated to
 * another storage.
 */
final class OwnedStorage implements Storage {
  private final Ownership ownership;
  private final DirectoryHandle directory;
  private final FileWatch watch;
  private final Storage files;

  OwnedStorage(Ownership ownership, DirectoryHandle directory, FileWatch watch, Storage files) {
    this.ownership = ownership;
    this.directory = directory;
    this.watch = watch;
    this.files = files;
  }

  @Override
  public void requireOwned() throws IOException {
    ownership.requireBeforeSync();
  }

  @Override
  public void write(FileChannel file, ByteBuffer bytes, long at) throws IOException {
    files.write(file, bytes, at);
  }

  @Override
  public void sync(FileChannel file) throws IOException {
    files.sync(file);
  }

  @Override
  public void sync(MappedByteBuffer mapped, int from, int length) throws IOException {
    files.sync(mapped, from, length);
  }

  @Override
  public void syncDirectory(Path path) throws IOException {
    if (!path.equals(directory.path())) {
      files.syncDirectory(path);
      return;
    }
    ownership.require();
    files.syncDirectory(path);
    ownership.require(); // otherwise another directory may have been synced
  }

  @Override
  public FileChannel open(Path file, OpenOption... options) throws IOException {
    if (!isHere(file)) {
      return files.open(file, options);
    }
    if (isChange(options)) {
      ownership.require();
    } else {
      ownership.requireBeforeOpen(); // the segments are opened this way, one after the other
    }
    return directory.open(file.getFileName(), options);
  }

  /** Returns whether opening a file with these options may change the directory or the file. */
  private static boolean isChange(OpenOption... options) {
    for (OpenOption option : options) {
      if (option != StandardOpenOption.READ && option != StandardOpenOption.WRITE) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void move(Path file, Path to) throws IOException {
    if (!isHere(file) || !isHere(to)) {
      files.move(file, to);
      return;
    }
    ownership.require();
    watch.move(file.getFileName(), to.getFileName());
  }

  @Override
  public boolean moveUnread(Path file, Path to, boolean compacted, long id) throws IOException {
    ownership.require();
    return ownership
        .gate()
        .runUnread(
            compacted,
            id,
            new ReaderGate.Renaming() {
              @Override
              public void run() throws IOException {
                move(file, to);
              }
            });
  }

  @Override
  public void delete(Path file) throws IOException {
    if (!isHere(file)) {
      files.delete(file);
      return;
    }
    ownership.require();
    directory.delete(file.getFileName());
  }

  private boolean isHere(Path file) {
    return directory.path().resolve(file.getFileName()).equals(file);
  }
}
