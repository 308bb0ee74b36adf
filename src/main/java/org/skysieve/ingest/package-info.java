@NullMarked
package org.skysieve.ingest;

import org.jspecify.annotations.NullMarked;
