using MatchEngine.Frs;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Extraction;
using MatchEngine.Frs.Probes;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Encryption;
using MatchEngine.Galleries.Errors;
using MatchEngine.Service.Access;
using MatchEngine.Service.CompreFace;
using MatchEngine.Service.DropFolder;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Intake;
using MatchEngine.Service.Observability;
using MatchEngine.Service.Pages;
using MatchEngine.Service.Rekognition;
using MatchEngine.Service.Rest;
using MatchEngine.Service.Sandbox;
using MatchEngine.Service.Settings;
using MatchEngine.Sqlite;
using MatchEngine.Sqlite.Book;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MatchEngine.Service.Hosting;

/// <summary>Puts the service together.</summary>
internal static class ServiceHost
{
    public const string EnvironmentPrefix = "MATCHENGINE_";

    /// <summary>The settings: what was given, else the environment, else <c>appsettings.json</c> beside the program.</summary>
    /// <exception cref="ServiceSettingsException">A value cannot be used.</exception>
    public static ServiceSettings Settings(IEnumerable<KeyValuePair<string, string?>> given)
    {
        var configuration = new ConfigurationBuilder()
            .SetBasePath(AppContext.BaseDirectory)
            .AddJsonFile("appsettings.json", optional: true)
            .AddEnvironmentVariables(EnvironmentPrefix)
            .AddInMemoryCollection(given)
            .Build();
        try
        {
            var settings = new ServiceSettings();
            configuration.Bind(settings);
            settings.Limits.Validate();
            settings.OpenIdConnect.Validate();
            return settings;
        }
        catch (InvalidOperationException e)
        {
            throw new ServiceSettingsException($"a setting cannot be read: {e.Message} {e.InnerException?.Message}", e);
        }
    }

    /// <summary>Makes the application; nothing is served yet.</summary>
    /// <param name="settings">How it is run.</param>
    /// <param name="replace">Puts other services in the place of ours; for tests.</param>
    /// <exception cref="ServiceSettingsException">An address or the certificate cannot be used.</exception>
    /// <exception cref="StoreException">The databases cannot be opened.</exception>
    /// <exception cref="DataKeyException">The keys of encryption at rest cannot be used.</exception>
    public static WebApplication Build(ServiceSettings settings, Action<IServiceCollection>? replace = null)
    {
        // Before the first file is made.
        NewFiles.BelongToTheirOwnerAlone();
        var addresses = Addresses.Parse(settings);
        var metrics = Addresses.ParseMetrics(settings);
        var forwarded = Proxies.Parse(settings);
        var builder = Begin(settings, addresses);

        var services = builder.Services;
        services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(settings.Limits.ShutdownSeconds));
        services.AddSingleton(settings);
        Sandboxing.Add(services, settings);
        services.AddMetrics();
        services.AddSingleton<Telemetry>();
        services.AddSingleton<IServiceMeter>(provider => provider.GetRequiredService<Telemetry>());
        services.AddSingleton(provider => SqliteServiceBook.Open(
            settings.DataFolder, provider.GetRequiredService<TimeProvider>(), new IdentityPasswords()));
        services.AddSingleton(provider => SqliteDataFolder.OpenAudit(
            settings.DataFolder, provider.GetRequiredService<TimeProvider>(), headFile: settings.AuditHeadFile));
        var dataKeys = settings.DataKeyFile is { Length: > 0 } file ? DataKeys.Read(file) : DataKeys.FromEnvironment();
        if (dataKeys is not null)
            services.AddSingleton(dataKeys);
        services.AddSingleton(provider => SqliteDataFolder.Open(
            settings.DataFolder, provider.GetRequiredService<TimeProvider>(), keys: dataKeys));
        AddBook(services);
        services.AddSingleton(provider => new AuditedJournal(
            provider.GetRequiredService<AuditLog>(), provider.GetRequiredService<GalleryCatalog>(), new ChangeAuthor(Actor.ServiceAccount),
            provider.GetRequiredService<IServiceStore>(), [provider.GetRequiredService<IServiceStore>()],
            provider.GetService<IChangeObserver>()));
        services.AddSingleton<ChangeJournal>(provider => provider.GetRequiredService<AuditedJournal>());
        UseCases.Add(services, settings);
        services.AddSingleton(new DiskRoom(() => FreeSpace.Of(settings.DataFolder)));
        services.AddSingleton(new MemoryBudget(settings.Limits.BytesInFlight));
        services.AddSingleton<Readiness>();
        services.AddHostedService<OthersAccess>();
        services.AddHostedService<AuditAnchoring>();
        services.AddHostedService<ChangeSettling>();
        services.AddHostedService<EarlierVersions>();
        services.AddHostedService<GalleryLoading>();
        services.AddHostedService<ExaminationRunner>();
        services.AddHostedService<AnswerExpiryRunner>();
        services.AddHostedService<RetentionRunner>();
        services.AddHostedService<ImportRunner>();
        services.AddHostedService<DuplicateRunner>();
        services.AddHostedService<BatchRunner>();
        services.AddHostedService<WebhookRunner>();
        services.AddSingleton<DropFolderRound>();
        if (settings.DropFolderPath is not null)
            services.AddHostedService<DropFolderRunner>();

