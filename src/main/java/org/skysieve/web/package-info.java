@NullMarked
package org.skysieve.web;

import org.jspecify.annotations.NullMarked;
