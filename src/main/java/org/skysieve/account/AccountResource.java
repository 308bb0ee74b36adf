package org.skysieve.account;

import java.net.URI;
import java.util.List;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

import org.skysieve.platform.Problem;

/** People and tokens. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
class AccountResource {
    /** Role and a missing password are for administrators. */
    record NewAccount(
            @NotNull String username,
            @Nullable String displayName,
            @Nullable String password,
            @Nullable Role role) {}

    /** {@code token} only where it was asked for. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record CreatedAccount(
            long id,
            @Nullable String username,
            String displayName,
            Role role,
            @Nullable String token) {}

    /** Somebody unknown has no id yet. */
    record Me(@Nullable Long id, boolean guest, @Nullable String username, String displayName, Role role) {}

    record NewToken(@NotNull String label) {}

    record NewRole(@NotNull Role role) {}

    record TokenList(List<TokenView> items) {}

    private final Accounts accounts;
    private final OwnAccount own;
    private final SignUp signUp;
    private final CurrentVolunteer current;

    AccountResource(Accounts accounts, OwnAccount own, SignUp signUp, CurrentVolunteer current) {
        this.accounts = accounts;
        this.own = own;
        this.signUp = signUp;
        this.current = current;
    }

    @POST
    @Path("accounts")
    public Response create(@NotNull @Valid NewAccount request, @RestQuery boolean token) {
        AccountView made = current.has(Role.ADMINISTRATOR) ? byAdministrator(request) : bySelf(request);
        String secret = token ? accounts.issueToken(made.id(), "from sign-up").token() : null;
        return Response.created(URI.create("/api/v1/accounts/" + made.id()))
                .entity(new CreatedAccount(made.id(), made.username(), made.displayName(), made.role(), secret))
                .build();
    }

    private AccountView byAdministrator(NewAccount request) {
        Role role = request.role == null ? Role.VOLUNTEER : request.role;
        long id = accounts.create(request.username, request.displayName, request.password, role);
        return accounts.find(id).orElseThrow();
    }

    private AccountView bySelf(NewAccount request) {
        if (request.role != null && request.role != Role.VOLUNTEER) {
            throw Problem.forbidden("only an administrator gives the role " + request.role.key());
        }
        if (request.password == null) {
            throw Problem.badField(
                    "password",
                    "got none, need " + Accounts.MIN_PASSWORD + ".." + Accounts.MAX_PASSWORD + " characters");
        }
        return signUp.now(request.username, request.displayName, request.password);
    }

    @GET
    @Path("accounts/{id}")
    public AccountView account(long id) {
        if (current.idIfKnown().orElse(-1) != id) {
            current.require(Role.ADMINISTRATOR);
        }
        return accounts.find(id).orElseThrow(() -> Problem.notFound("no account " + id));
    }

    @PUT
    @Path("accounts/{id}/role")
    public AccountView changeRole(long id, @NotNull @Valid NewRole request) {
        current.require(Role.ADMINISTRATOR);
        accounts.changeRole(id, request.role);
        return account(id);
    }

    @GET
    @Path("me")
    public Me me() {
        return current.account()
                .map(a -> new Me(a.id(), a.guest(), a.username(), a.displayName(), a.role()))
                .orElseGet(() -> new Me(null, true, null, current.displayName(), Role.VOLUNTEER));
    }

    @GET
    @Path("tokens")
    public TokenList tokens() {
        current.require(Role.VOLUNTEER);
        return new TokenList(own.tokens(current.id()));
    }

    @POST
    @Path("tokens")
    public Response issueToken(@NotNull @Valid NewToken request) {
        current.require(Role.VOLUNTEER);
        Accounts.IssuedToken token = accounts.issueToken(current.id(), request.label);
        return Response.created(URI.create("/api/v1/tokens/" + token.id()))
                .entity(token)
                .build();
    }

    @DELETE
    @Path("tokens/{id}")
    public void revokeToken(long id) {
        current.require(Role.VOLUNTEER);
        accounts.revokeToken(current.id(), id);
    }
}
