@NullMarked
package org.skysieve.classification;

import org.jspecify.annotations.NullMarked;
