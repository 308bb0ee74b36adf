package org.skysieve.talk;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Block;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Image;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Link;
import org.commonmark.node.ListBlock;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.DefaultUrlSanitizer;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * Comments, and the texts of a project's people, as HTML that is safe to show: CommonMark without headings, images and raw HTML. Mentions, hashtags and addresses
 * become links; only http, https and mailto are followed. An image becomes a link to it, so that reading a comment asks no
 * third party for anything.
 */
public final class Markdown {
    /** A mention names at most so many people, a comment has at most so many tags; the others are plain text. */
    static final int MOST = 10;

    private static final Pattern SPECIAL = Pattern.compile("(?<address>https?://[^\\s<>\"]*[^\\s<>\".,:;!?)'\\]])"
            + "|(?<![\\p{L}\\p{N}_@.])@(?<name>[a-z0-9][a-z0-9._-]{1,38}[a-z0-9])"
            + "|(?<![\\p{L}\\p{N}_#&/])#(?<tag>\\p{L}[\\p{L}\\p{N}_-]{1,39})");

    private static final Set<Class<? extends Block>> BLOCKS =
            Set.of(BlockQuote.class, FencedCodeBlock.class, IndentedCodeBlock.class, ListBlock.class);
    private static final Parser PARSER =
            Parser.builder().enabledBlockTypes(BLOCKS).build();
    private static final HtmlRenderer RENDERER = HtmlRenderer.builder()
            .escapeHtml(true)
            .sanitizeUrls(true)
            .urlSanitizer(new DefaultUrlSanitizer(List.of("http", "https", "mailto")))
            .softbreak("<br>\n")
            .attributeProviderFactory(context -> (node, tag, attributes) -> {
                if (node instanceof Link) {
                    attributes.put("rel", "nofollow ugc noopener noreferrer");
                }
            })
            .build();

    private Markdown() {}

    /**
     * HTML of a comment.
     *
     * @param project its slug: hashtags lead to its search
     */
    public static String html(String body, String project) {
        Node document = PARSER.parse(body);
        document.accept(new Linker(project));
        return RENDERER.render(document);
    }

    /** Who is mentioned, each once, in order; no code and no addresses. */
    static List<String> mentions(String body) {
        return found(body, "name");
    }

    /** The hashtags, lower case, without the sign, each once, in order. */
    static List<String> tags(String body) {
        return found(body, "tag");
    }

    private static List<String> found(String body, String group) {
        Set<String> found = new LinkedHashSet<>();
        PARSER.parse(body).accept(new AbstractVisitor() {
            @Override
            public void visit(Text text) {
                Matcher matcher = SPECIAL.matcher(text.getLiteral());
                while (matcher.find() && found.size() < MOST) {
                    if (matcher.group(group) != null) {
                        found.add(matcher.group(group).toLowerCase(Locale.ROOT));
                    }
                }
            }
        });
        return List.copyOf(found);
    }

    private static final class Linker extends AbstractVisitor {
        private final String project;

        Linker(String project) {
            this.project = project;
        }

        @Override
        public void visit(Image image) {
            Link link = new Link(image.getDestination(), image.getTitle());
            Node first = image.getFirstChild();
            if (first == null) {
                link.appendChild(new Text(image.getDestination()));
            }
            while (first != null) {
                Node next = first.getNext();
                link.appendChild(first);
                first = next;
            }
            image.insertAfter(link);
            image.unlink();
        }

        @Override
        public void visit(Link link) {
            // What stands in a link stays as it is.
        }

        @Override
        public void visit(Code code) {
            // Likewise.
        }

        @Override
        public void visit(Text text) {
            String literal = text.getLiteral();
            Matcher matcher = SPECIAL.matcher(literal);
            Node last = text;
            int from = 0;
            while (matcher.find()) {
                last = after(last, new Text(literal.substring(from, matcher.start())));
                last = after(last, link(matcher));
                from = matcher.end();
            }
            if (from > 0) {
                after(last, new Text(literal.substring(from)));
                text.unlink();
            }
        }

        private static Node after(Node before, Node node) {
            before.insertAfter(node);
            return node;
        }

        private Link link(Matcher matcher) {
            String address = matcher.group("address");
            String name = matcher.group("name");
            String query = name != null ? "@" + name : "#" + matcher.group("tag");
            Link link = new Link(
                    address != null
                            ? address
                            : "/projects/" + project + "/talk/search?q="
                                    + URLEncoder.encode(query.toLowerCase(Locale.ROOT), StandardCharsets.UTF_8),
                    null);
            link.appendChild(new Text(matcher.group()));
            return link;
        }
    }
}
