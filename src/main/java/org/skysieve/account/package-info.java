@NullMarked
package org.skysieve.account;

import org.jspecify.annotations.NullMarked;
