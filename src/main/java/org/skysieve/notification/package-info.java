/** News by mail, for who asked for it: off until then, one mail a day at most, one click ends it. */
@NullMarked
package org.skysieve.notification;

import org.jspecify.annotations.NullMarked;
