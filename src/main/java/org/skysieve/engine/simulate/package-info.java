@NullMarked
package org.skysieve.engine.simulate;

import org.jspecify.annotations.NullMarked;
