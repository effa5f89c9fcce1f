using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries.Properties;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Rest;

/// <summary>A gallery that another organisation shares, or would share, with the caller's.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Owner">The organisation that owns its records.</param>
/// <param name="Profile">The profile that searches of it follow.</param>
/// <param name="Approved">Whether all may use it; otherwise each search of it needs a supervisor's approval.</param>
/// <param name="MaySearch">Whether the owner lets the caller's organisation search.</param>
/// <param name="Fields">The keys of biographics that it would see; null for all.</param>
/// <param name="State">What the caller's organisation has said to it: it takes effect when it is <c>accepted</c>.</param>
/// <param name="MayEnrol">Whether the owner lets the caller's organisation enrol: what it enrols is its own data.</param>
public sealed record SharedGalleryResponse(
    string Name, string Owner, string Profile, bool Approved, bool MaySearch, IReadOnlyList<string>? Fields, SharingState State,
    bool MayEnrol)
{
    internal static SharedGalleryResponse Of(SharedGallery gallery) => new(
        gallery.Name, gallery.Owner, gallery.Profile, gallery.Approved, gallery.Permission.MaySearch, gallery.Permission.Fields.Keys,
        gallery.Permission.State, gallery.Permission.MayEnrol);
}

/// <summary>What an organisation says to the sharing of a gallery with it.</summary>
/// <param name="Accepted">Whether it takes part; false declines what is offered, and withdraws from what was accepted.</param>
public sealed record SharingAnswer(bool Accepted);

/// <summary><c>/v1/shared-galleries</c>: what others share with one's organisation, and whether it takes part.</summary>
internal static class SharedGalleriesResource
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/shared-galleries", (HttpContext context, AnsweringOffers offers) =>
                offers.List(context.Actor()).Select(SharedGalleryResponse.Of).ToList())
            .Needs(Policies.AcceptSharing).WithName("listSharedGalleries")
            .WithSummary("What other organisations share, or would share, with one's own").WithTags("galleries")
            .Produces<IReadOnlyList<SharedGalleryResponse>>();
        v1.MapPut("/shared-galleries/{gallery}", (string gallery, SharingAnswer answer, HttpContext context, AnsweringOffers offers) =>
                SharedGalleryResponse.Of(offers.Answer(context.Actor(), gallery, answer.Accepted)))
            .Needs(Policies.AcceptSharing).WithName("answerSharing")
            .WithSummary("Accept that a gallery is shared with one's organisation; or decline, or withdraw").WithTags("galleries")
            .Produces<SharedGalleryResponse>().Problems(400, 404);
    }
}
