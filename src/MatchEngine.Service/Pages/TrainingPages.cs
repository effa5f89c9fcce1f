using System.Globalization;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Sharing;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Pages;

/// <summary>Training.</summary>
/// <param name="Own">The reader's own courses.</param>
/// <param name="Accounts">The accounts of the reader's organisation, for those who certify; else null.</param>
public sealed record TrainingModel(IReadOnlyList<HeldTraining> Own, IReadOnlyList<TrainedAccount>? Accounts);

/// <summary>Who has learnt what a profile wants learnt, and who vouches for it.</summary>
internal static class TrainingPages
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/training", (HttpContext context, KeepingTraining training) =>
            {
                var actor = context.Actor();
                return context.Page<TrainingView, TrainingModel>(new TrainingModel(
                    training.Own(actor), actor.May(Policies.Certify) ? training.List(actor) : null));
            })
            .For(Policies.SignedIn);
        pages.MapPost("/training/{account}", async (string account, HttpContext context, KeepingTraining training) =>
            {
                using var form = await PageForm.ReadAsync(context);
                training.Record(context.Actor(), account, form.Text("course") ?? "", Day(form.Text("completed")));
                return WebPages.Done("/training", "training-certified");
            })
            .For(Policies.Certify);
        pages.MapPost("/training/{account}/{course}/withdrawal", async (
                string account, string course, HttpContext context, KeepingTraining training) =>
            {
                using var form = await PageForm.ReadAsync(context);
                training.Withdraw(context.Actor(), account, course);
                return WebPages.Done("/training", "training-withdrawn");
            })
            .For(Policies.Certify);
    }

    private static DateOnly Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw new ProblemException(Problem.BadValue, "completed is a day like 2026-03-31");
}
