package org.skysieve.selection;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

import jakarta.inject.Inject;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

import org.skysieve.platform.PostgresResource;
import org.skysieve.platform.Sql;
import org.skysieve.project.Rules;
import org.skysieve.project.ServingRules;
import org.skysieve.project.WorkflowView;

import static org.assertj.core.api.Assertions.assertThat;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class ShowcaseFeedTest {
    @Inject
    Sky sky;

    @Inject
    Sql sql;

    private Instant now = Instant.parse("2026-11-21T00:00:00Z");

    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    };

    private static Rules rules(double showcaseShare) {
        return Sky.rules(12, 0, 0).withSelection(Rules.DEFAULT.mix(), new ServingRules(0, 20, showcaseShare));
    }

    /** One assignment of each candidate, to a new person. */
    private void assigned(WorkflowView workflow, List<Long> candidateIds, String strategy) {
        sql.update(
                "INSERT INTO assignment (id, workflow_id, candidate_id, volunteer_id, strategy, priority, probability,"
                        + " served_at, lease_until, state) SELECT nextval('assignment_seq'), ?, id, ?, ?, 0, .5, now(),"
                        + " now(), 'answered' FROM unnest(?) AS id",
                workflow.id(),
                sky.volunteer(),
                strategy,
                candidateIds);
    }

    @Test
    void itClosesAtItsShareOfTheLastThousandAndOpensAgain() {
        WorkflowView workflow = sky.aWorkflow(rules(.2));
        List<Long> ids = sky.candidates(workflow, 500, false);
        ShowcaseFeed feed = new ShowcaseFeed(sql, clock);
        assertThat(feed.open(workflow.id(), rules(.2))).isTrue();
        assertThat(feed.open(workflow.id(), rules(0))).isFalse();

        assigned(workflow, ids.subList(0, 80), "uncertainty");
        assigned(workflow, ids.subList(80, 99), "showcase");
        now = now.plus(Duration.ofSeconds(10));
        assertThat(feed.open(workflow.id(), rules(.2))).isTrue();

        // 20 of 100: what this process has served counts at once.
        feed.served(workflow.id(), 1);
        assertThat(feed.open(workflow.id(), rules(.2))).isFalse();
        assertThat(feed.open(workflow.id(), rules(.21))).isTrue();

        // A thousand others later it has had none of the last.
        assigned(workflow, ids, "variety");
        assigned(workflow, ids, "uncertainty");
        now = now.plus(Duration.ofSeconds(10));
        assertThat(feed.open(workflow.id(), rules(.01))).isTrue();
    }

    @Test
    void whileInUseItsFortyBestAreLeftToIt() {
        WorkflowView workflow = sky.aWorkflow(rules(.2));
        List<Long> ids = sky.candidates(workflow, 50, false);
        for (int i = 0; i < 50; i++) {
            sky.consensus(workflow, ids.get(i), 1, i < 45 ? .6 + i * .005 : .1, "open");
        }
        ShowcaseFeed feed = new ShowcaseFeed(sql, clock);
        assertThat(feed.reserved(workflow.id(), rules(.2))).isEmpty();

        assigned(workflow, ids.subList(46, 47), "showcase");
        now = now.plus(Duration.ofSeconds(10));

        // Of the 45 likely ones the five least likely are left to teaching.
        assertThat(feed.reserved(workflow.id(), rules(.2))).containsExactlyInAnyOrderElementsOf(ids.subList(5, 45));
        assertThat(feed.reserved(workflow.id(), rules(0))).isEmpty();
    }
}
