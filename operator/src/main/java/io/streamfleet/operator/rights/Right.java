package io.streamfleet.operator.rights;

import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;

/**
 * One permission.
 *
 * @param verb such as list
 * @param group of the API; empty for the core
 * @param resource with its subresource, such as pods/exec
 * @param name of the only object that is meant; all if empty
 */
public record Right(String verb, String group, String resource, String name) {

  /** The request that asks whether the caller has this permission. */
  SelfSubjectAccessReview asked(String namespace) {
    int slash = resource.indexOf('/');
    return new SelfSubjectAccessReviewBuilder()
        .withNewSpec()
        .withNewResourceAttributes()
        .withVerb(verb)
        .withGroup(group)
        .withResource(slash < 0 ? resource : resource.substring(0, slash))
        .withSubresource(slash < 0 ? null : resource.substring(slash + 1))
        .withName(name.isEmpty() ? null : name)
        .withNamespace(namespace.isEmpty() ? null : namespace)
        .endResourceAttributes()
        .endSpec()
        .build();
  }

  @Override
  public String toString() {
    return verb + " " + resource + (group.isEmpty() ? "" : "." + group);
  }
}
