@NullMarked
package org.skysieve.project;

import org.jspecify.annotations.NullMarked;
