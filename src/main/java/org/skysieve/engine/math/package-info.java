@NullMarked
package org.skysieve.engine.math;

import org.jspecify.annotations.NullMarked;
