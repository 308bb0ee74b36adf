package org.skysieve.collection;

import java.util.List;
import java.util.OptionalLong;

import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import org.skysieve.account.CurrentVolunteer;

/** One's own favourites and the list of one's collections. */
@Path("/api/v1")
@Tag(name = "collections")
@Produces(MediaType.APPLICATION_JSON)
class FavouriteResource {
    record FavouritesView(List<Long> candidateIds) {}

    private final Favourites favourites;
    private final Collections collections;
    private final CurrentVolunteer volunteer;

    FavouriteResource(Favourites favourites, Collections collections, CurrentVolunteer volunteer) {
        this.favourites = favourites;
        this.collections = collections;
        this.volunteer = volunteer;
    }

    @GET
    @Path("me/favourites")
    public FavouritesView favourites() {
        OptionalLong me = volunteer.idIfKnown();
        return new FavouritesView(me.isEmpty() ? List.of() : favourites.of(me.getAsLong()));
    }

    @PUT
    @Path("me/favourites/{candidateId}")
    public void add(@PathParam("candidateId") long candidateId) {
        favourites.add(volunteer.id(), candidateId);
    }

    @DELETE
    @Path("me/favourites/{candidateId}")
    public void remove(@PathParam("candidateId") long candidateId) {
        OptionalLong me = volunteer.idIfKnown();
        if (me.isPresent()) {
            favourites.remove(me.getAsLong(), candidateId);
        }
    }

    @GET
    @Path("me/collections")
    public List<Collections.Title> collections() {
        OptionalLong me = volunteer.idIfKnown();
        return me.isEmpty() ? List.of() : collections.of(me.getAsLong(), OptionalLong.empty());
    }
}
