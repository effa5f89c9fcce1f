using System.Security.Claims;
using System.Threading.RateLimiting;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Settings;
using Microsoft.AspNetCore.RateLimiting;

namespace MatchEngine.Service.Access;

/// <summary>How often one account may ask, and how often one address, or one account about itself, may try passwords.</summary>
internal static class RateLimits
{
    public const string SignIn = "sign-in";

    /// <summary>The most bytes of a sign-in: anybody may send one.</summary>
    public const int SignInBytes = 8 << 10;

    /// <summary>Who a request counts for: the account, or the address of whoever is not signed in.</summary>
    public static string PartyOf(HttpContext context) => context.User.FindFirstValue(ClaimTypes.NameIdentifier) is { } account
        ? "account " + account
        : "address " + ClientAddress.Of(context);

    /// <param name="options">Takes them.</param>
    /// <param name="limits">How often.</param>
    /// <param name="answer">Answers who asks too often.</param>
    public static void Add(RateLimiterOptions options, ServiceLimits limits, Func<HttpContext, ProblemException, Task> answer)
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.OnRejected = async (context, _) =>
        {
            var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
            await answer(context.HttpContext, new ProblemException(
                Problem.RateLimited, "this account or address asks too often; wait as long as Retry-After says") { RetryAfter = wait });
        };
        // Whoever is not signed in gets no further than health, description and sign-in.
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
            RateLimitPartition.GetTokenBucketLimiter(PartyOf(context), _ => Bucket(limits.RequestsPerMinute)));
        options.AddPolicy(SignIn, context =>
            RateLimitPartition.GetTokenBucketLimiter("sign-in " + PartyOf(context), _ => Bucket(limits.SignInsPerMinute)));
    }

    // A minute's worth may come at once; then it drips.
    private static TokenBucketRateLimiterOptions Bucket(int perMinute)
    {
        var perSecond = Math.Max(1, perMinute / 60);
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = perMinute,
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(60.0 * perSecond / perMinute),
            QueueLimit = 0,
            AutoReplenishment = true,
        };
    }
}
