using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;
using MatchEngine.Faces.Quality;
using MatchEngine.Frs;
using MatchEngine.Galleries.Encryption;

namespace MatchEngine.Service.Settings;

/// <summary>
/// How the service is run. Each value comes from the command line, else from the environment (<c>MATCHENGINE_</c> in front, <c>__</c>
/// between parts), else from <c>appsettings.json</c>, else it is the default here.
/// </summary>
public sealed class ServiceSettings
{
    /// <summary>The address served when none is named.</summary>
    public const string DefaultUrl = "https://localhost:8443";

    /// <summary>The data folder; null for the one of the <c>matchengine</c> command.</summary>
    public string? DataDir { get; set; }

    /// <summary>Addresses, separated by ';'.</summary>
    public string Urls { get; set; } = DefaultUrl;

    /// <summary>
    /// Whether plain HTTP may be served on addresses that other machines reach, for example behind a proxy that ends TLS.
    /// </summary>
    public bool AllowHttp { get; set; }

    /// <summary>
    /// The reverse proxies that are believed about client, scheme and host of a request (<c>X-Forwarded-For</c>, <c>-Proto</c>,
    /// <c>-Host</c>): addresses and networks (<c>10.0.0.0/24</c>), separated by ';'; null for none.
    /// </summary>
    public string? Proxies { get; set; }

    /// <summary>
    /// The names under which the service is reached (<c>faces.example.org</c>, <c>*.example.org</c>), separated by ';'; null: any, or where
    /// it is reached from this machine only, this machine's.
    /// </summary>
    public string? AllowedHosts { get; set; }

    /// <summary>
    /// A certificate for TLS: a PFX file, or a PEM file with <see cref="CertificateKey"/>; null for a development certificate made at first
    /// start.
    /// </summary>
    public string? Certificate { get; set; }

    /// <summary>The PEM file of the private key, where <see cref="Certificate"/> is a PEM file without one.</summary>
    public string? CertificateKey { get; set; }

    /// <summary>The password of the PFX or of the PEM key. Give it by the environment: a command line is readable by every user of the
    /// machine.</summary>
    public string? CertificatePassword { get; set; }

    /// <summary>A profile's name or a file: whose rules the service follows.</summary>
    public string Profile { get; set; } = "default";

    /// <summary>
    /// Files of further profiles of one's own, separated by ';', which galleries can follow by their names; null for none.
    /// </summary>
    public string? Profiles { get; set; }

    /// <summary>The id of the embedder's card for comparisons, for quality and for galleries that name none.</summary>
    public string Model { get; set; } = ModelCatalog.DefaultEmbedder;

    /// <summary>
    /// The file of the keys by which images and biographics are encrypted at rest (see <see cref="DataKeys"/>); null: as
    /// <see cref="DataKeys.FromEnvironment"/> finds them.
    /// </summary>
    public string? DataKeyFile { get; set; }

    /// <summary>The folder below which imports find their photos; null for <c>imports</c> in the data folder.</summary>
    public string? Imports { get; set; }

    /// <summary>
    /// The folder whose evaluation reports the pages show: in it a folder for each, with a <c>report.html</c>;
    /// null for <c>reports</c> in the data folder.
    /// </summary>
    public string? Reports { get; set; }

    /// <summary>The least overall quality of a probe, 0 … 100; 0 takes every probe.</summary>
    public double MinProbeQuality { get; set; } = FaceQuality.DefaultMinimum;

    /// <summary>Whether images are decoded in processes of their own, which a crash of a codec cannot take the service down with.</summary>
    public bool IsolateDecoder { get; set; }

    /// <summary>
    /// False when the whole service is not approved for use by all, so that a supervisor must approve each search;
    /// null: as the profile says.
    /// </summary>
    public bool? Approved { get; set; }

    /// <summary>Where OpenTelemetry data goes (OTLP, for example <c>http://localhost:4317</c>); null for nowhere.</summary>
    public string? TelemetryEndpoint { get; set; }

