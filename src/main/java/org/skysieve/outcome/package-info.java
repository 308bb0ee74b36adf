/** What became of candidates outside, and of people's votes: outcomes, notices, credit by name. */
@org.jspecify.annotations.NullMarked
package org.skysieve.outcome;
