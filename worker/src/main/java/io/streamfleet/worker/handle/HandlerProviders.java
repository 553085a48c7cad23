package io.streamfleet.worker.handle;

import io.streamfleet.handler.MessageHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Spliterator;

/**
 * The {@link ServiceLoader} providers of {@link MessageHandler} on a class path. One that is broken
 * does not hide the others: it is remembered, to be told when a name is not found.
 */
final class HandlerProviders {

  /** A loader that fails without end, as on an unreadable class path, is given up after as many. */
  private static final int MOST_FAULTS = 100;

  private final List<ServiceLoader.Provider<MessageHandler>> providers = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();

  HandlerProviders(ClassLoader classes) {
    Spliterator<ServiceLoader.Provider<MessageHandler>> found =
        ServiceLoader.load(MessageHandler.class, classes).stream().spliterator();
    boolean more = true;
    while (more && faults.size() < MOST_FAULTS) {
      try {
        more = found.tryAdvance(providers::add);
      } catch (ServiceConfigurationError e) {
        faults.add(String.valueOf(e.getMessage()));
      }
    }
  }

  /** Whether a provider is of this class; then it needs no instance to be found. */
  boolean hasClass(String className) {
    return providers.stream().anyMatch(it -> it.type().getName().equals(className));
  }

  /** An instance of each that can be made. The caller closes those it does not keep. */
  List<MessageHandler> instances() {
    List<MessageHandler> instances = new ArrayList<>();
    for (ServiceLoader.Provider<MessageHandler> provider : providers) {
      try {
        instances.add(provider.get());
      } catch (ServiceConfigurationError e) {
        faults.add(String.valueOf(e.getMessage()));
      }
    }
    return instances;
  }

  /** What is wrong with the providers that cannot be used. */
  List<String> faults() {
    return List.copyOf(faults);
  }
}
