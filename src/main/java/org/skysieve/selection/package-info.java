@NullMarked
package org.skysieve.selection;

import org.jspecify.annotations.NullMarked;
