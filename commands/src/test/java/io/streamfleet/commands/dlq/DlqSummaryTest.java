package io.streamfleet.commands.dlq;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.commands.CommandRun;
import io.streamfleet.commands.Post;
import io.streamfleet.embedded.RedisServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DlqSummaryTest {

  @TempDir private Path folder;
  private final RedisServer redis = RedisServer.plain();
  private Post post;

  @BeforeEach
  void begin() {
    post = Post.at(redis.url(), folder);
  }

  @AfterEach
  void end() throws Exception {
    post.close();
    redis.close();
  }

  @Test
  void errorsThatDifferOnlyInNumbersAreOneGroup() {
    post.buryWithError(Post.INBOUND, "1-1", "a", "user 17 is unknown after 30 ms");
    post.buryWithError(Post.INBOUND, "1-2", "b", "user 4242 is unknown after 7 ms");
    String newest = post.buryWithError(Post.INBOUND, "1-3", "b", "no such room");

    CommandRun run = post.dlq("summary");

    assertThat(run.status()).isZero();
    assertThat(run.out())
        .containsPattern("(?m)^2 +- +user N is unknown after N ms ")
        .containsPattern("(?m)^1 +- +no such room .* " + newest + "$");
    assertThat(run.summary()).isEqualTo("3 dead letters in 2 groups of sg:stream:dlq");
  }

  @Test
  void lettersAreCountedByReasonChannelAndHour() {
    post.writeDeadLetter(Post.INBOUND, "1-1", "a", "max_attempts");
    post.writeDeadLetter(Post.INBOUND, "1-2", "b", "max_attempts");
    post.writeDeadLetter(Post.INBOUND, "1-3", "b", "undecodable");

    assertThat(post.dlq("summary", "--by", "channel", "--groups", "1").out())
        .containsPattern("(?m)^2 +b ")
        .doesNotContainPattern("(?m)^1 +a ");
    assertThat(post.dlq("summary", "--by", "hour,reason", "--output", "json").out())
        .containsPattern(
            "\"count\":2,\"hour\":\"[0-9-]+T[0-9]{2}:00:00Z\",\"reason\":\"max_attempts\"");
    assertThat(post.dlq("summary", "--reason", "undecodable").summary())
        .startsWith("1 dead letter");
  }

  @Test
  void reportsThatThereAreNoLetters() {
    assertThat(post.dlq("summary").summary())
        .isEqualTo("0 dead letters in 0 groups of sg:stream:dlq");
  }
}
