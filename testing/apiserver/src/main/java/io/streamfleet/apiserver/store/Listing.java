package io.streamfleet.apiserver.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Objects at one moment.
 *
 * @param version of the whole store
 */
public record Listing(List<ObjectNode> items, long version) {}
