using System.Globalization;
using MatchEngine.Faces;
using MatchEngine.Faces.Quality;
using MatchEngine.Frs;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Cases;
using MatchEngine.Frs.Enrolling;
using MatchEngine.Frs.Examining;
using MatchEngine.Frs.Extraction;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Sharing;
using MatchEngine.Frs.Supervising;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Profiles;
using MatchEngine.Galleries.Properties;

namespace MatchEngine.Service.Sandbox;

/// <summary>
/// Puts people and their work into a new sandbox, each step by the use case and the account by which anybody else would take it: the audit
/// tells of every one. Faces are those of the sample photos; everything said of them is invented, and says so.
/// </summary>
/// <param name="services">The service.</param>
/// <param name="photos">The folder that takes the photos of the people.</param>
/// <param name="firstKey">The first administrator's key.</param>
internal sealed class SandboxSeed(IServiceProvider services, string photos, string firstKey)
{
    /// <summary>Organisations in the order in which they are made, behind the service's own.</summary>
    public static IReadOnlyList<(string Id, string Name)> Organisations { get; } =
    [
        (Records, "Records bureau (invented): keeps the galleries"),
        (Investigations, "Investigations (invented): searches them, and has accepted terms and completed courses"),
        (Partner, "Partner agency (invented): sees names alone, and has accepted and completed nothing yet"),
    ];

    /// <summary>The roles of each organisation, an account each, in this order.</summary>
    public static IReadOnlyList<string> Roles { get; } =
    [
        Role.Agent, Role.Supervisor, Role.Vetter, Role.Examiner, Role.Auditor, Role.GalleryOwner, Role.Administrator,
    ];

    private const string Records = "records", Investigations = "investigations", Partner = "partner";

    /// <summary>The profile whose gallery is not approved for all: a supervisor says yes to each search.</summary>
    private const string Unapproved = "fusion-center";

    /// <summary>The people's names, which no photo gave them.</summary>
    private static readonly string[] Names =
    [
        "Alfa", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India", "Juliett", "Kilo", "Lima", "Mike",
        "November", "Oscar", "Papa", "Quebec", "Romeo", "Sierra", "Tango", "Uniform", "Victor", "Whiskey", "Xray", "Yankee", "Zulu",
    ];

    private const float Margin = 1.9f;
    private const int Size = 320;

    private readonly Dictionary<(string Organisation, string Role), Actor> _actors = [];
    private readonly List<SandboxAccount> _accounts = [];
    private readonly List<SandboxCredential> _credentials = [];
    private readonly List<SandboxGallery> _galleries = [];
    private readonly Dictionary<string, string> _items = [];

    private Actor Admin => _actors[(FirstAdministrator.Organisation, Role.ServiceAdministrator)];

    /// <summary>Does all of it.</summary>
    /// <returns>What there is now.</returns>
    public async Task<SandboxRecord> SowAsync(CancellationToken cancellationToken)
    {
        AddAccounts();
        AddCredential(FirstAdministrator.Organisation, Role.ServiceAdministrator);
        AddCredential(Investigations, Role.Agent);
        var people = await PeopleAsync(cancellationToken);
        foreach (var profile in Profile.Names)
            await AddGalleryAsync(profile, people, cancellationToken);
        AcceptAndCertify();
        await WorkAsync(people, cancellationToken);
        return new SandboxRecord
        {
            Made = Get<TimeProvider>().GetUtcNow(),
            Accounts = _accounts,
            SigningCredentials = _credentials,
            Galleries = _galleries,
            People = [.. people.Select(person => person.Id)],
            Items = _items,
        };
    }

