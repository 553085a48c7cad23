package io.streamfleet.apiserver.request;

/** Is told each request for a resource before it is answered, on the answering thread. */
@FunctionalInterface
public interface RequestListener {

  /** A request was received. */
  void received(ApiRequest request);
}
