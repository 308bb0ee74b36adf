@NullMarked
package org.skysieve.engine.lightcurve;

import org.jspecify.annotations.NullMarked;
