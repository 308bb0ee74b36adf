@NullMarked
package org.skysieve.candidate;

import org.jspecify.annotations.NullMarked;
