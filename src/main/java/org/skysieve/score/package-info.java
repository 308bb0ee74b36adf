@NullMarked
package org.skysieve.score;

import org.jspecify.annotations.NullMarked;
