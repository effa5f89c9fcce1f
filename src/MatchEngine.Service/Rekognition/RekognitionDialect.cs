using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Intake;
using Microsoft.AspNetCore.Authentication;

namespace MatchEngine.Service.Rekognition;

/// <summary>An answer.</summary>
/// <param name="Body">Its members.</param>
internal sealed record Reply(object Body)
{
    /// <summary>What is told in headers; it is asked for when the buffers of the request are cleared.</summary>
    public Action<IHeaderDictionary> Tell { get; init; } = _ => { };

    public static Task<Reply> Of(object body) => Task.FromResult(new Reply(body));
}

/// <summary>An operation.</summary>
/// <param name="Policy">Who may: one of <see cref="Policies"/>.</param>
/// <param name="RunAsync">Does it.</param>
internal sealed record Operation(string Policy, Func<RekognitionCall, Task<Reply>> RunAsync);

/// <summary>The dialect of Amazon Rekognition: one address, and a header that names the operation.</summary>
internal static class RekognitionDialect
{
    /// <summary>The operations by their names.</summary>
    public static IReadOnlyDictionary<string, Operation> Operations { get; } = new Dictionary<string, Operation>(StringComparer.Ordinal)
    {
        ["CreateCollection"] = new(Policies.CreateGallery, Collections.CreateAsync),
        ["ListCollections"] = new(Policies.SignedIn, Collections.ListAsync),
        ["DescribeCollection"] = new(Policies.SignedIn, Collections.DescribeAsync),
        ["DeleteCollection"] = new(Policies.CreateGallery, Collections.DeleteAsync),
        ["IndexFaces"] = new(Policies.KeepGallery, IndexedFaces.IndexAsync),
        ["ListFaces"] = new(Policies.KeepGallery, IndexedFaces.ListAsync),
        ["DeleteFaces"] = new(Policies.KeepGallery, IndexedFaces.DeleteAsync),
        ["SearchFacesByImage"] = new(Policies.Search, FaceSearches.ByImageAsync),
        ["SearchFaces"] = new(Policies.Search, FaceSearches.ByFaceAsync),
        ["CreateUser"] = new(Policies.KeepGallery, Users.CreateAsync),
        ["ListUsers"] = new(Policies.KeepGallery, Users.ListAsync),
        ["DeleteUser"] = new(Policies.KeepGallery, Users.DeleteAsync),
        ["AssociateFaces"] = new(Policies.KeepGallery, Users.AssociateAsync),
        ["DisassociateFaces"] = new(Policies.KeepGallery, Users.DisassociateAsync),
        ["SearchUsersByImage"] = new(Policies.Search, Users.SearchByImageAsync),
        ["CompareFaces"] = new(Policies.Compare, FaceComparisons.CompareAsync),
        ["DetectFaces"] = new(Policies.Compare, FaceComparisons.DetectAsync),
    };

    public static void Add(IServiceCollection services) => services.AddAuthentication()
        .AddScheme<AuthenticationSchemeOptions, SignatureAuthentication>(SignatureAuthentication.SchemeName, null);

    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/", Answer)
        .RequireAuthorization(Policies.SignedIn).WhenReady()
        .WithMetadata(new SignedInBy(SignatureAuthentication.SchemeName), new RekognitionErrors())
        .ExcludeFromDescription();

    private static async Task<IResult> Answer(HttpContext context, AuditingRefusals refusals)
    {
        var target = context.Request.Headers[RekognitionProtocol.TargetHeader].ToString();
        if (!target.StartsWith(RekognitionProtocol.TargetPrefix, StringComparison.Ordinal)
            || !Operations.TryGetValue(target[RekognitionProtocol.TargetPrefix.Length..], out var operation))
            throw new ProblemException(
                RekognitionErrors.UnknownOperation,
                $"'{RekognitionProtocol.TargetHeader}' names no operation that is offered here; there are "
                    + $"{string.Join(", ", Operations.Keys)}");
        var actor = context.Actor();
        if (!actor.May(operation.Policy))
            await refusals.RefuseAsync(actor, operation.Policy);
        actor.Require(operation.Policy);
        Reply reply;
        using (var call = new RekognitionCall(context))
            reply = await operation.RunAsync(call);
        context.Response.Headers[RekognitionProtocol.RequestIdHeader] = context.TraceIdentifier;
        reply.Tell(context.Response.Headers);
        return Results.Json(reply.Body, RekognitionProtocol.Json, RekognitionProtocol.ContentType);
    }
}
