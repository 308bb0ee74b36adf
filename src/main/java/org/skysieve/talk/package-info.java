/** Talk: what people say about candidates and on the boards of a project. Anybody reads, accounts write, moderators hide. */
@NullMarked
package org.skysieve.talk;

import org.jspecify.annotations.NullMarked;
