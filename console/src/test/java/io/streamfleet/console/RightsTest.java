package io.streamfleet.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.streamfleet.apiserver.access.Users;
import io.streamfleet.apiserver.access.Users.Access;
import io.streamfleet.console.settings.BadSetting;
import io.streamfleet.console.settings.ConsoleSettings;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Who sees what, and who may change what. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RightsTest {

  private World world;

  @BeforeAll
  void start() throws IOException {
    world = World.start();
  }

  @AfterAll
  void end() {
    world.close();
  }

  @AfterEach
  void allIsWellAgain() {
    world.server().stopFailing();
  }

  private static boolean getsOrders(Access access) {
    return access.verb().equals("get")
        && access.group().equals("streamfleet.io")
        && access.resource().equals("streamconsumergroups")
        && access.namespace().equals("shop")
        && access.name().equals("orders");
  }

  private void user(String name, Predicate<Access> may) {
    world.server().users().add(name + "-token", new Users.User(name, List.of("staff"), may));
  }

  @Test
  void whoHasNoTokenOfTheClusterSeesNothing() throws Exception {
    try (RunningConsole console = RunningConsole.with(world, Map.of())) {
      HttpResponse<String> nobody = console.send(console.to("fleets"));
      HttpResponse<String> guessed = console.getAs("guess", RunningConsole.FLEET);

      assertThat(nobody.statusCode()).isEqualTo(401);
      assertThat(guessed.statusCode()).isEqualTo(401);
      assertThat(nobody.body() + guessed.body()).doesNotContain("orders");
      assertThat(console.get("about").toString()).isEqualTo("{\"access\":\"token\"}");
      assertThat(console.send(console.to("fleets").header("X-Forwarded-User", "root")).statusCode())
          .isEqualTo(401);
    }
  }

  @Test
  void aUserSeesTheFleetsThatTheyMayGetAndNoOther() throws Exception {
    try (RunningConsole console = RunningConsole.with(world, Map.of())) {
      world.apply("bank", "ledger");
      user("alice", RightsTest::getsOrders);
      user("bob", access -> access.verb().equals("update"));
      user("carol", it -> it.verb().equals("get") && it.name().isEmpty());
      await()
          .atMost(RunningConsole.PATIENCE)
          .until(() -> console.getAs("carol-token", "fleets").body().contains("ledger"));

      assertThat(console.getAs("alice-token", "fleets").body())
          .contains("orders")
          .doesNotContain("ledger");
      assertThat(console.getAs("alice-token", RunningConsole.FLEET).statusCode()).isEqualTo(200);
      for (String path :
          List.of("", "/channels", "/events", "/dead-letters", "/why?what=x", "/in-flight")) {
        HttpResponse<String> hidden = console.getAs("alice-token", "fleets/bank/ledger" + path);
        HttpResponse<String> missing = console.getAs("alice-token", "fleets/bank/none" + path);
        assertThat(hidden.statusCode()).isEqualTo(404);
        assertThat(hidden.body().replace("ledger", "none")).isEqualTo(missing.body());
      }
      assertThat(RunningConsole.json(console.getAs("bob-token", "fleets")).path("fleets"))
          .isEmpty();
    }
  }

  @Test
  void onlyWhoMayUpdateTheResourceMayChangeItAndOnlyWhereThatIsEnabled() throws Exception {
    try (RunningConsole console =
            RunningConsole.with(world, Map.of("STREAMFLEET_CONSOLE_CHANGES", "true"));
        RunningConsole reading = RunningConsole.with(world, Map.of())) {
      user("alice", it -> it.verb().equals("get"));
      user("dave", it -> true);
      for (RunningConsole each : List.of(console, reading)) {
        await()
            .atMost(RunningConsole.PATIENCE)
            .until(() -> each.getAs("dave-token", RunningConsole.FLEET).statusCode() == 200);
      }

      assertThat(pause(console, "alice").statusCode()).isEqualTo(403);
      assertThat(pause(console, "alice").body()).contains("alice may not update");
      assertThat(pause(reading, "dave").statusCode()).isEqualTo(403);
      assertThat(pause(reading, "dave").body()).contains("only reads");
      assertThat(
              RunningConsole.json(console.getAs("alice-token", RunningConsole.FLEET))
                  .path("may_change")
                  .asBoolean())
          .isFalse();
      assertThat(pause(console, "dave").statusCode()).isEqualTo(200);
      assertThat(console.getAs("dave-token", RunningConsole.FLEET + "/events").body())
          .contains("ConsolePaused", "dave pauses inbound");
    }
  }

  private static HttpResponse<String> pause(RunningConsole console, String user) throws Exception {
    return console.send(
        console
            .change(RunningConsole.FLEET + "/pause", "{\"what\":\"inbound\"}")
            .header("Authorization", "Bearer " + user + "-token"));
  }

  @Test
  void aChangeThatCannotBeRecordedIsNotMade() throws Exception {
    world.apply("shop", "unrecorded");
    try (RunningConsole console =
        RunningConsole.open(world, Map.of("STREAMFLEET_CONSOLE_CHANGES", "true"))) {
      world
          .server()
          .fail(it -> it.verb().equals("create") && it.resource().equals("events"), 403, 1);

      HttpResponse<String> answer =
          console.send(console.change("fleets/shop/unrecorded/pause", "{\"what\":\"inbound\"}"));

      assertThat(answer.statusCode()).isEqualTo(502);
      assertThat(answer.body()).contains("the console's service account may not POST");
      assertThat(
              world
                  .cluster()
                  .genericKubernetesResources("streamfleet.io/v1alpha1", "StreamConsumerGroup")
                  .inNamespace("shop")
                  .withName("unrecorded")
                  .get()
                  .getMetadata()
                  .getGeneration())
          .isEqualTo(1);
    }
  }

  @Test
  void theHeaderOfAProxyIsBelievedFromItsAddressOnly() throws Exception {
    Map<String, String> settings =
        Map.of(
            "STREAMFLEET_CONSOLE_ACCESS", "proxy",
            "STREAMFLEET_CONSOLE_PROXIES", "127.0.0.0/8");
    Map<String, String> elsewhere =
        Map.of(
            "STREAMFLEET_CONSOLE_ACCESS", "proxy",
            "STREAMFLEET_CONSOLE_PROXIES", "10.1.2.3, 2001:db8::/32");
    try (RunningConsole console = RunningConsole.with(world, settings);
        RunningConsole distant = RunningConsole.with(world, elsewhere)) {
      user("alice", RightsTest::getsOrders);

      assertThat(as(console, "alice").body()).contains("orders");
      assertThat(as(console, "mallory").body()).doesNotContain("orders");
      assertThat(as(console, "system:admin").statusCode()).isEqualTo(401);
      assertThat(console.send(console.to("fleets")).statusCode()).isEqualTo(401);
      assertThat(
              console
                  .send(
                      console
                          .to("fleets")
                          .header("X-Forwarded-User", "mallory")
                          .header("X-Forwarded-User", "alice"))
                  .statusCode())
          .isEqualTo(401);
      assertThat(as(distant, "alice").statusCode()).isEqualTo(401);
    }
  }

  private static HttpResponse<String> as(RunningConsole console, String user) throws Exception {
    return console.send(console.to("fleets").header("X-Forwarded-User", user));
  }

  @Test
  void theClusterIsAskedOnceForTheTokenAndTheRightsOfManyRequests() throws Exception {
    try (RunningConsole console = RunningConsole.with(world, Map.of())) {
      user("erin", it -> it.verb().equals("get"));
      AtomicInteger reviews = new AtomicInteger();
      world
          .server()
          .listen(
              request -> {
                if (request.resource().endsWith("reviews")) {
                  reviews.incrementAndGet();
                }
              });

      for (int i = 0; i < 20; i++) {
        assertThat(console.getAs("erin-token", "fleets").body()).contains("orders");
      }

      // The token, and the right in all namespaces.
      assertThat(reviews).hasValue(2);
    }
  }

  @Test
  void anApiServerThatDoesNotAnswerOpensNothing() throws Exception {
    try (RunningConsole console = RunningConsole.with(world, Map.of())) {
      user("carol", it -> true);
      world.server().fail(it -> it.resource().equals("subjectaccessreviews"), 500, 100);

      HttpResponse<String> answer = console.getAs("carol-token", "fleets");

      assertThat(answer.statusCode()).isEqualTo(502);
      assertThat(answer.body()).doesNotContain("orders");
    }
  }

  @Test
  void aConsoleForEverybodyListensOnLoopbackOnly() {
    assertThatThrownBy(
            () ->
                ConsoleSettings.from(
                    Map.of("STREAMFLEET_CONSOLE_ACCESS", "open", "STREAMFLEET_HOST", "0.0.0.0")))
        .isInstanceOf(BadSetting.class)
        .hasMessageContaining("must be 127.0.0.1");
    assertThat(ConsoleSettings.from(Map.of("STREAMFLEET_CONSOLE_ACCESS", "open")).host())
        .isEqualTo("127.0.0.1");
    assertThatThrownBy(() -> ConsoleSettings.from(Map.of("STREAMFLEET_CONSOLE_ACCESS", "proxy")))
        .isInstanceOf(BadSetting.class)
        .hasMessageContaining("STREAMFLEET_CONSOLE_PROXIES");
    for (Map<String, String> bad :
        List.of(
            Map.of("STREAMFLEET_CONSOLE_ACCESS", "anybody"),
            Map.of("STREAMFLEET_CONSOLE_PORT", "70000"),
            Map.of("STREAMFLEET_PORT", "x"),
            Map.of("STREAMFLEET_CONSOLE_CHANGES", "yes"),
            Map.of("STREAMFLEET_LOG_FORMAT", "xml"))) {
      assertThatThrownBy(() -> ConsoleSettings.from(bad)).isInstanceOf(BadSetting.class);
    }
  }
}
