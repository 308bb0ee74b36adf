@NullMarked
package org.skysieve.engine.image;

import org.jspecify.annotations.NullMarked;
