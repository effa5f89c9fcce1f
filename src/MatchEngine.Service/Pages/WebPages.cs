using MatchEngine.Frs.Accounts;
using MatchEngine.Service.Access;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MatchEngine.Service.Pages;

/// <summary>Marks an endpoint as one for people: errors are told in HTML, and who is not signed in is led to the sign-in.</summary>
internal sealed class PageMarker;

/// <summary>
/// The web UI: pages rendered here, which work without a script and are quicker with one. They call the use cases that the REST resources
/// call, and show what these give.
/// </summary>
internal static class WebPages
{
    /// <summary>The header by which the script asks for the part of a page that a form fills.</summary>
    public const string FragmentHeader = "X-Fragment";

    public static void Add(IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddAntiforgery(options =>
        {
            options.FormFieldName = PageForm.TokenField;
            options.HeaderName = PageForm.TokenHeader;
            options.Cookie.Name = HostCookies.OurNames + "-form";
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            // The Content-Security-Policy says it for every answer.
            options.SuppressXFrameOptionsHeader = true;
        });
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        PageAssets.Map(app);
        ApiReferencePage.Map(app);
        var pages = app.MapGroup("").WithMetadata(new PageMarker()).ExcludeFromDescription();
        SessionPages.Map(pages);
        SearchPages.Map(pages);
        ComparisonPages.Map(pages);
        GalleryPages.Map(pages);
        SubjectPages.Map(pages);
        DuplicatePages.Map(pages);
        EnrolmentPages.Map(pages);
        ImportPages.Map(pages);
        ApprovalPages.Map(pages);
        OversightPages.Map(pages);
        CasePages.Map(pages);
        DetailsPages.Map(pages);
        RedressPages.Map(pages);
        NotificationPages.Map(pages);
        AuditPages.Map(pages);
        KeyPages.Map(pages);
        AccountPages.Map(pages);
        OwnAccountPages.Map(pages);
        TermsPages.Map(pages);
        TrainingPages.Map(pages);
        VettingPages.Map(pages);
        BenchPages.Map(pages);
        ExaminationPages.Map(pages);
        SheetPages.Map(pages);
        ReportPages.Map(pages);
    }

    /// <summary>A page.</summary>
    public static IResult Page<TView, TModel>(this HttpContext context, TModel model, int status = StatusCodes.Status200OK)
        where TView : View<TModel> =>
        new RazorComponentResult<TView>(new Dictionary<string, object?>
        {
            [nameof(View<TModel>.Frame)] = PageFrame.Of(context),
            [nameof(View<TModel>.Model)] = model,
        })
        { StatusCode = status, PreventStreamingRendering = true };

    /// <summary>Back to a page after a form was taken, with a word on what was done (one of <see cref="Notices"/>).</summary>
    public static IResult Done(string path, string notice) =>
        Results.Redirect($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}done={notice}");

    /// <summary>Whether the script asks for a part of the page.</summary>
    public static bool WantsFragment(this HttpContext context) => context.Request.Headers.ContainsKey(FragmentHeader);

    /// <summary>Who may open it; see <see cref="Policies"/>.</summary>
    public static RouteHandlerBuilder For(this RouteHandlerBuilder page, string policy) => page.RequireAuthorization(policy);
}

/// <summary>What every page is given.</summary>
/// <typeparam name="TModel">What it shows.</typeparam>
public abstract class View<TModel> : ComponentBase
{
    /// <summary>Who looks at it.</summary>
    [Parameter, EditorRequired]
    public PageFrame Frame { get; set; } = null!;

    /// <summary>What it shows.</summary>
    [Parameter, EditorRequired]
    public TModel Model { get; set; } = default!;
}
