@NullMarked
package org.skysieve.platform;

import org.jspecify.annotations.NullMarked;
