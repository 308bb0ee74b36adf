@NullMarked
package org.skysieve.engine.learn;

import org.jspecify.annotations.NullMarked;
