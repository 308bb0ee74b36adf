package org.skysieve.selection;

import java.time.Instant;
import java.util.List;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.classification.AssignmentView;
import org.skysieve.platform.ReaderLanguage;
import org.skysieve.project.Rules;

/** Serves candidates to volunteers and guests. */
@Path("/api/v1/workflows/{id}/assignments")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "classifying")
public class SelectionResource {
    private static final int DEFAULT_COUNT = 10;

    private final Selection selection;
    private final CurrentVolunteer volunteer;
    private final Why why;
    private final ReaderLanguage reader;

    SelectionResource(Selection selection, CurrentVolunteer volunteer, Why why, ReaderLanguage reader) {
        this.selection = selection;
        this.volunteer = volunteer;
        this.why = why;
        this.reader = reader;
    }

    /**
     * @param count 1..20, 10 when absent: how many to hold in all
     * @param feed "teaching", also when absent, or "showcase"
     */
    public record Wanted(@Nullable Integer count, @Nullable String feed) {}

    /**
     * One candidate to look at; ids are strings. Nothing here tells a gold standard from the rest.
     *
     * @param why in the reader's language
     */
    public record Assigned(String id, String candidateId, String workflowId, Instant leaseUntil, String why) {}

    /**
     * @param volunteerId whose they are: a guest without an account learns here who they are
     * @param reason "nothing-open", "all-seen" or "all-leased" where there are no assignments, else null
     * @param note "showcase-full" or "showcase-empty" where the showcase was asked for and teaching served, else null
     */
    public record Answer(
            String volunteerId,
            List<Assigned> assignments,
            @Nullable String reason,
            @Nullable String note) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Candidates to classify: those held already, then new ones, under a lease")
    public Answer next(@PathParam("id") long workflowId, @Nullable Wanted wanted) {
        Integer count = wanted == null ? null : wanted.count();
        String feed = wanted == null ? null : wanted.feed();
        long volunteerId = volunteer.id();
        Serving serving = selection.next(
                workflowId,
                volunteerId,
                count == null ? DEFAULT_COUNT : count,
                feed == null ? Feed.TEACHING : Feed.of(feed));
        Serving.Reason reason = serving.reason();
        Serving.Note note = serving.note();
        Rules rules = selection.rules(workflowId);
        WhyMessages language = Why.messages(reader.now());
        return new Answer(
                Long.toString(volunteerId),
                serving.assignments().stream()
                        .map(each -> assigned(each, rules, language))
                        .toList(),
                reason == null ? null : reason.key(),
                note == null ? null : note.key());
    }

    private Assigned assigned(AssignmentView assignment, Rules rules, WhyMessages language) {
        return new Assigned(
                Long.toString(assignment.id()),
                Long.toString(assignment.candidateId()),
                Long.toString(assignment.workflowId()),
                assignment.leaseUntil(),
                why.sentence(assignment, rules).in(language));
    }
}
