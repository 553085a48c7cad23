package io.streamfleet.apiserver;

/** A kind of the tests' own, with everything that a CRD can say. */
final class Widgets {

  static final String PATH = "/apis/test.io/v1/namespaces/default/widgets";

  static final String CRD =
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: widgets.test.io}
      spec:
        group: test.io
        names: {kind: Widget, plural: widgets, singular: widget, shortNames: [wd]}
        scope: Namespaced
        versions:
          - name: v1
            served: true
            storage: true
            subresources:
              status: {}
              scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas, labelSelectorPath: .status.selector}
            schema:
              openAPIV3Schema:
                type: object
                properties:
                  spec:
                    type: object
                    required: [size]
                    x-kubernetes-validations:
                      - {rule: '!has(self.low) || self.low <= self.size', message: low must not be above size}
                    properties:
                      size: {type: integer, minimum: 1, maximum: 9}
                      low: {type: integer}
                      replicas: {type: integer, default: 2}
                      color: {type: string, enum: [Red, Blue], default: Red}
                      code: {type: string, pattern: '^[a-z]+$', maxLength: 5}
                      tags: {type: array, x-kubernetes-list-type: set, items: {type: string}}
                      free: {type: object, x-kubernetes-preserve-unknown-fields: true}
                      parts:
                        type: array
                        x-kubernetes-list-type: map
                        x-kubernetes-list-map-keys: [name]
                        items:
                          type: object
                          required: [name]
                          properties: {name: {type: string}, weight: {type: integer, default: 1}, note: {type: string}}
                  status:
                    type: object
                    properties:
                      replicas: {type: integer}
                      selector: {type: string}
                      phase: {type: string}
      """;

  private Widgets() {}

  static String json(String name, String spec) {
    return "{'apiVersion':'test.io/v1','kind':'Widget','metadata':{'name':'%s'},'spec':{%s}}"
        .formatted(name, spec);
  }
}
