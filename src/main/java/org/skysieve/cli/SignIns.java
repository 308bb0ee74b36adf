package org.skysieve.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

import org.skysieve.account.AccountView;
import org.skysieve.account.Accounts;
import org.skysieve.account.Role;

/**
 * The accounts that a new installation starts with. Their random passwords are made once and kept, readable by the
 * owner alone, in {@code sign-ins} in the data folder, so that they can be shown again; the administrator's token for
 * the command line stands in {@code operator-token}.
 */
final class SignIns {
    // No l, I, 1, O, 0: these are typed from a terminal.
    private static final String LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private static final int LENGTH = 16;

    record SignIn(Role role, String username, String password) {}

    private SignIns() {}

    /**
     * Makes the accounts that are missing; an account that exists is left alone.
     *
     * @param usernamesByRole role and username of each account
     * @return the sign-ins whose password is known: those made now or at an earlier start
     */
    static List<SignIn> ensure(Accounts accounts, Path dataFolder, List<SignIn> wanted) throws IOException {
        Path file = dataFolder.resolve("sign-ins");
        List<SignIn> known = new ArrayList<>(read(file));
        SecureRandom random = new SecureRandom();
        for (SignIn want : wanted) {
            boolean remembered = known.stream().anyMatch(one -> one.username().equals(want.username()));
            boolean exists = accounts.byUsername(want.username()).isPresent();
            if (exists) {
                continue;
            }
            SignIn made = remembered
                    ? known.stream()
                            .filter(one -> one.username().equals(want.username()))
                            .findFirst()
                            .orElseThrow()
                    : new SignIn(want.role(), want.username(), password(random));
            if (!remembered) {
                // Written before the account exists: a kill in between must not lose the only copy of a password.
                known.add(made);
                write(file, known);
            }
            accounts.create(made.username(), null, made.password(), made.role());
        }
        Path tokenFile = dataFolder.resolve("operator-token");
        if (!Files.exists(tokenFile)) {
            AccountView operator = accounts.byUsername(wanted.get(0).username()).orElseThrow();
            ServerProcess.writePrivately(
                    tokenFile,
                    accounts.issueToken(operator.id(), "command line of the operator")
                                    .token() + "\n");
        }
        return known.stream()
                .filter(one -> accounts.byUsername(one.username()).isPresent())
                .toList();
    }

    private static List<SignIn> read(Path file) throws IOException {
        List<SignIn> all = new ArrayList<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                String[] words = line.strip().split("\\s+", -1);
                if (words.length == 3) {
                    all.add(new SignIn(Role.of(words[0]), words[1], words[2]));
                }
            }
        }
        return all;
    }

    private static void write(Path file, List<SignIn> all) throws IOException {
        StringBuilder text = new StringBuilder();
        for (SignIn one : all) {
            text.append(one.role().key())
                    .append(' ')
                    .append(one.username())
                    .append(' ')
                    .append(one.password())
                    .append('\n');
        }
        ServerProcess.writePrivately(file, text.toString());
    }

    private static String password(SecureRandom random) {
        StringBuilder text = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }
}
