package io.streamfleet.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The hand-written scan accepts a payload if and only if msgpack-core (or Jackson) can decode it;
 * and whatever it is given, it ends, with a header or with {@link Undecodable}.
 */
class SameVerdictsTest {

  /** Any number will do; a fixed one makes a failure repeatable. */
  private static final long SEED = 20261123;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A field that the payloads here do not have, so that its type is no reason to refuse one. */
  private final HeaderScan scan = new HeaderScan("none of them");

  @Test
  void randomPayloadsAreAccepted() throws Exception {
    Payloads payloads = new Payloads(SEED);
    for (int i = 0; i < 1_000; i++) {
      byte[] payload = payloads.next();

      assertThat(accepts(payload)).as(() -> hex(payload)).isTrue();
      byte[] json = new WirePayload(payload).toJson();
      assertThat(new WirePayload(payload).jsonLength()).isEqualTo(json.length);
      Map<?, ?> fromJson = JSON.readValue(json, Map.class);
      assertThat(fromJson.keySet()).isEqualTo(new WirePayload(payload).toMap().keySet());
    }
  }

  @Test
  void textsAreTheSameAsJsonWhateverIsInThem() throws Exception {
    StringBuilder all = new StringBuilder();
    for (int character = 0; character < 0x3000; character++) {
      all.appendCodePoint(character);
    }
    all.append("\uD83D\uDE00".repeat(5_000));
    WirePayload payload =
        new WirePayload(
            new PayloadWriter().write(Map.of(all.substring(0, 200), List.of(all.toString()))));

    byte[] json = payload.toJson();
    assertThat(JSON.readTree(json)).isEqualTo(JSON.valueToTree(payload.toMap()));
    assertThat(payload.toJson((int) payload.jsonLength())).isEqualTo(json);
  }

  @Test
  void brokenPayloadsHaveTheSameVerdict() {
    Payloads payloads = new Payloads(SEED + 1);
    int accepted = 0;
    int tries = 10_000;
    for (int i = 0; i < tries; i++) {
      byte[] broken = payloads.broken(payloads.next());
      if (verdict(broken)) {
        accepted++;
      }
    }
    assertThat(accepted).as("both verdicts were seen").isBetween(tries / 50, tries - tries / 50);
  }

  @Test
  void noiseHasTheSameVerdict() {
    Payloads payloads = new Payloads(SEED + 2);
    for (int i = 0; i < 20_000; i++) {
      verdict(payloads.noise());
    }
  }

  @Test
  void everyTypeHasTheSameVerdictWhereverItStands() {
    for (int first = 0; first < 256; first++) {
      for (int second : new int[] {0, 1, 2, 0x7f, 0x80, 0x90, 0xa1, 0xc0, 0xc1, 0xdb, 0xdf, 0xff}) {
        byte type = (byte) first;
        byte next = (byte) second;
        verdict(new byte[] {(byte) 0x81, (byte) 0xa1, 'a', type, next, 0, 0, 0, 0});
        verdict(new byte[] {type, next, 'a', 1});
      }
    }
  }

  @Test
  void brokenJsonHasTheSameVerdict() {
    byte[] whole =
        """
        {"channel_id": 12, "a\\u00e9\\ud83d\\ude00": [1, -2.5e10, true, null, {"x": "\\n"}], "é☄": ""}
        """
            .getBytes(StandardCharsets.UTF_8);
    Payloads payloads = new Payloads(SEED + 3);
    int accepted = 0;
    int tries = 8_000;
    for (int i = 0; i < tries; i++) {
      if (verdict(payloads.broken(whole))) {
        accepted++;
      }
    }
    assertThat(accepted).as("both verdicts were seen").isBetween(tries / 50, tries - tries / 50);
  }

  @Test
  void jsonNoiseEndsInAVerdict() {
    Random random = new Random(SEED + 4);
    String alphabet = "{}[]\":,\\u0123dDeE+-.tfn alsruxyz\t\n\0é";
    for (int i = 0; i < 8_000; i++) {
      StringBuilder text = new StringBuilder("{\"");
      for (int left = random.nextInt(40); left > 0; left--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      verdict(text.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  /** The verdict on the bytes, after making sure that every reader has the same. */
  private boolean verdict(byte[] bytes) {
    boolean accepted = accepts(bytes);
    assertThat(reads(bytes)).as(() -> hex(bytes)).isEqualTo(accepted);
    return accepted;
  }

  private boolean accepts(byte[] bytes) {
    try {
      Header header = scan.scan(bytes);
      assertThat(header.channel()).isEqualTo(Header.GLOBAL);
      header.traceId();
      header.messageId();
      header.platform();
      header.userId();
      return true;
    } catch (Undecodable e) {
      assertThat(e.reason()).isEqualTo(Undecodable.Reason.PAYLOAD);
      assertThat(e.getStackTrace()).isEmpty();
      return false;
    }
  }

  private static boolean reads(byte[] bytes) {
    RuntimeException noMap = failure(() -> new WirePayload(bytes).toMap());
    if (!HeaderScan.isJson(bytes)) {
      RuntimeException noJson = failure(() -> new WirePayload(bytes).toJson());
      assertThat(noJson == null).as(() -> hex(bytes)).isEqualTo(noMap == null);
    }
    return noMap == null;
  }

  private static @Nullable RuntimeException failure(Runnable reading) {
    try {
      reading.run();
      return null;
    } catch (IllegalArgumentException e) {
      assertThat(e).hasCauseInstanceOf(Undecodable.class);
      return e;
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
