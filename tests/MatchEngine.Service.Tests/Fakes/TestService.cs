using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using MatchEngine.Faces;
using MatchEngine.Faces.Models;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Extraction;
using MatchEngine.Frs.Probes;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace MatchEngine.Service.Tests.Fakes;

/// <summary>
/// The real service on a free port of this machine, with a data folder of its own. Faces are fake unless a test wants the networks.
/// </summary>
public class TestService : IAsyncLifetime
{
    private readonly Lazy<WebApplication> _app;

    public TestService() => _app = new Lazy<WebApplication>(Start);

    internal TemporaryFolder Folder { get; } = new();

    public string Data => Folder.Sub("data");

    internal FakeExtractor Extractor { get; init; } = new("fake", FakeCalibrations.Set);

    internal RecordingObserver Buffers { get; } = new();

    internal RecordingLogger Log { get; } = new();

    internal WebApplication App => _app.Value;

    internal Uri Address => new(App.Urls.First());

    internal string FirstKey { get; private set; } = "";

    internal T Get<T>() where T : notnull => App.Services.GetRequiredService<T>();

    internal virtual ServiceSettings Settings() => new()
    {
        DataDir = Data,
        Urls = "http://127.0.0.1:0",
        Model = "fake",
        Limits = { BodyBytes = 4 << 20, ImageBytes = 2 << 20, RequestsPerMinute = 1_000_000 },
    };

    internal virtual void Replace(IServiceCollection services)
    {
        services.AddSingleton<IExtractorSource>(new FakeModels(Extractor));
        services.AddSingleton<IBufferObserver>(Buffers);
        services.RemoveAll<ILoggerProvider>();
        services.AddSingleton<ILoggerProvider>(Log);
    }

    public virtual async ValueTask InitializeAsync() => await ReadyAsync();

    /// <summary>Waits until the service answers searches.</summary>
    internal async Task ReadyAsync()
    {
        using var client = Client(null);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!(await client.GetAsync("/ready", patience.Token)).IsSuccessStatusCode)
            await Task.Delay(5, patience.Token);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await StopAsync();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    internal async Task StopAsync()
    {
        if (!_app.IsValueCreated)
            return;
        await App.StopAsync();
        await App.DisposeAsync();
    }

    internal HttpClient Client(string? key)
    {
        var client = new HttpClient { BaseAddress = Address };
        if (key is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    /// <summary>A client with the first key.</summary>
    internal HttpClient Admin() => Client(FirstKey);

    /// <summary>A client of a new account.</summary>
    internal HttpClient As(string organisation, params string[] roles) => Client(KeyOf(organisation, roles).Key);

    internal (string Account, string Key) KeyOf(string organisation, params string[] roles)
    {
        Get<IOrganisations>().Add(BookChange.None, organisation, organisation);
        var account = Get<IAccounts>().Add(BookChange.None, $"{string.Join('-', roles)}-{Guid.NewGuid():N}", organisation, roles, null)!;
        return (account.Id, Get<IApiKeys>().Add(BookChange.None, account.Id, "test", null).Text);
    }

    /// <summary>Accepts every set of terms that an account meets, and certifies it for every course that it needs.</summary>
    internal async Task PrepareAsync(HttpClient client)
    {
        var account = (await client.GetAsync("/v1/session").Json()).GetProperty("account").GetString()!;
        foreach (var terms in (await client.GetAsync("/v1/terms").Json()).EnumerateArray())
            await client.PostAsJsonAsync("/v1/terms/acceptance", new
            {
                profile = terms.GetProperty("profile").GetString(), version = terms.GetProperty("version").GetString(),
            }).Json();
        var today = DateOnly.FromDateTime(Get<TimeProvider>().GetUtcNow().UtcDateTime);
        foreach (var course in (await client.GetAsync("/v1/training").Json()).EnumerateArray())
            Get<ITrainingCertificates>().Record(
                BookChange.None, account, course.GetProperty("course").GetString()!, today, account);
    }

    private WebApplication Start()
    {
        var app = ServiceHost.Build(Settings(), Replace);
        using var output = new StringWriter();
        app.AdmitFirstAdministrator(output);
        FirstKey = output.ToString().Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)
            .LastOrDefault(word => word.StartsWith("me_", StringComparison.Ordinal)) ?? "";
        app.StartAsync().GetAwaiter().GetResult();
        return app;
    }
}

/// <summary>The fake extractor under any model id that it has.</summary>
internal sealed class FakeModels(FakeExtractor extractor) : IExtractorSource
{
    public EmbedderCard Card(string model) => Load(model).Model;

