package org.skysieve.project;

import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "project")
class Project {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Nullable
    Long id;

    String slug = "";
    String title = "";
    String tagline = "";
    String description = "";
    String credit = "";
    String language = ProjectTexts.USUAL_LANGUAGE;

    @Column(name = "created_at")
    Instant createdAt = Instant.EPOCH;

    void write(ProjectTexts texts) {
        title = texts.title();
        tagline = texts.tagline();
        description = texts.description();
        credit = texts.credit();
        language = texts.language();
    }

    ProjectView view() {
        if (id == null) {
            throw new IllegalStateException("project: not stored yet");
        }
        return new ProjectView(id, slug, title, tagline, description, credit, language);
    }
}
