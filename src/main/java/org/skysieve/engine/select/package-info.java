@NullMarked
package org.skysieve.engine.select;

import org.jspecify.annotations.NullMarked;