        services.AddRouting();
        HostNames.Add(services, HostNames.Allowed(settings, addresses));
        services.AddHsts(options => options.MaxAge = TimeSpan.FromDays(365));
        WebPages.Add(services);
        services.AddRequestDecompression();
        // What is wrong with a request is told in words of ours, not in an empty 400.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(options => WireJson.Apply(options.SerializerOptions));
        BrowserSession.Add(services, settings, dataKeys);
        RekognitionDialect.Add(services);
        services.AddAuthorization(RolePolicies.Add);
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, RefusedAccess>();
        services.AddRateLimiter(options => RateLimits.Add(options, settings.Limits, ErrorAnswers.WriteAsync));
        ApiDescription.Add(services);
        TelemetryExport.Add(services, settings);
        if (metrics is not null)
            services.AddHostedService(_ => new MetricsEndpoint(metrics, HostNames.Allowed(settings, [metrics])));
        replace?.Invoke(services);

        var app = builder.Build();
        // Faults of the databases are told at the start, not at the first request.
        app.Services.GetRequiredService<SqliteServiceBook>();
        app.Services.GetRequiredService<AuditLog>().RequireHeads();
        app.Services.GetRequiredService<GalleryCatalog>();
        app.Services.GetRequiredService<ServiceRules>();
        var telemetry = app.Services.GetRequiredService<Telemetry>();
        // Whoever listens may ask while the service ends: the gauges hold what they read, and look nothing up.
        var workers = app.Services.GetRequiredService<ExtractionWorkers>();
        var galleries = app.Services.GetRequiredService<OpenGalleries>();
        telemetry.ObserveQueue(() => workers.Waiting);
        telemetry.ObserveGalleries(() => galleries.Sizes);

