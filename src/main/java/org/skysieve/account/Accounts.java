package org.skysieve.account;

import java.time.Clock;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.PersistenceException;
import jakarta.transaction.Transactional;

import org.hibernate.exception.ConstraintViolationException;
import org.jspecify.annotations.Nullable;

import org.skysieve.platform.Problem;

/** The door to people: accounts, guests and their tokens. */
@ApplicationScoped
public class Accounts {
    public static final int MIN_PASSWORD = 10;
    public static final int MAX_PASSWORD = 200;

    /** Bearer tokens begin so: scanners for leaked secrets can find them. */
    static final String TOKEN_PREFIX = "skv_";

    private static final int MAX_DISPLAY_NAME = 80;
    private static final int MAX_LABEL = 100;
    private static final Pattern USERNAME = Pattern.compile("[a-z0-9][a-z0-9._-]{2,39}");

    /** A new token; {@code token} is shown once and stored nowhere. */
    public record IssuedToken(long id, String token) {}

    private final Volunteers volunteers;
    private final AccessTokens tokens;
    private final Credentials credentials;
    private final AccountConfig config;
    private final Clock clock;

    Accounts(Volunteers volunteers, AccessTokens tokens, Credentials credentials, AccountConfig config, Clock clock) {
        this.volunteers = volunteers;
        this.tokens = tokens;
        this.credentials = credentials;
        this.config = config;
        this.clock = clock;
    }

    /**
     * Creates an account.
     *
     * @param username 3..40 of a-z, 0-9, dot, dash, underscore; capitals become small
     * @param displayName blank for the username
     * @param password 10..200 characters, or null for an account that signs in by token only
     * @return its id
     * @throws Problem 400 for a value out of range, 409 for a name that is taken
     */
    @Transactional
    public long create(String username, @Nullable String displayName, @Nullable String password, Role role) {
        Volunteer volunteer = new Volunteer();
        fill(volunteer, username, displayName, password);
        volunteer.role = role.key();
        volunteer.createdAt = clock.instant();
        return store(volunteer).storedId();
    }

    /**
     * Makes an account for somebody new: where {@code guest} is a guest, that row becomes the account, so that all
     * their votes, assignments and reliability come along; else a new row.
     *
     * @throws Problem as {@link #create}
     */
    @Transactional
    public AccountView signUp(OptionalLong guest, String username, @Nullable String displayName, String password) {
        Volunteer volunteer = guest.isPresent() ? volunteers.findById(guest.getAsLong()) : null;
        if (volunteer == null || !volunteer.kind.equals(Volunteer.GUEST)) {
            volunteer = new Volunteer();
            volunteer.createdAt = clock.instant();
        }
        fill(volunteer, username, displayName, password);
        volunteer.guestTokenHash = null;
        AccountView view = store(volunteer).view();
        credentials.forgetAll();
        return view;
    }

    /**
     * Makes a guest.
     *
     * @param secret what the guest's cookie holds
     */
    @Transactional
    AccountView createGuest(String secret) {
        Volunteer guest = new Volunteer();
        guest.kind = Volunteer.GUEST;
        guest.displayName = "Guest";
        guest.guestTokenHash = Secrets.hash(secret);
        guest.createdAt = clock.instant();
        volunteers.persist(guest);
        guest.displayName = "Guest " + guest.id;
        return guest.view();
    }

    /** The account or guest of that id. */
    @Transactional
    public Optional<AccountView> find(long volunteerId) {
        return volunteers.findByIdOptional(volunteerId).map(Volunteer::view);
    }

    /** The account of that name, in any case. */
    @Transactional
    public Optional<AccountView> byUsername(String username) {
        return volunteers.byUsername(normal(username)).map(Volunteer::view);
    }

    /** Gives an account another role. */
    @Transactional
    public void changeRole(long volunteerId, Role role) {
        Volunteer volunteer = volunteers.findById(volunteerId);
        if (volunteer == null || volunteer.kind.equals(Volunteer.GUEST)) {
            throw Problem.notFound("no account " + volunteerId);
        }
        volunteer.role = role.key();
        credentials.forgetAll();
    }

