package org.skysieve.notification;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.mailer.Mail;
import io.quarkus.scheduler.Scheduled;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.Secrets;
import org.skysieve.candidate.Candidates;
import org.skysieve.engine.image.Cutout;
import org.skysieve.engine.image.CutoutPng;
import org.skysieve.engine.image.CutoutTriplet;
import org.skysieve.engine.image.Panel;
import org.skysieve.outcome.Outcome;
import org.skysieve.outcome.VoteNews;
import org.skysieve.talk.Notice;
import org.skysieve.talk.Notices;

/**
 * Sends everybody who asked for it, once a day at most, what is new and unread. What a mail does not tell is never lost: it
 * waits on the page of notices. Every process looks; who claims a subscription sends its mail.
 */
@ApplicationScoped
class Digests {
    static final int MOST_SAID = 10;
    static final int MOST_BECAME = 6;

    /** A server that refuses this many in a row refuses all: the others are left for the next look. */
    private static final int REFUSES_ALL = 3;

    private static final int ZOOM = 3;
    /** Notices are dated before they are committed: what is younger waits for the next mail, so that none falls between two. */
    private static final Duration COMMITTED = Duration.ofMinutes(2);

    private static final Duration LOOK_AGAIN = Duration.ofHours(1);
    /** Tries to note that a mail is out. */
    private static final int NOTES = 3;

    private static final Duration FIRST_WAIT = Duration.ofMinutes(5);

    private static final Logger LOG = Logger.getLogger(Digests.class);

    private final MailTable table;
    private final Notices notices;
    private final VoteNews news;
    private final Candidates candidates;
    private final MailLetters letters;
    private final Post post;
    private final MailConfig config;
    private final MeterRegistry metrics;
    private final Clock clock;

    @SuppressWarnings("TooManyParameters")
    Digests(
            MailTable table,
            Notices notices,
            VoteNews news,
            Candidates candidates,
            MailLetters letters,
            Post post,
            MailConfig config,
            MeterRegistry metrics,
            Clock clock) {
        this.table = table;
        this.notices = notices;
        this.news = news;
        this.candidates = candidates;
        this.letters = letters;
        this.post = post;
        this.config = config;
        this.metrics = metrics;
        this.clock = clock;
    }

    private enum Fate {
        SENT,
        NO_NEWS,
        FAILED
    }