    private void AddAccounts()
    {
        var (accounts, first) = (Get<KeepingAccounts>(), Get<SigningIn>().Authenticate(firstKey)!);
        // Keys that the first account makes by its key would end with it: they are made in its name alone.
        var admin = first with { Key = null };
        Remember(admin, Role.ServiceAdministrator, firstKey);
        Add(FirstAdministrator.Organisation, Role.ServiceAuditor);
        foreach (var (id, name) in Organisations)
        {
            accounts.AddOrganisation(admin, id, name);
            foreach (var role in Roles)
                Add(id, role);
        }

        void Add(string organisation, string role)
        {
            var account = accounts.Add(admin, new NewAccount($"{organisation}-{role}", organisation, [role], null));
            Remember(Actor.Of(account), role, Get<KeepingKeys>().Add(admin, new NewKey("sandbox", account.Id, null)).Text);
        }

        void Remember(Actor actor, string role, string key)
        {
            _actors[(actor.Organisation, role)] = actor;
            _accounts.Add(new SandboxAccount(actor.Organisation, role, actor.Name, actor.Account, key));
        }
    }

    private void AddCredential(string organisation, string role)
    {
        var (credential, secret) = Get<KeepingSigningCredentials>().Add(
            _actors[(organisation, role)], new NewSigningCredential("sandbox", Purpose: Purpose("SANDBOX-5")));
        _credentials.Add(new SandboxCredential(organisation, role, credential.Id, secret));
    }

    /// <summary>Cuts each face that is good enough out of the sample photos.</summary>
    private async Task<List<(string Id, string Name, byte[] Photo)>> PeopleAsync(CancellationToken cancellationToken)
    {
        var (workers, pictures, people) = (Get<ExtractionWorkers>(), Get<Pictures>(), new List<(string, string, byte[])>());
        var samples = Path.Combine(AppContext.BaseDirectory, "samples");
        foreach (var file in Directory.EnumerateFiles(samples, "sample?.jpg").Order(StringComparer.Ordinal))
        {
            var photo = await File.ReadAllBytesAsync(file, cancellationToken);
            var found = await workers.RunAsync(
                Admin, Get<FrsOptions>().Model, extractor => extractor.Extract(
                    photo, new ExtractionRequest(FaceChoice.All) { MinQuality = FaceQuality.DefaultMinimum, PoorFaces = PoorFaces.Listed },
                    cancellationToken), cancellationToken);
            foreach (var face in found.Faces.Where(face => face.Refusal is null).Take(Names.Length - people.Count))
            {
                var name = Names[people.Count];
                var cut = pictures.Crop(photo, face.Box, Margin, Size);
                people.Add((name.ToLowerInvariant(), name, cut));
                await File.WriteAllBytesAsync(Path.Combine(photos, $"{name.ToLowerInvariant()}.jpg"), cut, cancellationToken);
            }
            found.Clear();
        }
        return people;
    }

    private async Task AddGalleryAsync(
        string profile, List<(string Id, string Name, byte[] Photo)> people, CancellationToken cancellationToken)
    {
        var (keeping, owner) = (Get<KeepingGalleries>(), _actors[(Records, Role.GalleryOwner)]);
        keeping.Create(Admin, new NewGallery(profile, Records, null, profile, profile != Unapproved, null));
        var rules = Profile.Named(profile).Rules;
        foreach (var (i, person) in people.Index())
            await Get<EnrollingPhotos>().EnrolAsync(
                owner, profile, person.Id, [new GivenPhoto($"{person.Id}.jpg", person.Photo)],
                new PhotoContext(
                    Said(i, person.Name), rules.SourceUrl.Value ? $"https://example.invalid/{person.Id}.jpg" : null,
                    rules.GalleryFaces.Value == GalleryFacesRule.Each ? null : EnrolmentFaces.Largest)
                {
                    AgreedTerms = rules.MasterImage.Value ? rules.Terms.Value?.Version : null,
                }, cancellationToken);
        // Somebody who was there, and is not any more.
        Get<KeepingSubjects>().Remove(owner, profile, people[^1].Id);
        Share(Investigations, BiographicFields.All);
        Share(Partner, BiographicFields.Only("name"));
        _galleries.Add(new SandboxGallery(
            profile, profile, Records, (int)keeping.Find(owner, profile).Subjects));

        void Share(string organisation, BiographicFields fields)
        {
            keeping.Grant(owner, profile, new GalleryPermission(organisation, true, fields));
            Get<AnsweringOffers>().Answer(_actors[(organisation, Role.Supervisor)], profile, accepted: true);
        }
    }

