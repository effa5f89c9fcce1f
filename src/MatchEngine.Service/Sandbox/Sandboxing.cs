using MatchEngine.Service.Access;
using MatchEngine.Service.Settings;

namespace MatchEngine.Service.Sandbox;

/// <summary>
/// What the switches <c>--sandbox</c> and <c>--allow-faults</c> put into a service. Without them nothing of it is there: no route, no
/// step on the way of a request.
/// </summary>
internal static class Sandboxing
{
    /// <summary>The services, the clock among them.</summary>
    public static void Add(IServiceCollection services, ServiceSettings settings)
    {
        if (HasFaults(settings))
        {
            services.AddSingleton<Faults>();
            services.AddSingleton<FaultyList>();
        }
        if (!settings.Sandbox)
        {
            services.AddSingleton(TimeProvider.System);
            services.AddSingleton(provider => new WallClock(provider.GetRequiredService<TimeProvider>()));
            return;
        }
        services.AddSingleton(new WallClock(TimeProvider.System));
        services.AddSingleton<MovableClock>();
        services.AddSingleton<TimeProvider>(provider => provider.GetRequiredService<MovableClock>());
        services.AddSingleton<ClientConduct>();
    }

    /// <summary>Looks at requests from outside: who came, and what became of them.</summary>
    public static void Observe(IApplicationBuilder app, ServiceSettings settings)
    {
        if (settings.Sandbox)
            app.UseMiddleware<ConductObserver>();
    }

    /// <summary>Stands between who may ask and the endpoints.</summary>
    public static void Disturb(IApplicationBuilder app, ServiceSettings settings)
    {
        if (HasFaults(settings))
            app.UseMiddleware<FaultyAnswers>();
    }

    /// <summary>The routes.</summary>
    public static void Map(IEndpointRouteBuilder v1, ServiceSettings settings)
    {
        if (HasFaults(settings))
            FaultsResource.Map(v1);
        if (!settings.Sandbox)
            return;
        ClockResource.Map(v1);
        ConformityResource.Map(v1);
        ResetResource.Map(v1);
    }

    private static bool HasFaults(ServiceSettings settings) => settings.Sandbox || settings.AllowFaults;
}
