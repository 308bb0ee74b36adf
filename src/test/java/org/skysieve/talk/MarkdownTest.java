package org.skysieve.talk;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class MarkdownTest {
    private static String html(String body) {
        return Markdown.html(body, "sky").strip();
    }

    @Test
    void linksMentionsTagsAndAddresses() {
        assertThat(html("Ask @vera.rubin about #Supernova at https://example.org/a?b=1."))
                .contains(" href=\"/projects/sky/talk/search?q=%40vera.rubin\"")
                .contains(">@vera.rubin</a>")
                .contains(" href=\"/projects/sky/talk/search?q=%23supernova\"")
                .contains(">#Supernova</a>")
                .contains("href=\"https://example.org/a?b=1\"")
                .contains("rel=\"nofollow ugc noopener noreferrer\"")
                .endsWith(".</p>");
    }

    @Test
    void findsWhoIsMentionedAndTheTagsOnce() {
        String body = "@anna, @anna and @Bob see #late #Late `@code #code` mail@host.org page#place";

        assertThat(Markdown.mentions(body)).containsExactly("anna");
        assertThat(Markdown.tags(body)).containsExactly("late");
    }

    @Test
    void takesAtMostTenOfEach() {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            many.append("@person").append(i).append(" #tag").append(i).append(' ');
        }

        assertThat(Markdown.mentions(many.toString())).hasSize(Markdown.MOST).startsWith("person0", "person1");
        assertThat(Markdown.tags(many.toString())).hasSize(Markdown.MOST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<script>alert(1)</script>",
                "<img src=x onerror=alert(1)>",
                "[click](javascript:alert(1))",
                "[click](data:text/html;base64,PHNjcmlwdD4=)",
                "![seen](https://tracker.example/pixel.png)",
                "# A heading\n<iframe src=//x>",
                "<a href='javascript:alert(1)'>x</a>",
                "@\"><script>x</script> #\"><script>"
            })
    void letsNothingThrough(String body) {
        assertThat(html(body))
                .doesNotContain("<script", "<img", "<iframe", "<h1", "=\"javascript:", "=\"data:", "<a href='");
    }

    @Test
    void anImageBecomesALinkToIt() {
        assertThat(html("![the spot](https://example.org/x.png)"))
                .contains("<a")
                .contains("href=\"https://example.org/x.png\"")
                .contains(">the spot</a>");
    }

    @Test
    void keepsListsQuotesAndCode() {
        assertThat(html("> said\n\n* one\n* two\n\n```\na < b\n```"))
                .contains("<blockquote>")
                .contains("<li>one</li>")
                .contains("<pre><code>a &lt; b");
    }
}
