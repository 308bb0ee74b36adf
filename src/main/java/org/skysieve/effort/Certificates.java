package org.skysieve.effort;

import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.skysieve.account.AccountView;
import org.skysieve.account.CurrentVolunteer;
import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;

/**
 * Certificates of hours. Whoever has the code reads it: that is how a school or an employer verifies it. The code has 100
 * random bits, so it cannot be guessed; erasing the account takes its certificates away.
 */
@ApplicationScoped
public class Certificates {
    private static final int MOST = 50;
    private static final int LENGTH = 20;
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final String COLUMNS = "SELECT code, name, answers, seconds, days, first_day::text AS first_day,"
            + " last_day::text AS last_day, issued_at FROM certificate";

    private final Sql sql;
    private final Efforts efforts;
    private final Clock clock;
    private final RandomGenerator random = new SecureRandom();

    Certificates(Sql sql, Efforts efforts, Clock clock) {
        this.sql = sql;
        this.efforts = efforts;
        this.clock = clock;
    }

    /**
     * Makes a certificate of what the account has given until now; where nothing has come since the last one, that one.
     *
     * @throws Problem 401 for guests, whose name nobody knows; 409 before the first answer, or with 50 certificates
     */
    @Transactional
    public Certificate issue(CurrentVolunteer volunteer) {
        AccountView account = volunteer
                .account()
                .filter(known -> !known.guest())
                .orElseThrow(() -> Problem.unauthorized("a certificate needs an account: it has a name on it"));
        Given given = efforts.of(account.id());
        LocalDate first = given.firstDay();
        LocalDate last = given.lastDay();
        if (first == null || last == null) {
            throw Problem.conflict("nothing to certify yet: answer about a candidate first");
        }
        List<Certificate> made = of(account.id());
        if (!made.isEmpty()
                && made.get(0).answers() == given.answers()
                && made.get(0).seconds() == given.seconds()
                && made.get(0).name().equals(account.displayName())) {
            return made.get(0);
        }
        if (made.size() >= MOST) {
            throw Problem.conflict("you have " + MOST + " certificates, which is the most");
        }
        String code = code();
        sql.update(
                "INSERT INTO certificate (code, volunteer_id, name, answers, seconds, days, first_day, last_day, issued_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?::text::date, ?::text::date, ?)",
                code,
                account.id(),
                account.displayName(),
                given.answers(),
                given.seconds(),
                given.days(),
                first.toString(),
                last.toString(),
                clock.instant());
        return find(code).orElseThrow();
    }

    /** Of one person, the newest first. */
    public List<Certificate> of(long volunteerId) {
        return sql.query(
                COLUMNS + " WHERE volunteer_id = ? ORDER BY issued_at DESC, code LIMIT ?",
                Certificates::read,
                volunteerId,
                MOST);
    }

    public Optional<Certificate> find(String code) {
        return sql.first(COLUMNS + " WHERE code = ?", Certificates::read, code);
    }

    private String code() {
        StringBuilder code = new StringBuilder();
        for (int i = 0; i < LENGTH; i++) {
            code.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return code.toString();
    }

    private static Certificate read(ResultSet row) throws SQLException {
        return new Certificate(
                row.getString("code"),
                row.getString("name"),
                row.getLong("answers"),
                row.getLong("seconds"),
                row.getInt("days"),
                LocalDate.parse(row.getString("first_day")),
                LocalDate.parse(row.getString("last_day")),
                Sql.instant(row, "issued_at"));
    }
}
