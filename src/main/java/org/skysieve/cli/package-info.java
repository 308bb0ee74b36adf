@NullMarked
package org.skysieve.cli;

import org.jspecify.annotations.NullMarked;
