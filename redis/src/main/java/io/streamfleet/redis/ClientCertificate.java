package io.streamfleet.redis;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** A certificate with its issuers, in this order, and its private key. Never printed. */
public record ClientCertificate(List<X509Certificate> chain, PrivateKey key) {
  public ClientCertificate {
    chain = List.copyOf(chain);
  }

  @Override
  public String toString() {
    return "ClientCertificate[hidden]";
  }
}
