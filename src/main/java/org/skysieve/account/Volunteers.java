package org.skysieve.account;

import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.orm.panache.PanacheRepository;

@ApplicationScoped
class Volunteers implements PanacheRepository<Volunteer> {
    Optional<Volunteer> byUsername(String username) {
        return find("username", username).firstResultOptional();
    }

    Optional<Volunteer> byOidcSubject(String subject) {
        return find("oidcSubject", subject).firstResultOptional();
    }

    /** Whether an account of that name was erased: the name is not given again. */
    boolean wasErased(String username) {
        return getEntityManager()
                .createNativeQuery("SELECT 1 FROM erased_name WHERE digest = ?1")
                .setParameter(1, Secrets.hash(username))
                .getResultStream()
                .findAny()
                .isPresent();
    }
}
