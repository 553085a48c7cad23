package io.streamfleet.worker.handle;

import io.streamfleet.worker.entry.MachineFault;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells failures of the machine from failures of a message. Java has no types for most of them, but
 * their messages contain the operating system's text (that of strerror).
 */
final class MachineFaults {

  /** The longest chain of causes: a longer one is a cycle. */
  private static final int DEEPEST = 10;

  private static final Map<String, MachineFault> WORDS =
      Map.of(
          "too many open files", MachineFault.OPEN_FILES,
          "no space left on device", MachineFault.DISK,
          "disk quota exceeded", MachineFault.DISK,
          "cannot allocate memory", MachineFault.MEMORY,
          "no buffer space available", MachineFault.MEMORY,
          "cannot assign requested address", MachineFault.PORTS);

  /** Texts of an OutOfMemoryError. Other ones, such as a full heap, may be due to the message. */
  private static final Map<String, MachineFault> WORDS_OF_THE_JVM =
      Map.of(
          "unable to create native thread", MachineFault.THREADS,
          "direct buffer memory", MachineFault.MEMORY,
          "direct memory", MachineFault.MEMORY,
          "metaspace", MachineFault.MEMORY,
          "compressed class space", MachineFault.MEMORY);

  private MachineFaults() {}

  /** Thrown by a built-in handler for a failure of the machine. */
  static final class Hindrance extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final MachineFault fault;

    Hindrance(MachineFault fault, String what) {
      super(what + ": " + fault.advice(), null, false, false);
      this.fault = fault;
    }
  }

  /** The fault of the machine that caused this failure, if any. Never throws. */
  static Optional<MachineFault> in(Throwable thrown) {
    try {
      @Nullable Throwable next = thrown;
      for (int depth = 0; next != null && depth < DEEPEST; depth++) {
        Optional<MachineFault> fault = ofOne(next);
        if (fault.isPresent()) {
          return fault;
        }
        next = next.getCause();
      }
      return Optional.empty();
    } catch (RuntimeException | Error e) {
      // The methods of a user's throwable may throw.
      return Optional.empty();
    }
  }

  private static Optional<MachineFault> ofOne(Throwable thrown) {
    return switch (thrown) {
      case Hindrance hindrance -> Optional.of(hindrance.fault);
      // Resolving a name needs an open file, and the exception does not say why it failed.
      case UnknownHostException _, UnresolvedAddressException _ when noFileCanBeOpened() ->
          Optional.of(MachineFault.OPEN_FILES);
      case OutOfMemoryError _ -> find(thrown, WORDS_OF_THE_JVM);
      // java.net.http wraps the exception of a socket that cannot be opened in an InternalError.
      case IOException _, InternalError _ -> find(thrown, WORDS);
      default -> Optional.empty();
    };
  }

  private static Optional<MachineFault> find(Throwable thrown, Map<String, MachineFault> words) {
    String message = String.valueOf(thrown.getMessage()).toLowerCase(Locale.ROOT);
    return words.entrySet().stream()
        .filter(word -> message.contains(word.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private static boolean noFileCanBeOpened() {
    try (FileChannel device = FileChannel.open(Path.of("/dev/null"), StandardOpenOption.READ)) {
      return !device.isOpen();
    } catch (IOException e) {
      return find(e, WORDS).filter(fault -> fault == MachineFault.OPEN_FILES).isPresent();
    }
  }
}
