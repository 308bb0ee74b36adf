/** What people gave and learned, for themselves: days, hours, skill, certificates. Nothing here compares people. */
@org.jspecify.annotations.NullMarked
package org.skysieve.effort;
