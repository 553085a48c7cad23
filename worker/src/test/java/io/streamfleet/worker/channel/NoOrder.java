package io.streamfleet.worker.channel;

import java.lang.reflect.Proxy;

/** Ignores all calls. */
final class NoOrder {

  static final DispatchOrder INSTANCE =
      (DispatchOrder)
          Proxy.newProxyInstance(
              DispatchOrder.class.getClassLoader(),
              new Class<?>[] {DispatchOrder.class},
              (proxy, method, args) -> {
                throw new UnsupportedOperationException(method.getName());
              });

  private NoOrder() {}
}
