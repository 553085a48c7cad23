package io.streamfleet.worker.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamfleet.handler.Direction;
import io.streamfleet.handler.Handled;
import io.streamfleet.handler.HandlerContext;
import io.streamfleet.handler.Message;
import io.streamfleet.handler.MessageHandler;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandlerLookupTest {

  private static final HandlerContext CONTEXT =
      new HandlerContext(Direction.INBOUND, "worker-0", Map.of("greeting", "Hello"));

  /** What happened to the instances that the lookup made, which a test cannot reach. */
  private static final Queue<String> EVENTS = new ConcurrentLinkedQueue<>();

  @TempDir Path jar;

  @BeforeEach
  void forgetEvents() {
    EVENTS.clear();
  }

  @Test
  void findsAClassByItsName() throws Exception {
    MessageHandler handler = lookup().start(Plain.class.getName(), CONTEXT);

    assertThat(handler).isInstanceOf(Plain.class);
    assertThat(((Plain) handler).contexts).containsExactly(CONTEXT);
  }

  @Test
  void findsAProviderByItsNameAndClosesTheOthers() throws Exception {
    MessageHandler handler = lookup(Greeter.class, Parter.class).start("greeter", CONTEXT);

    assertThat(handler).isInstanceOf(Greeter.class);
    assertThat(EVENTS).containsExactly("parter closed", "greeter started");
  }

  @Test
  void findsAProviderByItsClassWithoutMakingTheOthers() throws Exception {
    MessageHandler handler =
        lookup(Greeter.class, Parter.class).start(Greeter.class.getName(), CONTEXT);

    assertThat(handler).isInstanceOf(Greeter.class);
    assertThat(EVENTS).containsExactly("greeter started");
  }

  @Test
  void aBrokenProviderDoesNotHideTheOthers() throws Exception {
    MessageHandler handler =
        lookupListing("no.such.Provider", Throwing.class.getName(), Greeter.class.getName())
            .start("greeter", CONTEXT);

    assertThat(handler).isInstanceOf(Greeter.class);
  }

  @Test
  void reportsTheAvailableNamesIfAHandlerIsMissing() {
    assertThatThrownBy(
            () ->
                lookupListing("no.such.Provider", Parter.class.getName(), Greeter.class.getName())
                    .start("greter", CONTEXT))
        .isInstanceOf(UnusableHandler.class)
        .hasMessageStartingWith("no handler greter: ")
        .hasMessageContaining("the providers on the class path are greeter, parter")
        .hasMessageContaining("no.such.Provider");
    assertThat(EVENTS).containsExactlyInAnyOrder("greeter closed", "parter closed");
  }

  @Test
  void withoutAnyProviderItSaysHowToAddOne() {
    assertThatThrownBy(() -> lookup().start("greeter", CONTEXT))
        .isInstanceOf(UnusableHandler.class)
        .hasMessageContaining(
            "there are no providers on the class path (add the jar with java -cp)");
  }

  @Test
  void aNameThatTwoClassesClaimIsRefused() {
    assertThatThrownBy(() -> lookup(Greeter.class, OtherGreeter.class).start("greeter", CONTEXT))
        .isInstanceOf(UnusableHandler.class)
        .hasMessageContaining(Greeter.class.getName())
        .hasMessageContaining(OtherGreeter.class.getName());
  }

  @Test
  void aClassOfAnotherTypeIsRefused() {
    assertThatThrownBy(() -> lookup().start("java.lang.String", CONTEXT))
        .isInstanceOf(UnusableHandler.class)
        .hasMessage(
            "the class java.lang.String is not a handler: it must implement"
                + " io.streamfleet.handler.MessageHandler");
  }

  @Test
  void aClassWithoutAPublicConstructorIsRefused() {
    for (Class<?> type : List.of(Choosy.class, Unfinished.class)) {
      assertThatThrownBy(() -> lookup().start(type.getName(), CONTEXT))
          .isInstanceOf(UnusableHandler.class)
          .hasMessageContaining(type.getName())
          .hasMessageContaining("public constructor without parameters");
    }
  }

  @Test
  void aConstructorThatThrowsIsTold() {
    assertThatThrownBy(() -> lookup().start(Throwing.class.getName(), CONTEXT))
        .isInstanceOf(UnusableHandler.class)
        .hasMessageContaining("its constructor threw java.lang.IllegalStateException: no luck");
  }

  @Test
  void aClassThatCannotBeInitializedIsTold() {
    assertThatThrownBy(() -> lookup().start(Uninitialized.class.getName(), CONTEXT))
        .isInstanceOf(UnusableHandler.class)
        .hasMessageContaining("static initializer");
  }

  @Test
  void aClassFileThatIsNoneIsTold() throws Exception {
    Files.write(jar.resolve("Broken.class"), new byte[] {1, 2, 3});

    assertThatThrownBy(() -> lookup().start("Broken", CONTEXT))
        .isInstanceOf(UnusableHandler.class)
        .hasMessageContaining("cannot be loaded");
  }

  @Test
  void aStartThatThrowsIsToldAndTheHandlerClosed() {
    assertThatThrownBy(() -> lookup().start(Unwilling.class.getName(), CONTEXT))
        .isInstanceOf(UnusableHandler.class)
        .hasMessageContaining("its start() threw java.io.IOException: not today");
    assertThat(EVENTS).containsExactly("unwilling closed");
  }

  @Test
  void anInterruptedStartIsAnInterrupt() {
    assertThatThrownBy(() -> lookup().start(Interrupted.class.getName(), CONTEXT))
        .isInstanceOf(InterruptedException.class);
  }

  private HandlerLookup lookup(Class<?>... providers) throws IOException {
    return lookupListing(List.of(providers).stream().map(Class::getName).toArray(String[]::new));
  }

  private HandlerLookup lookupListing(String... providers) throws IOException {
    Path services = Files.createDirectories(jar.resolve("META-INF/services"));
    Files.write(services.resolve(MessageHandler.class.getName()), List.of(providers));
    return new HandlerLookup(
        new URLClassLoader(new URL[] {jar.toUri().toURL()}, getClass().getClassLoader()));
  }

  public static class Plain implements MessageHandler {
    final Queue<HandlerContext> contexts = new ConcurrentLinkedQueue<>();

    @Override
    public Handled handle(Message message) {
      return Handled.nothing();
    }

    @Override
    public void start(HandlerContext context) throws Exception {
      contexts.add(context);
    }
  }

  public static class Greeter extends Plain {
    @Override
    public String name() {
      return "greeter";
    }

    @Override
    public void start(HandlerContext context) {
      EVENTS.add(name() + " started");
    }

    @Override
    public void close() {
      EVENTS.add(name() + " closed");
    }
  }

  public static class OtherGreeter extends Greeter {}

  public static class Parter extends Greeter {
    @Override
    public String name() {
      return "parter";
    }
  }

  public static class Choosy extends Plain {
    public Choosy(String wanted) {
      EVENTS.add(wanted);
    }
  }

  public abstract static class Unfinished implements MessageHandler {}

  public static class Throwing extends Plain {
    public Throwing() {
      throw new IllegalStateException("no luck");
    }
  }

  public static class Uninitialized extends Plain {
    static final int NUMBER = Integer.parseInt("none");
  }

  public static class Unwilling extends Plain {
    @Override
    public void start(HandlerContext context) throws Exception {
      throw new IOException("not today");
    }

    @Override
    public void close() throws Exception {
      EVENTS.add("unwilling closed");
      throw new IOException("nor this");
    }
  }

  public static class Interrupted extends Plain {
    @Override
    public void start(HandlerContext context) throws Exception {
      throw new InterruptedException();
    }

    @Override
    public void close() throws Exception {
      throw new InterruptedException();
    }
  }
}
