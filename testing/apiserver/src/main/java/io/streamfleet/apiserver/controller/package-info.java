/** The controllers of a cluster, as far as a fleet needs them. */
@NullMarked
package io.streamfleet.apiserver.controller;

import org.jspecify.annotations.NullMarked;
