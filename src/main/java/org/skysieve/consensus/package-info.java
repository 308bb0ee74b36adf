@NullMarked
package org.skysieve.consensus;

import org.jspecify.annotations.NullMarked;
