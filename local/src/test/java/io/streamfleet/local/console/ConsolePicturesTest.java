package io.streamfleet.local.console;

import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.streamfleet.local.fleet.FleetPlan;
import io.streamfleet.local.fleet.LocalFleet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Takes the pictures of docs/console.md, when asked to: they are looked at by a person before they
 * are committed.
 */
@EnabledIfSystemProperty(named = "console.pictures", matches = "true")
class ConsolePicturesTest {

  private static final Path ROOT = Path.of(System.getProperty("repository.root", ".."));

  /** So that the plots have something to show. */
  private static final Duration TRAFFIC =
      Duration.ofSeconds(Long.getLong("console.pictures.seconds", 100));

  private static String manifest(String name, String url, String more) {
    return """
        apiVersion: streamfleet.io/v1alpha1
        kind: StreamConsumerGroup
        metadata: {name: %1$s, namespace: shop}
        spec:
          redis: {url: "redis://replaced:6379"}
          inbound:
            streams: ["%1$s:in"]
            group: %1$s
            handler: {http: {url: "%2$s", timeout: 5m}}
        %3$s
          retry: {maxAttempts: 1, initialBackoff: 100ms}
          deadLetter: {stream: "%1$s:dead"}
        """
        .formatted(name, url, more);
  }

  @Test
  void ofTheMainScreens(@TempDir Path temporary) throws Exception {
    try (PictureHandler handler = new PictureHandler();
        LocalFleet fleet =
            LocalFleet.start(FleetPlan.of(ROOT, temporary.resolve("fleet")).withConsole(8090));
        Browser browser = Browser.start(Browser.installed().orElseThrow(), temporary)) {
      fleet.apply(
          manifest(
              "orders",
              handler.url(),
              "    limits: {rate: 200/s, burst: 400}\n"
                  + "  workers: {replicas: 2, drainTimeout: 1s}"));
      fleet.apply(
          manifest(
              "mail", "http://127.0.0.1:9/send", "  workers: {replicas: 1, drainTimeout: 1s}"));
      fleet.apply(
          manifest(
              "invoices",
              handler.url(),
              "    paused: true\n" + "  workers: {replicas: 1, drainTimeout: 1s}"));
      RedisClient client = RedisClient.create(fleet.redisUrl());
      RedisCommands<String, String> redis = client.connect().sync();
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> fleet.workers("orders").stream().filter(it -> it.ready()).count() == 2);
      String console = fleet.consoleUrl().orElseThrow();
      try (Tab tab = browser.tab()) {
        tab.open(console + "/#/fleet/shop/orders");
        Thread.ofVirtual().start(() -> traffic(redis));
        Thread.sleep(TRAFFIC);
        tab.size(1280, 1080);
        shot(tab, console + "/", "fleets", "invoices");
        shot(tab, console + "/#/fleet/shop/orders", "fleet", "Running longest");
        shot(tab, console + "/#/fleet/shop/orders/channels", "channels", "customer-");
        shot(
            tab,
            console + "/#/fleet/shop/orders/entry?what=customer-13&channel=1",
            "entry",
            "its handler");
        tab.open(console + "/#/fleet/shop/orders/dead-letters");
        tab.awaitText("by cause");
        tab.run("document.querySelector('section[key=groups] td button').click()");
        tab.run("document.querySelector('section[key=list] td a').click()");
        shot(tab, "", "dead-letters", "Payload");
        tab.dark(true);
        shot(tab, console + "/#/fleet/shop/orders", "fleet-dark", "Running longest");
        tab.dark(false);
        tab.size(390, 844);
        shot(tab, console + "/", "phone", "invoices");
      }
    }
  }

  private static void shot(Tab tab, String url, String name, String text) throws Exception {
    if (!url.isEmpty()) {
      tab.open(url);
    }
    tab.awaitText(text);
    // One more look, so that all parts are there.
    Thread.sleep(2_500);
    tab.picture(ROOT.resolve("docs/images/console-" + name + ".png"));
  }

  private static void traffic(RedisCommands<String, String> redis) {
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    long end = System.nanoTime() + TRAFFIC.plusSeconds(60).toNanos();
    int n = 0;
    publish(redis, "orders:in", "customer-13", "hang");
    while (System.nanoTime() < end) {
      double wave = 40 + 30 * Math.sin(n / 40.0);
      for (int i = 0; i < wave / 5; i++) {
        String content =
            random.nextInt(600) == 0 ? "refuse" : random.nextInt(900) == 0 ? "fail" : "order";
        publish(redis, "orders:in", "customer-" + random.nextInt(60), content);
      }
      if (n % 10 == 0) {
        publish(redis, "mail:in", "list-" + random.nextInt(5), "mail");
        publish(redis, "invoices:in", "year-2026", "invoice");
        publish(redis, "orders:in", "customer-13", "order");
      }
      n++;
      LockSupport.parkNanos(200_000_000);
    }
  }

  private static void publish(
      RedisCommands<String, String> redis, String stream, String channel, String content) {
    redis.xadd(
        stream,
        Map.of(
            "data",
            """
            {"channel_id":"%s","content":"%s","order":{"items":3,"email":"ada@example.org"}}"""
                .formatted(channel, content),
            "trace_id",
            "4bf92f3577b34da6"));
  }
}
