package org.skysieve.account;

import java.time.Duration;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How people sign in. */
@ConfigMapping(prefix = "skysieve.account")
interface AccountConfig {
    /** Base-2 logarithm of the rounds of bcrypt, 4..16: 10 takes about 60 ms on one core. */
    @WithDefault("10")
    int bcryptCost();

    /** How long a role or a token that was changed by another process may still be seen as it was. */
    @WithDefault("5S")
    Duration credentialCache();

    @WithDefault("10M")
    Duration limitWindow();

    /** Failed sign-ins of one name from one address in a window, before all others are refused unseen. */
    @WithDefault("10")
    int failedSignIns();

    /** Failed sign-ins from one address in a window, whatever the name. */
    @WithDefault("100")
    int failedSignInsByAddress();

    /** New guests and new accounts from one address in a window: a classroom behind one router is far below. */
    @WithDefault("2000")
    int newVolunteersByAddress();
}
