package io.streamfleet.redis;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * User name and password from files, read at every connect: a rotated Secret needs no restart.
 * Kubernetes replaces the files of a mounted Secret in one step.
 */
final class FileCredentials implements RedisCredentialsProvider {

  private final Path folder;

  FileCredentials(Path folder) {
    this.folder = folder;
  }

  @Override
  public Mono<RedisCredentials> resolveCredentials() {
    return Mono.fromSupplier(
        () -> {
          String password = read("password");
          return RedisCredentials.just(
              read("username"), password == null ? null : password.toCharArray());
        });
  }

  private @Nullable String read(String name) {
    Path file = folder.resolve(name);
    if (!Files.exists(file)) {
      return null;
    }
    try {
      // A secret made by `echo` ends with a line feed that nobody meant.
      String text = Files.readString(file).strip();
      return text.isEmpty() ? null : text;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