    /**
     * Issues a bearer token that does not expire; it can do what its owner can.
     *
     * @param label what it is for, 1..100 characters
     * @throws Problem 400 for the label, 404 without such an account
     */
    @Transactional
    public IssuedToken issueToken(long volunteerId, String label) {
        String trimmed = label.strip();
        if (trimmed.isEmpty() || trimmed.length() > MAX_LABEL) {
            throw Problem.badField("label", "got " + trimmed.length() + " characters, need 1.." + MAX_LABEL);
        }
        Volunteer owner = volunteers.findById(volunteerId);
        if (owner == null || owner.kind.equals(Volunteer.GUEST)) {
            throw Problem.notFound("no account " + volunteerId);
        }
        String secret = TOKEN_PREFIX + Secrets.random();
        AccessToken token = new AccessToken();
        token.volunteerId = volunteerId;
        token.tokenHash = Secrets.hash(secret);
        token.label = trimmed;
        token.createdAt = clock.instant();
        tokens.persist(token);
        return new IssuedToken(Objects.requireNonNull(token.id), secret);
    }

    /**
     * Takes a token out of use: at once in this process, within seconds in others.
     *
     * @throws Problem 404 unless that volunteer owns it
     */
    @Transactional
    public void revokeToken(long volunteerId, long tokenId) {
        if (tokens.delete("id = ?1 and volunteerId = ?2", tokenId, volunteerId) == 0) {
            throw Problem.notFound("no token " + tokenId + " of yours");
        }
        credentials.forgetAll();
    }

    /**
     * The account of somebody whom the OpenID provider vouches for; created when seen first. The role follows the
     * provider's.
     */
    @Transactional
    AccountView ofOidc(String subject, @Nullable String preferredName, Role role) {
        Volunteer volunteer = volunteers.byOidcSubject(subject).orElse(null);
        if (volunteer == null) {
            volunteer = new Volunteer();
            volunteer.kind = Volunteer.ACCOUNT;
            volunteer.oidcSubject = subject;
            volunteer.createdAt = clock.instant();
            String wanted = preferredName == null ? "" : normal(preferredName);
            boolean free = USERNAME.matcher(wanted).matches()
                    && volunteers.byUsername(wanted).isEmpty()
                    && !volunteers.wasErased(wanted);
            // A local account of the same name is somebody else until proven otherwise.
            volunteer.username = free
                    ? wanted
                    : "oidc-" + Secrets.random().toLowerCase(Locale.ROOT).substring(0, 12);
            volunteer.displayName = preferredName == null || preferredName.isBlank()
                    ? String.valueOf(volunteer.username)
                    : preferredName.substring(0, Math.min(preferredName.length(), MAX_DISPLAY_NAME));
            volunteer.role = role.key();
            return store(volunteer).view();
        }
        volunteer.role = role.key();
        return volunteer.view();
    }

    static String normal(String username) {
        return username.strip().toLowerCase(Locale.ROOT);
    }

    private void fill(Volunteer volunteer, String username, @Nullable String displayName, @Nullable String password) {
        String name = normal(username);
        if (!USERNAME.matcher(name).matches()) {
            throw Problem.badField(
                    "username",
                    "need 3 to 40 letters a-z, digits, dots, dashes or underscores, a letter or digit first");
        }
        if (volunteers.wasErased(name)) {
            throw taken(name);
        }
        String shown = displayName == null || displayName.isBlank() ? name : displayName.strip();
        if (shown.length() > MAX_DISPLAY_NAME || shown.chars().anyMatch(Character::isISOControl)) {
            throw Problem.badField("displayName", "need 1 to " + MAX_DISPLAY_NAME + " printable characters");
        }
        volunteer.kind = Volunteer.ACCOUNT;
        volunteer.username = name;
        volunteer.displayName = shown;
        if (password != null) {
            volunteer.passwordHash = hashed(password, config.bcryptCost());
        }
    }

    /**
     * The hash to store of a password.
     *
     * @throws Problem 400 out of 10..200 characters
     */
    static String hashed(String password, int cost) {
        if (password.length() < MIN_PASSWORD || password.length() > MAX_PASSWORD) {
            throw Problem.badField(
                    "password", "got " + password.length() + " characters, need " + MIN_PASSWORD + ".." + MAX_PASSWORD);
        }
        return Secrets.hashPassword(password, cost);
    }

    private Volunteer store(Volunteer volunteer) {
        try {
            volunteers.persistAndFlush(volunteer);
            return volunteer;
        } catch (ConstraintViolationException e) {
            throw taken(String.valueOf(volunteer.username));
        } catch (PersistenceException e) {
            if (e.getCause() instanceof ConstraintViolationException) {
                throw taken(String.valueOf(volunteer.username));
            }
            throw e;
        }
    }

    private static Problem taken(String username) {
        return Problem.conflict("the name " + username + " is taken").with("field", "username");
    }
}
