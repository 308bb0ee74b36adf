/** What people keep: favourites, and collections that they may show to others. */
@org.jspecify.annotations.NullMarked
package org.skysieve.collection;
