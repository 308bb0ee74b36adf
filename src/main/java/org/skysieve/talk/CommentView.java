package org.skysieve.talk;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;

import org.skysieve.platform.Cursor;

/**
 * A comment.
 *
 * @param author the display name
 * @param username of the author: what a mention begins with an at-sign
 * @param role key of the author's role
 * @param body as it was written, Markdown; empty where it is hidden
 * @param html the same, safe to show; empty where it is hidden
 * @param editedAt null if it stands as it was written first
 * @param hidden why a moderator hid it, or null
 * @param title of its discussion
 */
public record CommentView(
        @JsonFormat(shape = JsonFormat.Shape.STRING) long id,
        @JsonFormat(shape = JsonFormat.Shape.STRING) long discussionId,
        String title,
        @JsonFormat(shape = JsonFormat.Shape.STRING) long volunteerId,
        String author,
        String username,
        String role,
        String body,
        String html,
        Instant createdAt,
        @Nullable Instant editedAt,
        @Nullable String hidden) {
    /** The path at which it is read, in its discussion. */
    public String link(String project) {
        return "/projects/" + project + "/talk/discussions/" + discussionId + "?cursor="
                + Cursor.of(Math.max(0, id - 1)) + "#comment-" + id;
    }
}
