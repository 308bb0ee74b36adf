@NullMarked
package org.skysieve.engine.alert;

import org.jspecify.annotations.NullMarked;