    /// <summary>
    /// An address of its own at which Prometheus fetches metrics (<c>/metrics</c>), for example <c>http://127.0.0.1:9464</c>; null for
    /// none. Whoever reaches it reads them: it is this machine's alone, unless <see cref="AllowHttp"/> says otherwise.
    /// </summary>
    public string? Metrics { get; set; }

    /// <summary>This service in the ANSI/NIST files that it answers with (fields 1.008 and 10.004): printable ASCII.</summary>
    public string Agency { get; set; } = "MATCHENGINE";

    /// <summary>
    /// The hosts that webhooks may lead to (<c>hooks.example.org</c>), separated by ';', beside this machine; null for none.
    /// </summary>
    public string? WebhookHosts { get; set; }

    /// <summary>
    /// A folder in which submissions are laid, photos or ANSI/NIST files each with a JSON file, and their answers beside them; null for
    /// none.
    /// </summary>
    public string? DropFolder { get; set; }

    /// <summary>The id of the account that searches with what lies in the drop folder.</summary>
    public string? DropAccount { get; set; }

    /// <summary>The full path of the drop folder; null for none.</summary>
    public string? DropFolderPath => string.IsNullOrWhiteSpace(DropFolder) ? null : Path.GetFullPath(DropFolder);

    /// <summary>
    /// A file elsewhere to which the head of the audit log is appended now and then, beside the service database: on another disk or
    /// machine, so that an audit that was rolled back with the whole data folder is noticed too; null for none.
    /// </summary>
    public string? AuditHead { get; set; }

    /// <summary>Whether log lines are written as JSON.</summary>
    public bool JsonLogs { get; set; }

    /// <summary>
    /// Whether it is a sandbox: a folder of its own with invented people, whose time, faults and beginning are a tester's to choose.
    /// </summary>
    public bool Sandbox { get; set; }

    /// <summary>Whether answers may be made faulty on purpose, by kinds of faults that show no record; a sandbox has all kinds.</summary>
    public bool AllowFaults { get; set; }

    /// <summary>
    /// Makes a new administrator key at this start, for the case that all were lost. Whoever may write the data folder may do it.
    /// </summary>
    public bool NewAdministratorKey { get; set; }

    /// <summary>The identity provider by which people may sign in beside their passwords.</summary>
    public OpenIdConnectSettings OpenIdConnect { get; set; } = new();

    /// <summary>How much is taken at once.</summary>
    public ServiceLimits Limits { get; set; } = new();

    /// <summary>The full path of the data folder.</summary>
    public string DataFolder => Path.GetFullPath(string.IsNullOrWhiteSpace(DataDir) ? Galleries.DataFolder.Default : DataDir);

    /// <summary>The full path of the folder of reports.</summary>
    public string ReportFolder => Path.GetFullPath(string.IsNullOrWhiteSpace(Reports) ? Path.Combine(DataFolder, "reports") : Reports);

    /// <summary>The full path of the file of heads; null for none.</summary>
    public string? AuditHeadFile => string.IsNullOrWhiteSpace(AuditHead) ? null : Path.GetFullPath(AuditHead);

    /// <summary>The full path of the folder of imports.</summary>
    public string ImportFolder => Path.GetFullPath(string.IsNullOrWhiteSpace(Imports) ? Path.Combine(DataFolder, "imports") : Imports);

