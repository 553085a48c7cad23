package io.streamfleet.apiserver.request;

import io.streamfleet.apiserver.failure.ApiFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Makes requests fail, for tests of clients. */
public final class Faults {

  private final List<Fault> faults = new ArrayList<>();

  /** A failure for the next matching requests. */
  private static final class Fault {

    private final Predicate<ApiRequest> requests;
    private final int code;
    private int left;

    private Fault(Predicate<ApiRequest> requests, int code, int times) {
      this.requests = requests;
      this.code = code;
      this.left = times;
    }
  }

  /**
   * Adds a failure.
   *
   * @param requests which ones fail
   * @param code the HTTP status
   * @param times how many of them, from now on
   */
  public synchronized void fail(Predicate<ApiRequest> requests, int code, int times) {
    faults.add(new Fault(requests, code, times));
  }

  /** Removes all failures. */
  public synchronized void clear() {
    faults.clear();
  }

  /**
   * Checks a request.
   *
   * @throws ApiFailure if it has to fail
   */
  public synchronized void check(ApiRequest request) {
    for (Fault fault : faults) {
      if (fault.left > 0 && fault.requests.test(request)) {
        fault.left--;
        throw failure(fault.code, request);
      }
    }
  }

  private static ApiFailure failure(int code, ApiRequest request) {
    return switch (code) {
      case 409 -> ApiFailure.conflict(request.resource(), request.name(), "a fault was injected");
      case 403 ->
          new ApiFailure(
              403,
              "Forbidden",
              "%s is forbidden: cannot %s (a fault was injected)"
                  .formatted(request.resourceAndSubresource(), request.verb()));
      case 404 -> ApiFailure.notFound(request.resource(), request.name());
      default -> new ApiFailure(code, "InternalError", "a fault was injected");
    };
  }
}
