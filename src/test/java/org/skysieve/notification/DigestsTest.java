package org.skysieve.notification;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.inject.Inject;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.mailer.Attachment;
import io.quarkus.mailer.Mail;
import io.quarkus.mailer.MockMailbox;
import io.quarkus.mailer.reactive.ReactiveMailer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.mail.mailencoder.MailEncoder;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.skysieve.account.Accounts;
import org.skysieve.account.OwnAccount;
import org.skysieve.account.Role;
import org.skysieve.account.Secrets;
import org.skysieve.candidate.Candidates;
import org.skysieve.engine.alert.AlertPacket;
import org.skysieve.engine.simulate.SimulatedCandidate;
import org.skysieve.engine.simulate.SimulatedSurvey;
import org.skysieve.engine.simulate.SurveySettings;
import org.skysieve.outcome.VoteNews;
import org.skysieve.platform.InstallationKey;
import org.skysieve.platform.Language;
import org.skysieve.platform.PostgresResource;
import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;
import org.skysieve.project.Projects;
import org.skysieve.talk.CommentView;
import org.skysieve.talk.Comments;
import org.skysieve.talk.Notices;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class DigestsTest {
    private static final Pattern CONFIRM = Pattern.compile("https://skysieve\\.test/mail/confirm\\?token=([\\w-]{43})");
    private static final Pattern STOP = Pattern.compile("https://skysieve\\.test/mail/stop\\?token=([\\w-]{43})");
    private static final Duration A_DAY = Duration.ofDays(1).plusMinutes(5);

    @Inject
    MailSubscriptions subscriptions;

    @Inject
    MailTable table;

    @Inject
    Notices notices;

    @Inject
    VoteNews news;

    @Inject
    Candidates candidates;

    @Inject
    MailLetters letters;

    @Inject
    Post post;

    @Inject
    MailConfig config;

    @Inject
    MockMailbox mailbox;

    @Inject
    Accounts accounts;

    @Inject
    OwnAccount own;

    @Inject
    Projects projects;

    @Inject
    Comments comments;

    @Inject
    Sql sql;

    @Inject
    InstallationKey key;

    private final String slug = "m-" + UUID.randomUUID().toString().substring(0, 12);
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private Instant now = Instant.now();
    private long project;

    private record Person(long id, String name, String token, String address) {}

    private final class TestClock extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    @BeforeEach
    void anEmptyMailbox() {
        mailbox.clear();
        sql.update("DELETE FROM mail_subscription");
        sql.update("DELETE FROM mail_request");
        project = projects.create(slug, "A <night> of \"stars\"", "", "", "").id();
    }

    private Person person() {
        String name = "m" + UUID.randomUUID().toString().substring(0, 12);
        long id = accounts.create(name, null, null, Role.VOLUNTEER);
        return new Person(id, name, accounts.issueToken(id, "test").token(), name + "@example.org");
    }

    private Person subscriber(Language language) {
        Person person = person();
        assertThat(subscriptions.ask(person.id, person.address, language, true, true))
                .isTrue();
        Mail mail = onlyMailTo(person);
        assertThat(subscriptions.confirm(token(CONFIRM, mail.getText()))).isTrue();
        mailbox.clear();
        return person;
    }

    private Mail onlyMailTo(Person person) {
        List<Mail> mails = mailbox.getMailsSentTo(person.address);
        assertThat(mails).hasSize(1);
        return mails.get(0);
    }

    private static String token(Pattern link, String text) {
        Matcher found = link.matcher(text);
        assertThat(found.find()).as(text).isTrue();
        return found.group(1);
    }

    private Digests digests(Post way) {
        return new Digests(table, notices, news, candidates, letters, way, config, metrics, new TestClock());
    }

    private Digests digests() {
        return digests(post);
    }

    private int number(String statement, Object... parameters) {
        return sql.one(statement, row -> row.getInt(1), parameters);
    }

    private double count(String fate) {
        return metrics.counter("skysieve.mail", "kind", "digest", "fate", fate).count();
    }

    private CommentView mention(Person of, Person by) {
        return comments.start(project, "help", "Is <this> real?", "Look, @" + of.name + "!", by.id);
    }

    /** Tells somebody what candidates turned out to be, as if they had voted on them. */
    private List<Long> outcomes(Person person, int count) {
        List<AlertPacket> packets = new SimulatedSurvey(SurveySettings.ofSeed(5).withSurvey(slug))
                .candidates(0, count).stream().map(SimulatedCandidate::packet).toList();
        candidates.add(project, packets);
        List<Long> ids = candidates.before(project, Long.MAX_VALUE, count).stream()
                .map(candidate -> candidate.id())
                .toList();
        for (long id : ids) {
            sql.update(
                    "INSERT INTO candidate_outcome (candidate_id, kind, name, type, known_at, updated_at)"
                            + " VALUES (?, 'tns', ?, 'SN Ia', now(), now())",
                    id,
                    "SN 2026a" + id);
            sql.update(
                    "INSERT INTO outcome_notice (volunteer_id, candidate_id, told_at) VALUES (?, ?, now())",
                    person.id,
                    id);
        }
        return ids;
    }

    @Test
    void anAddressIsWrittenToOnceItsOwnerHasFollowedTheLink() {
        Person vera = person();
        assertThat(subscriptions.ask(vera.id, " " + vera.address + " ", Language.ENGLISH, true, false))
                .isTrue();

        Mail mail = onlyMailTo(vera);
        assertThat(mail.getFrom()).isEqualTo("Skysieve <no-reply@skysieve.test>");
        assertThat(mail.getText()).contains("for the account " + vera.name).contains("within 48 hours");
        assertThat(mail.getHtml()).contains("lang=\"en\" dir=\"ltr\"");
        String token = token(CONFIRM, mail.getText());
        assertThat(subscriptions.of(vera.id).orElseThrow().address()).isNull();
        assertThat(number("SELECT length(wanted_hash) FROM mail_subscription")).isEqualTo(32);
        // Programs that look at mails open every link: that changes nothing.
        given().get("/mail/confirm?token=" + token)
                .then()
                .statusCode(200)
                .body(containsString("Yes, this is my address"));
        assertThat(subscriptions.of(vera.id).orElseThrow().address()).isNull();
        given().post("/mail/confirm?token=" + "x".repeat(43)).then().body(containsString("does not work any more"));
        given().post("/mail/confirm?token=" + token).then().statusCode(200).body(containsString("is confirmed"));
        given().post("/mail/confirm?token=" + token).then().body(containsString("does not work any more"));

        MailSubscription kept = subscriptions.of(vera.id).orElseThrow();
        assertThat(kept.address()).isEqualTo(vera.address);
        assertThat(kept.waiting()).isNull();
        assertThat(kept.talk()).isTrue();
        assertThat(kept.outcomes()).isFalse();
        assertThat(subscriptions.ask(vera.id, vera.address, Language.SPANISH, true, true))
                .isFalse();
        assertThat(mailbox.getMailsSentTo(vera.address)).hasSize(1);
    }

    @Test
    void aLinkLivesForTwoDaysAndAnUnconfirmedAddressNoLonger() {
        Person slow = person();
        subscriptions.ask(slow.id, slow.address, Language.ENGLISH, true, true);
        sql.update("UPDATE mail_subscription SET wanted_until = now() - interval '1 second'");

        assertThat(subscriptions.confirm(token(CONFIRM, onlyMailTo(slow).getText())))
                .isFalse();
        table.purge(Instant.now());
        assertThat(subscriptions.of(slow.id)).isEmpty();
    }

    @Test
    void nobodyIsFloodedWithConfirmations() {
        Person eager = person();
        Person other = person();
        for (int i = 0; i < 3; i++) {
            subscriptions.ask(eager.id, "victim+" + i + "@Example.org", Language.ENGLISH, true, true);
        }

        assertThatThrownBy(() -> subscriptions.ask(eager.id, "else@example.org", Language.ENGLISH, true, true))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(429));
        // Variants of one address count as one, whoever asks.
        assertThatThrownBy(() -> subscriptions.ask(other.id, "Victim@example.org", Language.ENGLISH, true, true))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(429));
        assertThat(subscriptions.of(other.id)).isEmpty();
        assertThat(mailbox.getTotalMessagesSent()).isEqualTo(3);
    }

    private MailSubscriptions subscriptions(Post way) {
        return new MailSubscriptions(table, letters, way, accounts, metrics, new TestClock());
    }

    @Test
    void aConfirmationThatDidNotLeaveCountsAgainstNothingAndNothingWaitsForIt() {
        Person eager = person();
        Person reader = subscriber(Language.ENGLISH);
        MailSubscriptions failing = subscriptions(mail -> {
            throw new IllegalStateException("550 no");
        });
        int requests = number("SELECT count(*)::int FROM mail_request");

        for (int i = 0; i < 8; i++) {
            for (Person who : List.of(eager, reader)) {
                assertThatThrownBy(() -> failing.ask(who.id, "else@example.org", Language.ENGLISH, true, true))
                        .isInstanceOfSatisfying(
                                Problem.class,
                                problem -> assertThat(problem.status()).isEqualTo(503));
            }
        }

        assertThat(number("SELECT count(*)::int FROM mail_request")).isEqualTo(requests);
        assertThat(subscriptions.of(eager.id)).isEmpty();
        assertThat(subscriptions.of(reader.id).orElseThrow().waiting()).isNull();
        assertThat(subscriptions.of(reader.id).orElseThrow().address()).isEqualTo(reader.address);
        assertThat(subscriptions.ask(eager.id, "else@example.org", Language.ENGLISH, true, true))
                .isTrue();
    }

    @Test
    void aConfirmationThatMayHaveLeftCountsAndItsLinkWorks() {
        Person slow = person();
        List<Mail> gone = new ArrayList<>();
        MailSubscriptions unsure = subscriptions(mail -> {
            gone.add(mail);
            throw new Post.MayHaveGone(new TimeoutException());
        });

        assertThat(unsure.ask(slow.id, slow.address, Language.ENGLISH, true, true))
                .isTrue();

        assertThat(number("SELECT count(*)::int FROM mail_request")).isEqualTo(1);
        assertThat(subscriptions.confirm(token(CONFIRM, gone.get(0).getText()))).isTrue();
    }

    @Test
    void whoAsksForTheConfirmedAddressAgainWantsNoOther() {
        Person reader = subscriber(Language.ENGLISH);
        subscriptions.ask(reader.id, "slip@example.org", Language.ENGLISH, true, true);
        String slipped =
                token(CONFIRM, mailbox.getMailsSentTo("slip@example.org").get(0).getText());

        assertThat(subscriptions.ask(reader.id, reader.address, Language.SPANISH, true, false))
                .isFalse();

        MailSubscription kept = subscriptions.of(reader.id).orElseThrow();
        assertThat(kept.waiting()).isNull();
        assertThat(kept.language()).isEqualTo("es");
        assertThat(subscriptions.confirm(slipped)).isFalse();
        assertThat(subscriptions.of(reader.id).orElseThrow().address()).isEqualTo(reader.address);
    }

    @Test
    void whoeverWasWrittenToBySlipEndsTheirOwnWaitingAlone() {
        Person reader = subscriber(Language.ENGLISH);
        Person nobody = person();
        for (Person who : List.of(reader, nobody)) {
            subscriptions.ask(who.id, "slip@example.org", Language.ENGLISH, true, true);
        }
        List<Mail> slips = mailbox.getMailsSentTo("slip@example.org");

        slips.forEach(slip -> subscriptions.stop(token(STOP, slip.getText())));

        MailSubscription kept = subscriptions.of(reader.id).orElseThrow();
        assertThat(kept.address()).isEqualTo(reader.address);
        assertThat(kept.waiting()).isNull();
        assertThat(subscriptions.of(nobody.id)).isEmpty();
        slips.forEach(slip -> assertThat(subscriptions.confirm(token(CONFIRM, slip.getText())))
                .isFalse());
    }

    @Test
    void onceConfirmedTheLinkOfThatMailEndsTheMails() {
        Person reader = person();
        subscriptions.ask(reader.id, reader.address, Language.ENGLISH, true, true);
        String text = onlyMailTo(reader).getText();
        subscriptions.confirm(token(CONFIRM, text));

        subscriptions.stop(token(STOP, text));

        assertThat(subscriptions.of(reader.id)).isEmpty();
    }

    @Test
    void whatIsKeptAfterTheEndNamesNeitherAddressNorAccount() {
        Person reader = subscriber(Language.ENGLISH);
        subscriptions.end(reader.id);

        assertThat(sql.query(
                        "SELECT address_hmac FROM mail_request",
                        row -> Arrays.equals(row.getBytes(1), Secrets.hash(reader.address))))
                .containsExactly(false);
        assertThat(number("SELECT count(*)::int FROM information_schema.columns WHERE table_name = 'mail_request'"
                        + " AND column_name = 'volunteer_id'"))
                .isZero();
        table.purge(Instant.now().plus(Duration.ofHours(25)));
        assertThat(number("SELECT count(*)::int FROM mail_request WHERE asker_hmac IS NULL"))
                .isEqualTo(1);
        table.purge(Instant.now().plus(Duration.ofDays(8)));
        assertThat(number("SELECT count(*)::int FROM mail_request")).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "vera",
                "vera@",
                "@example.org",
                "vera@example",
                "a@b.org,c@d.org",
                "a b@example.org",
                "vera@example.org\r\nBcc: all@example.org",
                "\"vera\"@example.org",
                "Vera <vera@example.org>",
                "vera..rubin@example.org",
                "vera@-example.org"
            })
    void whatIsNoAddressIsRefused(String typed) {
        assertThatThrownBy(() -> MailAddress.of(typed)).isInstanceOf(Problem.class);
    }

    @Test
    void anInternationalDomainIsWrittenInAscii() {
        assertThat(MailAddress.of("vera@münchen.example").text()).isEqualTo("vera@xn--mnchen-3ya.example");
    }

    @Test
    void aDigestSaysWhoWroteWhereAndWhatCandidatesBecame() {
        Person reader = subscriber(Language.ENGLISH);
        Person writer = person();
        CommentView comment = mention(reader, writer);
        List<Long> ids = outcomes(reader, 8);
        long newest = ids.get(7);
        now = now.plus(A_DAY);

        assertThat(digests().round()).isEqualTo(1);

        Mail mail = onlyMailTo(reader);
        assertThat(mail.getSubject()).isEqualTo("Skysieve: news for you");
        assertThat(mail.getText())
                .contains("- " + writer.name + " called you in “Is <this> real?”\n  https://skysieve.test"
                        + comment.link(slug))
                .contains("A <night> of \"stars\"")
                .contains("SN 2026a" + newest + ", SN Ia")
                .contains("https://skysieve.test/candidates/" + newest + "\n")
                .contains("There is more")
                .doesNotContain("Look, @");
        assertThat(mail.getHtml())
                .contains("called you in “Is &lt;this&gt; real?”")
                .contains("A &lt;night&gt;")
                .doesNotContain("<this>")
                .doesNotContainPattern("src=\"(?!cid:)");
        assertThat(mail.getAttachments()).hasSize(Digests.MOST_BECAME).allMatch(Attachment::isInlineAttachment);
        for (Attachment image : mail.getAttachments()) {
            String id = image.getContentId().replaceAll("[<>]", "");
            assertThat(mail.getHtml()).contains("src=\"cid:" + id + "\"");
            assertThat(image.getContentType()).isEqualTo("image/png");
        }
        // As it leaves: one List-Unsubscribe that mail programs may POST to, and a name that does not change from try
        // to try.
        String raw =
                new MailEncoder(mailbox.getMailMessagesSentTo(reader.address).get(0), "skysieve.test").encode();
        assertThat(raw)
                .contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
                .contains("Auto-Submitted: auto-generated")
                .containsPattern("Message-ID: <[0-9a-f-]{36}@skysieve\\.test>")
                .contains("multipart/alternative")
                .contains("Content-ID: <candidate-" + newest + ">");
        assertThat(raw.split("Message-ID:", -1)).hasSize(2);
        assertThat(raw.replaceAll("=\r?\n|\r?\n ", ""))
                .contains("List-Unsubscribe: <https://skysieve.test/mail/stop?token=");
        assertThat(count("sent")).isEqualTo(1);
        assertThat(subscriptions.of(reader.id).orElseThrow().lastSentAt()).isNotNull();
    }

    @Test
    void aDigestSpeaksArabicFromRightToLeft() {
        Person reader = subscriber(Language.ARABIC);
        Person writer = person();
        mention(reader, writer);
        outcomes(reader, 1);
        now = now.plus(A_DAY);

        digests().round();

        Mail mail = onlyMailTo(reader);
        assertThat(mail.getSubject()).isEqualTo("Skysieve: أخبار لك");
        assertThat(mail.getHtml())
                .contains("lang=\"ar\" dir=\"rtl\"")
                .contains("ذكرك")
                .contains("إيقاف الرسائل");
        assertThat(mail.getText()).contains("ذكرك").contains(writer.name).doesNotContain("called you");
    }

    @Test
    void oneMailADayAndNoneWithoutNewsThatAreUnread() {
        Person reader = subscriber(Language.SPANISH);
        Person writer = person();
        mention(reader, writer);
        Digests digests = digests();

        assertThat(digests.round()).as("on the day of the confirmation").isZero();
        now = now.plus(A_DAY);
        assertThat(digests.round()).isEqualTo(1);
        assertThat(onlyMailTo(reader).getText()).contains("te ha mencionado");
        now = now.plus(Duration.ofHours(23));
        assertThat(digests.round()).as("within a day").isZero();
        now = now.plus(A_DAY);
        assertThat(digests.round()).as("nothing new").isZero();

        sql.update(
                "UPDATE talk_comment SET created_at = ? WHERE id = ?",
                now,
                mention(reader, writer).id());
        now = now.plus(A_DAY);
        notices.readAll(reader.id);
        assertThat(digests.round()).as("read on the page").isZero();
        sql.update(
                "UPDATE talk_comment SET created_at = ? WHERE id = ?",
                now,
                mention(reader, writer).id());
        now = now.plus(A_DAY);
        assertThat(digests.round()).isEqualTo(1);
        assertThat(mailbox.getMailsSentTo(reader.address)).hasSize(2);
    }

    @Test
    void whatIsNotChosenOrHiddenStaysOutOfTheMail() {
        Person reader = subscriber(Language.ENGLISH);
        Person writer = person();
        CommentView hidden = mention(reader, writer);
        sql.update("UPDATE talk_comment SET hidden_reason = 'rude' WHERE id = ?", hidden.id());
        outcomes(reader, 1);
        subscriptions.choose(reader.id, Language.ENGLISH, true, false);
        now = now.plus(A_DAY);

        assertThat(digests().round()).isZero();
        assertThatThrownBy(() -> subscriptions.choose(reader.id, Language.ENGLISH, false, false))
                .isInstanceOf(Problem.class);
    }

    @Test
    void oneClickEndsTheMailsWithoutASession() {
        Person reader = subscriber(Language.ENGLISH);
        mention(reader, person());
        now = now.plus(A_DAY);
        digests().round();
        Mail mail = onlyMailTo(reader);
        String header = mail.getHeaders().get("List-Unsubscribe").get(0);
        String link = "/mail/stop?token=" + token(STOP, header);
        assertThat(mail.getText()).contains(link);
        assertThat(mail.getHtml()).contains(link);

        given().get(link).then().statusCode(200).body(containsString("End them"));
        assertThat(subscriptions.of(reader.id)).isPresent();
        given().contentType("application/x-www-form-urlencoded")
                .body("List-Unsubscribe=One-Click")
                .redirects()
                .follow(false)
                .post(link)
                .then()
                .statusCode(200)
                .body(containsString("No more mails will come"));

        assertThat(subscriptions.of(reader.id)).isEmpty();
        assertThat(number("SELECT count(*)::int FROM mail_stop")).isZero();
        // Nobody learns which links are ours.
        given().post("/mail/stop?token=nonsense")
                .then()
                .statusCode(200)
                .body(containsString("No more mails will come"));
    }

    @Test
    void anErasedAccountGetsNothingAndItsAddressGoes() {
        Person reader = subscriber(Language.ENGLISH);
        mention(reader, person());
        now = now.plus(A_DAY);
        own.erase(reader.id, reader.name);

        assertThat(digests().round()).isZero();
        assertThat(mailbox.getTotalMessagesSent()).isZero();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> subscriptions.of(reader.id).isEmpty());
        assertThat(number("SELECT count(*)::int FROM mail_request WHERE asker_hmac IS NOT NULL"))
                .isZero();
    }

    @Test
    void aServerThatFailsIsTriedFourTimesAndNothingIsLost() {
        Person reader = subscriber(Language.ENGLISH);
        mention(reader, person());
        AtomicInteger tries = new AtomicInteger();
        List<String> names = new ArrayList<>();
        Digests failing = digests(mail -> {
            tries.incrementAndGet();
            names.add(mail.getHeaders().get("Message-ID").get(0));
            throw new IllegalStateException("451 come back later");
        });
        now = now.plus(A_DAY);
        Instant first = now;

        for (Duration wait : List.of(
                Duration.ZERO,
                Duration.ofMinutes(4),
                Duration.ofMinutes(1),
                Duration.ofMinutes(20),
                Duration.ofMinutes(80))) {
            now = now.plus(wait);
            failing.round();
        }
        assertThat(tries).hasValue(4);
        assertThat(names).hasSize(4).containsOnly(names.get(0));
        assertThat(count("failed")).isEqualTo(4);
        now = now.plus(Duration.ofHours(20));
        assertThat(digests().round()).as("given up for that day").isZero();
        assertThat(tries).hasValue(4);

        now = first.plus(Duration.ofHours(26));
        assertThat(digests().round()).isEqualTo(1);
        assertThat(onlyMailTo(reader).getText()).contains("called you");
        assertThat(notices.unread(reader.id)).isEqualTo(1);
    }

    @Test
    void theTriesOfOneMailTellTheSameUnderOneNameAndTheNextDayIsAnother() {
        Person reader = subscriber(Language.ENGLISH);
        CommentView first = mention(reader, person());
        List<Mail> tried = new ArrayList<>();
        Digests failing = digests(mail -> {
            tried.add(mail);
            throw new IllegalStateException("451 come back later");
        });
        now = now.plus(A_DAY);
        failing.round();
        // What comes between two tries of a mail is in the next one.
        CommentView second = mention(reader, person());
        sql.update("UPDATE talk_comment SET created_at = ? WHERE id = ?", now, second.id());
        now = now.plus(Duration.ofMinutes(6));

        assertThat(digests().round()).isEqualTo(1);
        now = now.plus(A_DAY);
        assertThat(digests().round()).isEqualTo(1);

        List<Mail> sent = mailbox.getMailsSentTo(reader.address);
        assertThat(name(sent.get(0))).isEqualTo(name(tried.get(0)));
        assertThat(sent.get(0).getText()).contains(first.link(slug)).doesNotContain(second.link(slug));
        assertThat(name(sent.get(1))).isNotEqualTo(name(tried.get(0)));
        assertThat(sent.get(1).getText()).contains(second.link(slug)).doesNotContain(first.link(slug));
    }

    private static String name(Mail mail) {
        return mail.getHeaders().get("Message-ID").get(0);
    }

    @Test
    void aMailThatMayHaveGoneIsNotSentAgainThatDay() {
        Person reader = subscriber(Language.ENGLISH);
        mention(reader, person());
        AtomicInteger tries = new AtomicInteger();
        Digests slow = digests(mail -> {
            tries.incrementAndGet();
            throw new Post.MayHaveGone(new TimeoutException());
        });
        now = now.plus(A_DAY);

        slow.round();
        for (int hour = 0; hour < 23; hour++) {
            now = now.plus(Duration.ofHours(1));
            assertThat(digests().round()).isZero();
        }

        assertThat(tries).hasValue(1);
        assertThat(count("unsure")).isEqualTo(1);
        now = now.plus(Duration.ofHours(2));
        assertThat(digests().round()).as("still unread a day later").isEqualTo(1);
    }

    @Test
    void aServerThatSaysNothingInTimeMayHaveTakenTheMail() {
        ReactiveMailer silent = mails -> Uni.createFrom().nothing();
        ReactiveMailer refusing = mails -> Uni.createFrom().failure(new IllegalStateException("550 no such mailbox"));
        ReactiveMailer taking = mails -> Uni.createFrom().voidItem();
        Mail mail = Mail.withText("vera@example.org", "a", "b");

        assertThatThrownBy(() -> new ServerPost(silent, Duration.ofMillis(10)).send(mail))
                .isInstanceOf(Post.MayHaveGone.class);
        assertThatThrownBy(() -> new ServerPost(refusing, Duration.ofSeconds(10)).send(mail))
                .isInstanceOf(IllegalStateException.class);
        assertThatCode(() -> new ServerPost(taking, Duration.ofSeconds(10)).send(mail))
                .doesNotThrowAnyException();
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> new ServerPost(silent, Duration.ofSeconds(10)).send(mail))
                    .isInstanceOf(Post.MayHaveGone.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "99, 0"})
    void aMailThatIsOutIsNotSentAgainIfThatCannotBeNoted(int failing, int noted) {
        Person reader = subscriber(Language.ENGLISH);
        mention(reader, person());
        AtomicInteger left = new AtomicInteger(failing);
        MailTable broken = new MailTable(sql, config, key) {
            @Override
            void sent(Due due, Instant toldUntil, Instant at) {
                if (left.getAndDecrement() > 0) {
                    throw new IllegalStateException("no connection");
                }
                super.sent(due, toldUntil, at);
            }
        };
        Digests digests =
                new Digests(broken, notices, news, candidates, letters, post, config, metrics, new TestClock());
        now = now.plus(A_DAY);

        assertThat(digests.round()).isEqualTo(1);
        for (int minutes = 0; minutes < 23 * 60; minutes += 10) {
            now = now.plus(Duration.ofMinutes(10));
            assertThat(digests.round()).isZero();
        }

        onlyMailTo(reader);
        assertThat(count("failed")).isZero();
        assertThat(number("SELECT count(last_sent_at)::int FROM mail_subscription"))
                .isEqualTo(noted);
    }

    @Test
    void whatIsReadBetweenTwoTriesIsNotMailed() {
        Person reader = subscriber(Language.ENGLISH);
        mention(reader, person());
        now = now.plus(A_DAY);
        digests(mail -> {
                    throw new IllegalStateException("451 come back later");
                })
                .round();
        notices.readAll(reader.id);
        now = now.plus(Duration.ofMinutes(6));

        assertThat(digests().round()).isZero();
        assertThat(number("SELECT failures FROM mail_subscription")).isZero();
    }

    @Test
    void aProcessThatDiesHasOneMailInHand() {
        for (int i = 0; i < 3; i++) {
            mention(subscriber(Language.ENGLISH), person());
        }
        now = now.plus(A_DAY);

        assertThatThrownBy(() -> digests(mail -> {
                            throw new OutOfMemoryError("of a test");
                        })
                        .round())
                .isInstanceOf(OutOfMemoryError.class);

        assertThat(digests().round()).isEqualTo(2);
    }

    @Test
    void aServerThatRefusesAllIsLeftInPeace() {
        for (int i = 0; i < 5; i++) {
            mention(subscriber(Language.ENGLISH), person());
        }
        AtomicInteger tries = new AtomicInteger();
        now = now.plus(A_DAY);

        digests(mail -> {
                    tries.incrementAndGet();
                    throw new IllegalStateException("no connection");
                })
                .round();

        assertThat(tries).hasValue(3);
        assertThat(number("SELECT count(*)::int FROM mail_subscription WHERE failures = 1"))
                .isEqualTo(3);
        assertThat(number("SELECT count(*)::int FROM mail_subscription WHERE next_at <= ?", now))
                .as("left as they were")
                .isEqualTo(2);
        now = now.plus(Duration.ofMinutes(6));
        assertThat(digests().round()).isEqualTo(5);
    }

    @Test
    void twoSendersAtTheSameTimeSendOneMailEach() throws Exception {
        List<Person> readers = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            readers.add(subscriber(Language.ENGLISH));
            mention(readers.get(i), person());
        }
        now = now.plus(A_DAY);
        CountDownLatch both = new CountDownLatch(2);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        // The mailbox of tests takes one letter at a time.
        Post oneByOne = mail -> {
            synchronized (mailbox) {
                post.send(mail);
            }
        };
        try {
            List<Future<Integer>> sent = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Digests digests = digests(oneByOne);
                sent.add(threads.submit(() -> {
                    both.countDown();
                    both.await();
                    return digests.round();
                }));
            }
            assertThat(sent.get(0).get() + sent.get(1).get()).isEqualTo(12);
        } finally {
            threads.shutdownNow();
        }

        assertThat(readers)
                .allSatisfy(reader ->
                        assertThat(mailbox.getMailsSentTo(reader.address)).hasSize(1));
    }

    @Test
    void whoStopsWhileTheirMailIsMadeGetsNone() {
        Person reader = subscriber(Language.ENGLISH);
        now = now.plus(A_DAY);
        MailTable.Due due = table.claim(now).orElseThrow();

        assertThat(table.stillWanted(due, new byte[] {1}, now)).isTrue();
        subscriptions.end(reader.id);
        assertThat(table.stillWanted(due, new byte[] {2}, now)).isFalse();
    }

    @Test
    void theApiAsksChangesAndEndsAndOwnDataHaveTheAddress() {
        Person ada = person();
        as(ada, "{\"address\": \"" + ada.address + "\", \"talk\": true, \"outcomes\": false, \"language\": \"ar\"}")
                .statusCode(202)
                .body("waiting", equalTo(ada.address))
                .body("address", nullValue())
                .body("language", equalTo("ar"));
        as(ada, "{\"address\": \"no address\", \"talk\": true, \"outcomes\": false}")
                .statusCode(400)
                .body("errors[0].field", equalTo("address"));
        subscriptions.confirm(token(CONFIRM, onlyMailTo(ada).getText()));

        bearer(ada).get("/account/settings/data").then().body("mail.address", equalTo(ada.address));
        bearer(ada)
                .contentType("application/json")
                .body("{\"talk\": false, \"outcomes\": true, \"language\": \"es\"}")
                .put("/api/v1/me/mail")
                .then()
                .statusCode(200)
                .body("outcomes", equalTo(true))
                .body("language", equalTo("es"));
        bearer(ada)
                .contentType("application/json")
                .header("Accept-Language", "en")
                .body("{\"talk\": true, \"outcomes\": true}")
                .put("/api/v1/me/mail")
                .then()
                .statusCode(200)
                .body("talk", equalTo(true))
                .body("language", equalTo("es"));
        bearer(ada).delete("/api/v1/me/mail").then().statusCode(204);
        bearer(ada).get("/api/v1/me/mail").then().statusCode(404);
        given().get("/api/v1/me/mail").then().statusCode(401);
    }

    private static io.restassured.specification.RequestSpecification bearer(Person person) {
        return given().header("Authorization", "Bearer " + person.token);
    }

    private static ValidatableResponse as(Person person, String body) {
        return bearer(person)
                .contentType("application/json")
                .body(body)
                .post("/api/v1/me/mail")
                .then();
    }

    @Test
    void theFormsOfTheSettingsDoTheSame() {
        Person ada = person();
        Response asked = bearer(ada)
                .redirects()
                .follow(false)
                .header("Accept-Language", "es")
                .formParam("address", ada.address)
                .formParam("talk", "true")
                .post("/account/settings/mail");
        asked.then().statusCode(303).header("Location", containsString("done=mail-asked"));
        assertThat(onlyMailTo(ada).getText()).contains("para la cuenta");

        bearer(ada)
                .get("/account/settings")
                .then()
                .statusCode(200)
                .body(containsString("A link is on its way to " + ada.address))
                .body(not(containsString("mail-address")));
        bearer(ada)
                .redirects()
                .follow(false)
                .formParam("address", "nobody")
                .formParam("talk", "true")
                .post("/account/settings/mail")
                .then()
                .statusCode(303)
                .header("Location", containsString("wrong=mail-address"));
        for (String form : List.of("mail", "mail/choice")) {
            bearer(ada)
                    .redirects()
                    .follow(false)
                    .formParam("address", ada.address)
                    .post("/account/settings/" + form)
                    .then()
                    .statusCode(303)
                    .header("Location", containsString("wrong=mail-choice"));
        }
        bearer(person())
                .redirects()
                .follow(false)
                .formParam("talk", "true")
                .post("/account/settings/mail/choice")
                .then()
                .header("Location", containsString("wrong=mail-none"));
        bearer(ada)
                .get("/account/settings?wrong=mail-address&lang=es")
                .then()
                .body(containsString("Escribe una dirección de correo"))
                .body(not(containsString("<span lang=\"en\"")));
        bearer(ada)
                .get("/account/settings?wrong=mail-often&lang=ar")
                .then()
                .body(containsString("أُرسل ما يكفي من الروابط"));
        bearer(ada)
                .redirects()
                .follow(false)
                .formParam("x", "")
                .post("/account/settings/mail/end")
                .then()
                .header("Location", containsString("done=mail-ended"));
        assertThat(subscriptions.of(ada.id)).isEmpty();
        // Another site cannot post in somebody's name.
        given().header("Sec-Fetch-Site", "cross-site")
                .formParam("x", "")
                .post("/account/settings/mail/end")
                .then()
                .statusCode(403);
    }
}