    @Scheduled(
            every = "{skysieve.mail.every}",
            delayed = "1m",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void look() {
        if (letters.enabled()) {
            table.purge(now());
            round();
        }
    }

    /**
     * Sends what is due, up to the configured number.
     *
     * @return how many left
     */
    int round() {
        int sent = 0;
        int failedInARow = 0;
        while (failedInARow < REFUSES_ALL && sent < config.most()) {
            // One at a time: a process that dies has no other's mail in hand.
            Optional<MailTable.Due> due = table.claim(now());
            if (due.isEmpty()) {
                return sent;
            }
            Fate fate = serve(due.get());
            sent += fate == Fate.SENT ? 1 : 0;
            failedInARow = fate == Fate.FAILED ? failedInARow + 1 : fate == Fate.SENT ? 0 : failedInARow;
        }
        return sent;
    }

    /** As PostgreSQL keeps it: it rounds, and what is due now would be due a microsecond later. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private Fate serve(MailTable.Due due) {
        // The tries of one mail tell the same, under one name.
        Instant until = Objects.requireNonNullElseGet(due.tellsUntil(), () -> now().minus(COMMITTED));
        try {
            Mail mail = compose(due, until);
            if (mail == null) {
                table.later(due, now().plus(LOOK_AGAIN));
                return Fate.NO_NEWS;
            }
            post.send(mail);
        } catch (Post.MayHaveGone unsure) {
            count("unsure");
            LOG.warnf("Mail may not be sent, volunteer=%d", due.volunteerId());
            table.later(due, due.nextAt());
            return Fate.FAILED;
        } catch (RuntimeException failure) {
            count("failed");
            int failures = due.failures() + 1;
            boolean givenUp = failures >= config.tries();
            // The class alone: the words of mail servers name the address.
            LOG.warnf(
                    "Mail not sent, volunteer=%d failures=%d givenUp=%s cause=%s",
                    due.volunteerId(), failures, givenUp, failure.getClass().getName());
            if (givenUp) {
                table.later(due, due.nextAt());
            } else {
                table.failed(due, now().plus(FIRST_WAIT.multipliedBy(1L << 2 * Math.min(failures - 1, 3))), until);
            }
            return Fate.FAILED;
        }
        count("sent");
        note(due, until);
        return Fate.SENT;
    }

    /** Notes that a mail is out. Where that fails the claim still stands: none before tomorrow, and that one tells the same again. */
    private void note(MailTable.Due due, Instant until) {
        for (int left = NOTES; left > 0; left--) {
            try {
                table.sent(due, until, now());
                return;
            } catch (RuntimeException failure) {
                LOG.warnf(
                        failure,
                        "Mail sent but that not noted, volunteer=%d triesLeft=%d",
                        due.volunteerId(),
                        left - 1);
            }
        }
    }

    private void count(String fate) {
        metrics.counter("skysieve.mail", "kind", "digest", "fate", fate).increment();
    }

    /** The mail with the news after the last one; null if there are none, or the mails were ended meanwhile. */
    private @Nullable Mail compose(MailTable.Due due, Instant until) {
        List<Notice> said =
                due.talk() ? notices.unread(due.volunteerId(), due.toldUntil(), until, MOST_SAID + 1) : List.of();
        List<VoteNews.Told> became =
                due.outcomes() ? news.unread(due.volunteerId(), due.toldUntil(), until, MOST_BECAME + 1) : List.of();
        List<MailLetters.Image> images = images(first(became, MOST_BECAME));
        Digest digest = new Digest(
                first(said, MOST_SAID).stream().map(this::said).toList(),
                said.size() > MOST_SAID,
                first(became, MOST_BECAME).stream()
                        .map(told -> became(told, images))
                        .toList(),
                became.size() > MOST_BECAME);
        String stop = Secrets.random();
        if (digest.isEmpty() || !table.stillWanted(due, Secrets.hash(stop), now())) {
            return null;
        }
        return letters.digest(
                due.address(), due.language(), digest, images, stop, "digest " + due.volunteerId() + " " + until);
    }

    private static <T> List<T> first(List<T> all, int most) {
        return all.subList(0, Math.min(all.size(), most));
    }

    private Digest.Said said(Notice notice) {
        return new Digest.Said(
                notice.comment().author(),
                notice.comment().title(),
                notice.cause().equals("mention"),
                letters.link(notice.comment().link(notice.project())));
    }

    private Digest.Became became(VoteNews.Told told, List<MailLetters.Image> images) {
        Outcome outcome = told.outcome();
        String what = outcome.name().isEmpty() || outcome.type().isEmpty()
                ? outcome.name() + outcome.type()
                : outcome.name() + ", " + outcome.type();
        String image = contentId(told.candidateId());
        return new Digest.Became(
                told.objectId(),
                told.title(),
                outcome.kind(),
                what,
                letters.link("/candidates/" + told.candidateId()),
                images.stream().anyMatch(one -> one.contentId().equals(image)) ? image : "");
    }

    private List<MailLetters.Image> images(List<VoteNews.Told> became) {
        Map<Long, CutoutTriplet> triplets = became.isEmpty()
                ? Map.of()
                : candidates.cutouts(
                        became.stream().map(VoteNews.Told::candidateId).toList());
        List<MailLetters.Image> images = new ArrayList<>();
        for (VoteNews.Told told : became) {
            CutoutTriplet triplet = triplets.get(told.candidateId());
            Cutout science = triplet == null ? null : triplet.science();
            if (science != null) {
                images.add(new MailLetters.Image(
                        contentId(told.candidateId()), CutoutPng.render(science, Panel.SCIENCE, ZOOM)));
            }
        }
        return images;
    }

    private static String contentId(long candidateId) {
        return "candidate-" + candidateId;
    }
}
