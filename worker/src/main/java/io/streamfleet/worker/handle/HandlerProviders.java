package io.streamfleet.worker.handle;

import io.streamfleet.handler.MessageHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Spliterator;

/**
 * The {@link ServiceLoader} providers of {@link MessageHandler} on a class path. A broken provider
 * does not hide the others; its failure is kept for the error message if a name is not found.
 */
final class HandlerProviders {

  /** The search ends after so many: with an unreadable class path the loader may fail for ever. */
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

  /** Whether a provider has this class; no instance is created. */
  boolean hasClass(String className) {
    return providers.stream().anyMatch(it -> it.type().getName().equals(className));
  }

  /** An instance of each provider that works. The caller must close those that it does not keep. */
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

  /** The failures of the broken providers. */
  List<String> faults() {
    return List.copyOf(faults);
  }
}