        if (Proxies.AreNamed(settings))
            app.UseForwardedHeaders(forwarded);
        app.Use(HeadRequests.AnswerAsGet);
        app.UseMiddleware<RequestIds>();
        app.UseMiddleware<AnswerHeaders>();
        app.UseMiddleware<RequestLog>();
        Sandboxing.Observe(app, settings);
        app.UseMiddleware<ErrorAnswers>();
        app.UseHostFiltering();
        app.UseHsts();
        app.Use(HostCookies.Rename);
        app.UseRouting();
        app.Use(RouteSegments.Decode);
        app.Use(BrowserSession.RefuseOtherSites);
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
        Sandboxing.Disturb(app, settings);
        app.UseMiddleware<IdempotentRequests>();
        // Within: a refusal is kept as any other answer is.
        app.UseMiddleware<ErrorAnswers>();
        app.Use(QueryNames.Check);
        app.UseWhen(JsonBody.IsPacked, packed => packed.UseRequestDecompression().Use(JsonBody.Unpacked));
        app.Use(JsonBody.Read(JsonFaults.RequireSingleNames, (json, type, error) => JsonFaults.Explain(json, type, error)));
        Map(app, settings);
        return app;
    }

    /// <summary>Makes an application that listens as a service does and has nothing behind it yet.</summary>
    /// <param name="settings">How it is run.</param>
    /// <exception cref="ServiceSettingsException">An address or the certificate cannot be used.</exception>
    public static WebApplication Listener(ServiceSettings settings)
    {
        NewFiles.BelongToTheirOwnerAlone();
        return Begin(settings, Addresses.Parse(settings)).Build();
    }

    /// <summary>What listens and writes a log.</summary>
    private static WebApplicationBuilder Begin(ServiceSettings settings, IReadOnlyList<BindingAddress> addresses)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddJsonFile("appsettings.json", optional: true).AddEnvironmentVariables(EnvironmentPrefix);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        // It would put each request's path around every line, and a path can name a person; RequestLog writes the route instead.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        if (settings.JsonLogs)
            builder.Logging.AddJsonConsole(options => options.UseUtcTimestamp = true);
        else
            builder.Logging.AddSimpleConsole(options =>
                (options.SingleLine, options.TimestampFormat, options.UseUtcTimestamp) = (true, "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ", true));
        Listen(builder.WebHost, settings, addresses);
        return builder;
    }

    private static void Listen(ConfigureWebHostBuilder host, ServiceSettings settings, IReadOnlyList<BindingAddress> addresses) =>
        host.UseKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // The most of a request that nobody reads in a way of his own: none of these carries an image.
            kestrel.Limits.MaxRequestBodySize = Math.Min(settings.Limits.TextBytes, settings.Limits.BodyBytes);
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(
                Math.Max(1, settings.Limits.BodyBytesPerSecond / 8.0), TimeSpan.FromSeconds(Math.Min(10, settings.Limits.BodySeconds)));
            if (addresses.Any(address => address.Scheme == "https"))
            {
                var certificate = ServerCertificate.Load(settings);
                kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate);
            }
        }).UseKestrelHttpsConfiguration().UseUrls(settings.Urls);

    /// <summary>The ports of the use cases, all in one book.</summary>
    private static void AddBook(IServiceCollection services)
    {
        services.AddSingleton(provider => provider.GetRequiredService<SqliteServiceBook>().Store);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteServiceBook>().Installation);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteServiceBook>().Organisations);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteServiceBook>().Accounts);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteServiceBook>().ApiKeys);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteServiceBook>().SigningCredentials);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteServiceBook>().ClientSettings);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteServiceBook>().Sessions);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteServiceBook>().SignInAttempts);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteServiceBook>().SecondFactors);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteServiceBook>().LinkedIdentities);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteServiceBook>().TrainingCertificates);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteServiceBook>().VettedUses);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteServiceBook>().TermsAcceptances);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteServiceBook>().Approvals);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteServiceBook>().Searches);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteServiceBook>().Cases);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteServiceBook>().RedressRequests);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteServiceBook>().DetailsRequests);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteServiceBook>().Notifications);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteServiceBook>().Examinations);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteServiceBook>().Operations);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteServiceBook>().AnnouncedSubjects);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteServiceBook>().SearchBatches);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteServiceBook>().Webhooks);
        services.AddSingleton(provider => provider.GetRequiredService<SqliteServiceBook>().IdempotencyKeys);
    }

    /// <summary>Every resource, each in a file of its own.</summary>
    private static void Map(WebApplication app, ServiceSettings settings)
    {
        HealthResource.Map(app);
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        var v1 = app.MapGroup("/v1");
        SessionResource.Map(v1);
        OrganisationsResource.Map(v1);
        AccountsResource.Map(v1);
        SessionsResource.Map(v1);
        SecondFactorResource.Map(v1);
        IdentitiesResource.Map(v1);
        KeysResource.Map(v1);
        SigningCredentialsResource.Map(v1);
        TermsResource.Map(v1);
        TrainingResource.Map(v1);
        VettingResource.Map(v1);
        GalleriesResource.Map(v1);
        ArchivesResource.Map(v1);
        SharedGalleriesResource.Map(v1);
        SubjectsResource.Map(v1);
        SubjectSelectionsResource.Map(v1);
        DuplicatesResource.Map(v1);
        LinksResource.Map(v1);
        EncountersResource.Map(v1);
        ImportsResource.Map(v1);
        OperationsResource.Map(v1);
        SearchesResource.Map(v1);
        SearchBatchesResource.Map(v1);
        ComparisonsResource.Map(v1);
        QualityResource.Map(v1);
        ApprovalsResource.Map(v1);
        ReviewsResource.Map(v1);
        ExpiryResource.Map(v1);
        CasesResource.Map(v1);
        ExaminationsResource.Map(v1);
        DetailsRequestsResource.Map(v1);
        RedressResource.Map(v1);
        NotificationsResource.Map(v1);
        WebhooksResource.Map(v1);
        AuditResource.Map(v1);
        RekognitionDialect.Map(app);
        CompreFaceDialect.Map(app);
        Sandboxing.Map(v1, settings);
        WebPages.Map(app);
    }

    /// <summary>Prints the first key, or a further one when it is asked for.</summary>
    public static void AdmitFirstAdministrator(this WebApplication app, TextWriter output) =>
        app.Services.GetRequiredService<FirstAdministrator>().Admit(
            app.Services.GetRequiredService<ServiceSettings>().NewAdministratorKey,
            key =>
            {
                output.WriteLine($"Administrator key (shown this once): {key}");
                output.Flush();
            });
}
