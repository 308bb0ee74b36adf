@NullMarked
package org.skysieve.export;

import org.jspecify.annotations.NullMarked;
