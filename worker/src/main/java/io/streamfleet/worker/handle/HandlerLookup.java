package io.streamfleet.worker.handle;

import io.streamfleet.handler.HandlerContext;
import io.streamfleet.handler.MessageHandler;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the handler that {@code handler.class} of a manifest names: the class of that name, else
 * the {@link java.util.ServiceLoader} provider whose {@link MessageHandler#name()} is that name.
 */
public final class HandlerLookup {

  private static final Logger LOG = LoggerFactory.getLogger(HandlerLookup.class);

  private final ClassLoader classes;

  /**
   * @param classes loads the handlers; in a worker the loader of its class path
   */
  public HandlerLookup(ClassLoader classes) {
    this.classes = classes;
  }

  /**
   * Finds the handler, creates one instance and starts it.
   *
   * @throws UnusableHandler if one of these steps failed; the message says which, and what to do. A
   *     handler whose start failed is closed
   * @throws InterruptedException if {@link MessageHandler#start} was interrupted
   */
  public MessageHandler start(String name, HandlerContext context)
      throws UnusableHandler, InterruptedException {
    MessageHandler handler = find(name);
    try {
      handler.start(context);
      // If blocking() throws, it throws here, where the failure is reported.
      LOG.atDebug().addKeyValue("blocking", handler.blocking()).log("the handler has started");
      return handler;
    } catch (InterruptedException e) {
      close(handler);
      throw e;
    } catch (Exception | LinkageError e) {
      close(handler);
      throw new UnusableHandler(
          "the handler " + name + " did not start: its start() threw " + e, e);
    }
  }

  private MessageHandler find(String name) throws UnusableHandler {
    HandlerProviders providers = new HandlerProviders(classes);
    if (providers.hasClass(name)) {
      return instance(name, load(name, List.of(), providers.faults()));
    }
    Map<Boolean, List<MessageHandler>> byName =
        providers.instances().stream()
            .collect(Collectors.partitioningBy(it -> it.name().equals(name)));
    List<MessageHandler> others = byName.getOrDefault(false, List.of());
    List<MessageHandler> named = byName.getOrDefault(true, List.of());
    others.forEach(HandlerLookup::close);
    if (named.size() > 1) {
      named.forEach(HandlerLookup::close);
      throw new UnusableHandler(
          "the handler name "
              + name
              + " is claimed by more than one class: "
              + String.join(", ", named.stream().map(it -> it.getClass().getName()).toList())
              + "; name the class instead");
    }
    if (named.size() == 1) {
      return named.getFirst();
    }
    List<String> seen = others.stream().map(MessageHandler::name).sorted().toList();
    return instance(name, load(name, seen, providers.faults()));
  }

  private Class<?> load(String name, List<String> seen, List<String> faults)
      throws UnusableHandler {
    try {
      return Class.forName(name, false, classes);
    } catch (ClassNotFoundException e) {
      throw new UnusableHandler(notFound(name, seen, faults), e);
    } catch (LinkageError e) {
      throw new UnusableHandler(
          "the handler class "
              + name
              + " cannot be loaded: "
              + e
              + "; are its dependencies on the"
              + " class path, and is it compiled for this Java version?",
          e);
    }
  }

  private static String notFound(String name, List<String> seen, List<String> faults) {
    List<String> parts = new ArrayList<>();
    parts.add(
        "no handler " + name + ": neither a class on the class path nor the name of a provider");
    parts.add(
        seen.isEmpty()
            ? "there are no providers on the class path (add the jar with java -cp)"
            : "the providers on the class path are " + String.join(", ", seen));
    faults.forEach(it -> parts.add("one provider is broken: " + it));
    return String.join("; ", parts);
  }

  private static MessageHandler instance(String name, Class<?> type) throws UnusableHandler {
    if (!MessageHandler.class.isAssignableFrom(type)) {
      throw new UnusableHandler(
          "the class "
              + name
              + " is not a handler: it must implement "
              + MessageHandler.class.getName());
    }
    try {
      Constructor<?> constructor = type.getConstructor();
      return (MessageHandler) constructor.newInstance();
    } catch (NoSuchMethodException | IllegalAccessException | InstantiationException e) {
      throw new UnusableHandler(
          "the handler class "
              + name
              + " cannot be instantiated: it must be public, not abstract, and"
              + " have a public constructor without parameters",
          e);
    } catch (InvocationTargetException e) {
      Throwable thrown = e.getCause() == null ? e : e.getCause();
      throw new UnusableHandler(
          "the handler class " + name + " cannot be instantiated: its constructor threw " + thrown,
          thrown);
    } catch (LinkageError e) {
      throw new UnusableHandler(
          "the handler class "
              + name
              + " cannot be instantiated: "
              + e
              + "; its static initializer failed,"
              + " or a class that it needs is missing",
          e);
    }
  }

  private static void close(MessageHandler unused) {
    try {
      unused.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.atWarn()
          .addKeyValue("class", unused.getClass().getName())
          .setCause(e)
          .log("cannot close a handler that is not used");
    }
  }
}
