package org.skysieve.account;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.orm.panache.PanacheRepository;

@ApplicationScoped
class AccessTokens implements PanacheRepository<AccessToken> {}
