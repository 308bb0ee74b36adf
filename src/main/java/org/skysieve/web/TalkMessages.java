package org.skysieve.web;

import io.quarkus.qute.i18n.MessageBundle;

/**
 * The texts of talk and notices, {@code {talk:key}} in templates: English is in messages/talk.properties, the others in
 * messages/talk_TAG.properties. A text that a language lacks is shown in English. At most 300 texts: Qute 3.34 makes no
 * code that runs for more.
 */
@MessageBundle("talk")
public interface TalkMessages {
    // Talk
    String title(String project);

    String of(String project);

    String searchAll();

    String searchHint();

    String search();

    String searchTitle(String project);

    String searchWith(String query);

    String latest();

    String reports(String n);

    String addBoard();

    String boardTitle();

    String boardSlug();

    String boardAbout();

    String boardAdd();

    String discussions();

    String older();

    String start();

    String startIt();

    String yourComment();

    String commentHint();

    String needsAccount();

    String follow();

    String unfollow();

    String open();

    String close();

    String closed();

    String nothing();

    String startedBy(String name);

    String candidate(String id);

    String comments(String n);

    String commentsMore(String n);

    String commentsList();

    String rewritten();

    String hidden(String reason);

    String rewrite();

    String save();

    String report();

    String reportWhy();

    String reportSend();

    String showAgain();

    String keep();

    String hide();

    String hideWhy();

    String hideIt();

    String later();

    String nobody();

    String isClosed();

    String sayIt();

    String noExcerpts();

    String reported();

    String reportedTitle(String project);

    String reportedBy(String name, String reason);

    String noticesLead();

    String noticesReadAll();

    String noticesMentions();

    String noticesMentionsNew();

    String noticesAfter();

    String noticesAfterNew();

    String roleScientist();

    String roleModerator();

    String roleAdministrator();
}
