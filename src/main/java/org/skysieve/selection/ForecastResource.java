package org.skysieve.selection;

import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What further votes will bring, for everybody to see. */
@Path("/api/v1/workflows/{id}/forecast")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "projects")
public class ForecastResource {
    private final Forecasts forecasts;

    ForecastResource(Forecasts forecasts) {
        this.forecasts = forecasts;
    }

    @GET
    @Operation(
            summary = "Votes and days until a completeness and a purity, with intervals, and what further votes gain")
    public ForecastView forecast(
            @PathParam("id") long workflowId,
            @QueryParam("completeness") @DefaultValue("0.9") double completeness,
            @QueryParam("purity") @DefaultValue("0.95") double purity) {
        return forecasts.of(workflowId, completeness, purity);
    }
}
