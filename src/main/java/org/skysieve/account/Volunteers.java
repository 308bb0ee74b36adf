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
}
