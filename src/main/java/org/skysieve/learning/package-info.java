/** Learning to classify: feedback on gold standards, and practice. What happens here never becomes a vote. */
@org.jspecify.annotations.NullMarked
package org.skysieve.learning;