    /// <summary>What the use cases are told of it.</summary>
    internal FrsOptions ToOptions() => new()
    {
        DataFolder = DataFolder,
        ImportFolder = ImportFolder,
        Profile = Profile,
        Profiles = Profiles?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [],
        Approved = Approved ?? true,
        Model = Model,
        MinProbeQuality = MinProbeQuality,
        IsolateDecoder = IsolateDecoder,
        Images = Limits.Images,
        Workers = Limits.WorkerCount,
        Queue = Limits.Queue,
        ImageTime = TimeSpan.FromSeconds(Limits.ImageSeconds),
        ExaminationLifetime = TimeSpan.FromHours(Limits.ExaminationHours),
        SessionIdle = TimeSpan.FromMinutes(Limits.SessionIdleMinutes),
        SessionLifetime = TimeSpan.FromMinutes(Limits.SessionMinutes),
        KeyLifetime = TimeSpan.FromDays(Limits.KeyDays),
        AnswerLifetime = TimeSpan.FromHours(Limits.AnswerHours),
        IdempotencyKeys = Limits.IdempotencyKeys,
        KeptAnswerBytes = Limits.AnswerBytes,
        BatchProbes = Limits.BatchProbes,
        Batches = Limits.Batches,
        WebhookHosts = WebhookHosts?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [],
        Agency = Agency,
    };
}

/// <summary>Bounds on what one request, one key and all requests together may take.</summary>
public sealed class ServiceLimits
{
    /// <summary>Largest request body in bytes.</summary>
    public long BodyBytes { get; set; } = 64L << 20;

    /// <summary>Bytes of all bodies that are held in memory at once; of one account at most half of it. Beyond it: 503.</summary>
    public long BytesInFlight { get; set; } = 512L << 20;

    /// <summary>Largest body that carries no image, in bytes.</summary>
    public long TextBytes { get; set; } = 1 << 20;

    /// <summary>Seconds after which a body that came no faster than <see cref="BodyBytesPerSecond"/> is given up.</summary>
    public int BodySeconds { get; set; } = 30;

    /// <summary>Bytes a second, each of which gives a body longer than <see cref="BodySeconds"/>.</summary>
    public int BodyBytesPerSecond { get; set; } = 32 << 10;

    /// <summary>Largest exported gallery that is restored, in bytes.</summary>
    public long ArchiveBytes { get; set; } = 64L << 30;

    /// <summary>Largest encoded image in bytes; less than the command's, for many clients send them at once.</summary>
    public long ImageBytes { get; set; } = 20L << 20;

    /// <summary>
    /// Largest width × height that an image may announce. Of one with more than <see cref="ImageLimits.MaxDecodedPixels"/> a
    /// scaled down picture is held.
    /// </summary>
    public long ImagePixels { get; set; } = ImageLimits.Default.MaxPixels;

    /// <summary>Most parts of a multipart body, and most images of a JSON body.</summary>
    public int Parts { get; set; } = 64;

    /// <summary>Images worked on at once; 0 for one a processor.</summary>
    public int Workers { get; set; }

    /// <summary>Seconds that one image may be worked on; then it is refused.</summary>
    public int ImageSeconds { get; set; } = 10;

    /// <summary>Requests that may wait for a worker; one more is answered 503.</summary>
    public int Queue { get; set; } = 64;

    /// <summary>Requests a minute of one key or signed-in account.</summary>
    public int RequestsPerMinute { get; set; } = 1200;

    /// <summary>Sign-in attempts a minute from one address.</summary>
    public int SignInsPerMinute { get; set; } = 20;

    /// <summary>Minutes after which a browser that is signed in and idle is signed out.</summary>
    public int SessionIdleMinutes { get; set; } = 30;

    /// <summary>Minutes after which a browser is signed out, however busy it is.</summary>
    public int SessionMinutes { get; set; } = 8 * 60;

    /// <summary>Days after which an API key ends, whatever was said when it was made.</summary>
    public int KeyDays { get; set; } = 365;

    /// <summary>Hours after which an examination that nobody finished ends, and the probe kept for it with it.</summary>
    public int ExaminationHours { get; set; } = 7 * 24;

    /// <summary>Hours for which an answer is kept at most for who asks for it again (<c>Idempotency-Key</c>) or fetches it later.</summary>
    public int AnswerHours { get; set; } = 24;

