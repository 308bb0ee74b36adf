@NullMarked
package org.skysieve.engine.consensus;

import org.jspecify.annotations.NullMarked;
