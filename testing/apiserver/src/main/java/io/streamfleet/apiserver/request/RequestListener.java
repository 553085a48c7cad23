package io.streamfleet.apiserver.request;

/** Hears of each request for a resource, before it is answered, on the thread that answers. */
@FunctionalInterface
public interface RequestListener {

  /** A request came in. */
  void received(ApiRequest request);
}
