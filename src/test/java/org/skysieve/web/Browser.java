package org.skysieve.web;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import org.junit.jupiter.api.Assumptions;

/**
 * The Chromium of this machine, for browser tests. Without one a test is skipped, saying so, unless the system property
 * {@code skysieve.browser} is {@code required}: then it fails.
 */
public final class Browser implements AutoCloseable {
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome");
    private static final List<String> ARGUMENTS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    /** What a page is looked at with. */
    public record Viewport(int width, int height, boolean dark) {
        public static final Viewport LAPTOP = new Viewport(1280, 800, false);
        public static final Viewport PHONE = new Viewport(390, 844, false);

        public Viewport inTheDark() {
            return new Viewport(width, height, true);
        }

        /** All four looks that each page must pass in. */
        public static List<Viewport> all() {
            return List.of(LAPTOP, LAPTOP.inTheDark(), PHONE, PHONE.inTheDark());
        }

        public String label() {
            return width + (dark ? "-dark" : "-light");
        }
    }

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;

    private Browser(Playwright playwright, com.microsoft.playwright.Browser chromium) {
        this.playwright = playwright;
        this.chromium = chromium;
    }

    /** Starts Chromium without a window; skips or fails the calling test if there is none. */
    public static Browser start() {
        Optional<Path> executable = find();
        if (executable.isEmpty()) {
            String message = "no Chromium found on the PATH (looked for " + String.join(", ", NAMES)
                    + "): install one to run the browser tests";
            if ("required".equals(System.getProperty("skysieve.browser"))) {
                throw new AssertionError(message);
            }
            Assumptions.abort(message);
        }
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        return new Browser(
                playwright,
                playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(executable.orElseThrow())
                                .setArgs(ARGUMENTS)));
    }

    private static Optional<Path> find() {
        List<Path> candidates = new ArrayList<>();
        for (String folder : System.getenv().getOrDefault("PATH", "/usr/bin").split(":")) {
            for (String name : NAMES) {
                candidates.add(Path.of(folder, name));
            }
        }
        return candidates.stream().filter(Files::isExecutable).findFirst();
    }

    /** A new context (its own cookies and storage) with one page. */
    public Page open(Viewport viewport) {
        return context(viewport).newPage();
    }

    public BrowserContext context(Viewport viewport) {
        return chromium.newContext(options(viewport));
    }

    /** A new context that runs no script of any page. */
    public BrowserContext withoutScript(Viewport viewport) {
        return chromium.newContext(options(viewport).setJavaScriptEnabled(false));
    }

    private static com.microsoft.playwright.Browser.NewContextOptions options(Viewport viewport) {
        boolean phone = viewport.width() < 600;
        return new com.microsoft.playwright.Browser.NewContextOptions()
                .setViewportSize(viewport.width(), viewport.height())
                .setColorScheme(viewport.dark() ? ColorScheme.DARK : ColorScheme.LIGHT)
                .setReducedMotion(ReducedMotion.NO_PREFERENCE)
                .setHasTouch(phone)
                .setIsMobile(phone)
                .setDeviceScaleFactor(phone ? 2 : 1);
    }

    /** What axe-core finds wrong with the page as it is now: one line a finding; empty is what we want. */
    public static List<String> accessibilityFindings(Page page) {
        return new AxeBuilder(page)
                        .withTags(List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"))
                        .analyze()
                        .getViolations()
                        .stream()
                        .map(Browser::words)
                        .toList();
    }

    private static String words(Rule rule) {
        return rule.getId() + ": " + rule.getHelp() + " "
                + rule.getNodes().stream()
                        .map(node -> node.getTarget() + " "
                                + node.getFailureSummary().replaceAll("\\s+", " "))
                        .toList();
    }

    /** A window of somebody who has signed in. */
    Page signIn(Viewport viewport, String root, String name, String password) {
        Page page = open(viewport);
        page.navigate(root + "sign-in");
        page.getByLabel("Username").fill(name);
        page.getByLabel("Password").fill(password);
        page.getByTestId("sign-in-submit").click();
        PlaywrightAssertions.assertThat(page.getByTestId("nav-account")).hasText(name);
        return page;
    }

    /** Photographs a page, and adds what axe finds and whether it is wider than its window. */
    static void check(Page page, Viewport viewport, String name, List<String> findings) {
        String where = viewport.label() + " " + name;
        screenshot(page, name + "-" + viewport.label());
        accessibilityFindings(page).forEach(finding -> findings.add(where + ": " + finding));
        Integer width = (Integer) page.evaluate("() => document.documentElement.scrollWidth");
        if (width > viewport.width()) {
            findings.add(where + ": " + width + " pixels wide");
        }
    }

    /** Saves the page as target/screenshots/NAME.png. */
    public static void screenshot(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "screenshots", name + ".png")));
    }

    @Override
    public void close() {
        chromium.close();
        playwright.close();
    }
}
