package org.skysieve.web;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.inject.Inject;

import com.microsoft.playwright.Page;
import io.quarkus.mailer.Mail;
import io.quarkus.mailer.MockMailbox;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.skysieve.platform.PostgresResource;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/** News by mail as a browser shows them: asked for, confirmed, changed and ended, in every look. */
@QuarkusTest
@WithTestResource(PostgresResource.class)
class MailPagesTest {
    private static final Pattern LINK = Pattern.compile("https://skysieve\\.test/(mail/\\w+\\?token=[\\w-]+)");
    private static Browser browser;

    @TestHTTPResource("/")
    String root;

    @Inject
    MockMailbox mailbox;

    @BeforeAll
    static void openBrowser() {
        browser = Browser.start();
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void newsAreAskedForConfirmedChangedAndEnded() {
        List<String> findings = new ArrayList<>();
        for (Browser.Viewport viewport : Browser.Viewport.all()) {
            String name = "mail-" + UUID.randomUUID().toString().substring(0, 10);
            String address = name + "@example.org";
            Page page = browser.open(viewport);
            page.navigate(root + "sign-up");
            page.getByLabel("Username").fill(name);
            page.getByLabel("Password").fill("a sentence works well");
            page.getByTestId("sign-up-submit").click();

            page.navigate(root + "account/settings");
            assertThat(page.getByLabel("Mail address")).hasValue("");
            page.getByLabel("Mail address").fill(address);
            page.getByLabel("What became of candidates that I voted on").uncheck();
            page.getByTestId("mail-ask").click();
            assertThat(page.getByTestId("done")).containsText("Look into your mail");
            assertThat(page.getByTestId("mail-waiting")).containsText(address);
            look(page, viewport, "waiting", findings);

            Mail mail = mailbox.getMailsSentTo(address).get(0);
            Matcher links = LINK.matcher(mail.getText());
            assertThat(links.find()).isTrue();
            // In another browser, signed in nowhere: a mail is often read on a phone.
            Page elsewhere = browser.open(viewport);
            elsewhere.navigate(root + links.group(1));
            look(elsewhere, viewport, "confirm", findings);
            elsewhere.getByTestId("mail-do").click();
            assertThat(elsewhere.getByTestId("mail-said")).hasText("Your address is confirmed.");
            look(elsewhere, viewport, "confirmed", findings);

            page.navigate(root + "account/settings");
            assertThat(page.getByTestId("mail-address")).hasText("News go to " + address + ".");
            look(page, viewport, "settings", findings);
            page.locator("form[action$='/choice']")
                    .getByLabel("What became of candidates that I voted on")
                    .check();
            page.getByTestId("mail-save").click();
            assertThat(page.getByTestId("done")).hasText("It is saved.");

            assertThat(links.find()).isTrue();
            elsewhere.navigate(root + links.group(1));
            look(elsewhere, viewport, "stop", findings);
            elsewhere.getByTestId("mail-do").click();
            assertThat(elsewhere.getByTestId("mail-said")).containsText("No more mails will come");
            page.navigate(root + "account/settings");
            assertThat(page.getByTestId("mail-address")).hasCount(0);
            page.context().close();
            elsewhere.context().close();
        }

        assertThat(findings).isEmpty();
    }

    private static void look(Page page, Browser.Viewport viewport, String name, List<String> findings) {
        String where = "mail-" + name + "-" + viewport.label();
        page.locator("h1, #mail").last().evaluate("heading => heading.scrollIntoView()");
        Browser.screenshot(page, where);
        Browser.accessibilityFindings(page).forEach(finding -> findings.add(where + ": " + finding));
        Integer width = (Integer) page.evaluate("() => document.documentElement.scrollWidth");
        if (width > viewport.width()) {
            findings.add(where + ": " + width + " pixels wide");
        }
    }
}
