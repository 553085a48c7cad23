package io.streamfleet.apiserver.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Objects as they are at one time.
 *
 * @param version the version of the whole store then
 */
public record Listing(List<ObjectNode> items, long version) {}
