package org.skysieve.project;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.hibernate.orm.panache.PanacheRepository;

@ApplicationScoped
class ProjectStore implements PanacheRepository<Project> {}