    private static Dictionary<string, string> Said(int number, string name) => new()
    {
        ["name"] = $"{name} Invented",
        ["birth"] = string.Create(CultureInfo.InvariantCulture, $"{1960 + number}-01-01"),
        ["citizenship"] = "Nowhere (invented)",
        ["reason"] = "Invented for the sandbox",
        ["agency"] = "Records bureau (invented)",
        [RetentionRule.CaptureKey] = "2020-01-01",
    };

    private void AcceptAndCertify()
    {
        var today = DateOnly.FromDateTime(Get<TimeProvider>().GetUtcNow().UtcDateTime);
        var (terms, training) = (Get<AcceptingTerms>(), Get<KeepingTraining>());
        foreach (var actor in from pair in _actors
            where pair.Key is { Organisation: Records or Investigations, Role: Role.Agent or Role.Supervisor or Role.Examiner }
            select pair.Value)
        {
            foreach (var set in terms.List(actor))
                terms.Accept(actor, set.Profile, set.Version);
            foreach (var course in training.Own(actor))
                training.Record(_actors[(actor.Organisation, Role.Administrator)], actor.Account, course.Course, today);
        }
    }

    /// <summary>Searches, cases, examinations, and requests that wait.</summary>
    private async Task WorkAsync(List<(string Id, string Name, byte[] Photo)> people, CancellationToken cancellationToken)
    {
        var (agent, supervisor) = (_actors[(Investigations, Role.Agent)], _actors[(Investigations, Role.Supervisor)]);
        var closed = await SearchAsync(0, "state-lea", "SANDBOX-1", examine: false);
        _items["closedCaseSearch"] = closed.Id;
        _items["closedCase"] = Get<KeepingCases>().Close(agent, Get<KeepingCases>().List(agent, "SANDBOX-1").Cases[0].Id).Id;

        var (examining, examiner) = (Get<ExaminingLists>(), _actors[(Records, Role.Examiner)]);
        var finished = (await SearchAsync(1, "ngi-ips", "SANDBOX-2", examine: true)).Examination!;
        examining.Take(examiner, finished);
        examining.Assess(examiner, finished, 1, new Assessment(
            true, ExaminationLevel.LimitedSupport,
            new Dictionary<string, string> { ["ears"] = "invented: alike as far as they show" }, null));
        examining.Finish(examiner, finished, "invented for the sandbox", setAsideRest: true);
        _items["finishedExamination"] = finished;
        _items["openExamination"] = (await SearchAsync(2, "ngi-ips", "SANDBOX-3", examine: true)).Examination!;

        var approving = Get<ApprovingSearches>();
        _items["pendingApproval"] = Ask(exigent: false).Id;
        _items["exigentApproval"] = Ask(exigent: true).Id;
        _items["grantedApproval"] = approving.Decide(supervisor, Ask(exigent: false).Id, new Decision(true, "invented for the sandbox")).Id;
        _items["refusedApproval"] = approving.Decide(
            supervisor, Ask(exigent: false).Id, new Decision(false, "invented for the sandbox")).Id;

        Approval Ask(bool exigent) => approving.Ask(agent, new AskedApproval(
            ApprovedUse.Search, [Unapproved], Purpose("SANDBOX-4"), "invented for the sandbox") { Exigent = exigent });

        Task<SearchAnswer> SearchAsync(int person, string gallery, string number, bool examine) => Get<SearchingGalleries>().SearchAsync(
            agent,
            new SearchRequest
            {
                Galleries = [gallery],
                Purpose = Purpose(number),
                Face = FaceChoice.Largest,
                Examine = examine,
            }, people[person].Photo, cancellationToken);
    }

    private static SearchPurpose Purpose(string number) => new(number, "18 USC 1028 (invented case)", "Agent Sandbox (invented)");

    private T Get<T>() where T : notnull => services.GetRequiredService<T>();
}
