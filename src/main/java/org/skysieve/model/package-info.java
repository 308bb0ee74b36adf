@NullMarked
package org.skysieve.model;

import org.jspecify.annotations.NullMarked;