    public IFaceExtractor Load(string model) =>
        model == extractor.Model.Id ? extractor : throw new ModelException($"no embedding model '{model}'");
}

/// <summary>Remembers every buffer that was handed out, so that a test can look whether it is clear.</summary>
internal sealed class RecordingObserver : IBufferObserver
{
    private readonly ConcurrentDictionary<byte[], bool> _buffers = new(ReferenceEqualityComparer.Instance);

    public int HandedOutCount => _buffers.Count;

    public void HandedOut(byte[] buffer) => _buffers[buffer] = false;

    public void Cleared(byte[] buffer) => _buffers[buffer] = true;

    /// <summary>Whether each buffer was given back and holds nothing but zeros.</summary>
    public bool AllClear() => _buffers.All(pair => pair.Value && pair.Key.AsSpan().IndexOfAnyExcept((byte)0) < 0);
}

/// <summary>Keeps what is logged, categories and scopes included.</summary>
internal sealed class RecordingLogger : ILoggerProvider, ILogger
{
    private readonly StringBuilder _text = new();

    public string Text
    {
        get
        {
            lock (_text)
                return _text.ToString();
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull
    {
        Add($"{state}");
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Add($"{logLevel} {formatter(state, exception)} {exception}");

    public void Dispose()
    {
    }

    private void Add(string line)
    {
        lock (_text)
            _text.AppendLine(line);
    }
}

/// <summary>Requests as a client makes them.</summary>
internal static class Requests
{
    public static readonly object Purpose = new { caseNumber = "C-1", basis = "18 USC 1956", requester = "Agent Smith" };

    /// <summary>A multipart body: files under names, and the JSON part.</summary>
    public static MultipartFormDataContent Form(object? request, params (string Name, byte[] Bytes, string File)[] images)
    {
        var form = new MultipartFormDataContent();
        if (request is not null)
            form.Add(JsonContent.Create(request), "request");
        foreach (var (name, bytes, file) in images)
            form.Add(new ByteArrayContent(bytes), name, file);
        return form;
    }

    public static async Task<JsonElement> CreateGalleryAsync(this HttpClient client, string name, object? more = null)
    {
        var body = JsonSerializer.SerializeToNode(more ?? new { })!.AsObject();
        body["name"] = name;
        return await client.PostAsJsonAsync("/v1/galleries", body).Json(201);
    }

    /// <summary>Shares a gallery with an organisation, which accepts it.</summary>
    public static async Task ShareAsync(
        this HttpClient keeper, TestService service, string gallery, string organisation, object? permission = null)
    {
        using var supervisor = service.As(organisation, Role.Supervisor);
        await keeper.PutAsJsonAsync($"/v1/galleries/{gallery}/permissions/{organisation}", permission ?? new { }).Json();
        await supervisor.PutAsJsonAsync($"/v1/shared-galleries/{gallery}", new { accepted = true }).Json();
    }

    public static Task<JsonElement> EnrolAsync(
        this HttpClient client, string gallery, string subject, byte[] image, object? request = null, int expected = 201) =>
        client.PostAsync(
            $"/v1/galleries/{gallery}/subjects/{Uri.EscapeDataString(subject)}/encounters",
            Form(request, ("image", image, "photo.jpg"))).Json(expected);

    public static Task<JsonElement> SearchAsync(this HttpClient client, byte[] probe, string? gallery = null, int expected = 200) =>
        client.PostAsync("/v1/searches", Form(
            new { galleries = gallery is null ? null : new[] { gallery }, purpose = Purpose },
            ("image", probe, "probe.jpg"))).Json(expected);

    /// <summary>The body of an answer with this status.</summary>
    public static async Task<JsonElement> Json(this Task<HttpResponseMessage> answer, int expected = 200)
    {
        using var response = await answer;
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == expected, $"status {(int)response.StatusCode}, expected {expected}: {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    /// <summary>The code of a problem, whatever its status.</summary>
    public static async Task<string> AnyCode(this Task<HttpResponseMessage> answer)
    {
        using var response = await answer;
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString()!;
    }

    /// <summary>The code of a problem with this status.</summary>
    public static async Task<string> Code(this Task<HttpResponseMessage> answer, int expected)
    {
        using var response = await answer;
        Assert.Equal(expected, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(expected, problem.GetProperty("status").GetInt32());
        Assert.Equal("urn:matchengine:problem:" + problem.GetProperty("code").GetString(), problem.GetProperty("type").GetString());
        Assert.Equal(response.Headers.GetValues("x-request-id").Single(), problem.GetProperty("requestId").GetString());
        return problem.GetProperty("code").GetString()!;
    }
}
