/** Where on the sky a detection lies: beside a known asteroid, on a star, in a galaxy, by itself. */
@NullMarked
package org.skysieve.engine.context;

import org.jspecify.annotations.NullMarked;