    /// <summary>Bytes of the answers that are kept of one account.</summary>
    public long AnswerBytes { get; set; } = 256L << 20;

    /// <summary>Keys of requests that are carried out once which one account has at a time; one more is answered 429.</summary>
    public int IdempotencyKeys { get; set; } = 10_000;

    /// <summary>Most probes of one request for many searches.</summary>
    public int BatchProbes { get; set; } = 10_000;

    /// <summary>Searches of one account that are answered later and whose answers it has not fetched; one more is answered 503.</summary>
    public int Batches { get; set; } = 1000;

    /// <summary>Seconds that running requests are given to end when the service stops; then they are cancelled.</summary>
    public int ShutdownSeconds { get; set; } = 20;

    /// <summary>The limits of images, as the decoder takes them.</summary>
    public ImageLimits Images => new(ImageBytes, ImagePixels);

    /// <summary><see cref="Workers"/>, resolved.</summary>
    public int WorkerCount => Workers > 0 ? Workers : Environment.ProcessorCount;

    /// <summary>How long a body may take of which so much has come.</summary>
    public TimeSpan BodyTime(long bytes) => TimeSpan.FromSeconds(BodySeconds + (double)bytes / BodyBytesPerSecond);

    /// <summary>Refuses values that cannot work.</summary>
    /// <exception cref="ServiceSettingsException">A value is out of range; the message names it.</exception>
    internal void Validate()
    {
        Require(BodyBytes, 1024, int.MaxValue - 64, "limits:bodyBytes");
        // A buffer that grows is there twice, and one account has half of them all.
        Require(BytesInFlight, 4 * BodyBytes, long.MaxValue, "limits:bytesInFlight");
        Require(TextBytes, 1024, BodyBytes, "limits:textBytes");
        Require(BodySeconds, 1, 3600, "limits:bodySeconds");
        Require(BodyBytesPerSecond, 1, int.MaxValue, "limits:bodyBytesPerSecond");
        Require(ImageSeconds, 1, 3600, "limits:imageSeconds");
        Require(ArchiveBytes, 1024, long.MaxValue, "limits:archiveBytes");
        Require(ImageBytes, 1024, int.MaxValue - 64, "limits:imageBytes");
        Require(ImagePixels, 1, long.MaxValue, "limits:imagePixels");
        Require(Parts, 1, 10_000, "limits:parts");
        Require(Workers, 0, 1024, "limits:workers");
        Require(Queue, 0, 1_000_000, "limits:queue");
        Require(RequestsPerMinute, 1, int.MaxValue, "limits:requestsPerMinute");
        Require(SignInsPerMinute, 1, int.MaxValue, "limits:signInsPerMinute");
        Require(SessionIdleMinutes, 1, 7 * 24 * 60, "limits:sessionIdleMinutes");
        Require(SessionMinutes, 1, 7 * 24 * 60, "limits:sessionMinutes");
        Require(KeyDays, 1, 3650, "limits:keyDays");
        Require(ExaminationHours, 1, 24 * 366, "limits:examinationHours");
        Require(AnswerHours, 1, 7 * 24, "limits:answerHours");
        Require(AnswerBytes, 1 << 20, long.MaxValue, "limits:answerBytes");
        Require(IdempotencyKeys, 1, 1_000_000, "limits:idempotencyKeys");
        Require(BatchProbes, 1, 1_000_000, "limits:batchProbes");
        Require(Batches, 1, 1_000_000, "limits:batches");
        Require(ShutdownSeconds, 0, 3600, "limits:shutdownSeconds");

        static void Require(long value, long least, long most, string name)
        {
            if (value < least || value > most)
                throw new ServiceSettingsException($"{name} is {value}; it lies within {least} … {most}");
        }
    }
}

/// <summary>A setting cannot be used; the message names it and the remedy.</summary>
public sealed class ServiceSettingsException(string message, Exception? innerException = null) : Exception(message, innerException);
