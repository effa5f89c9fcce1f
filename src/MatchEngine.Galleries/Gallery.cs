using System.Runtime.ExceptionServices;
using MatchEngine.Faces;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Filters;
using MatchEngine.Galleries.Images;
using MatchEngine.Galleries.Listing;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Indexing;
using MatchEngine.Galleries.Stores;
using MatchEngine.Vectors;

namespace MatchEngine.Galleries;

/// <summary>
/// An open gallery: subjects, their encounters, and an index in memory that follows the store. Every member may be called from any thread.
/// What has expired by the gallery's rule (<see cref="GalleryProperties.Retention"/>) is not there from that moment on, whether it was
/// removed yet or not: no search finds it, and nothing of it is read.
/// </summary>
public sealed class Gallery : IDisposable
{
    private const int PageOfSubjects = 500;

    private readonly IGalleryStore _store;
    private readonly GalleryIndex _index;
    private readonly PooledTails _tails;
    private readonly BiographicColumns _biographics;
    private readonly TimeProvider _clock;
    private volatile KnownTerms? _terms;
    private RetentionRule? _hiddenBy;

    internal Gallery(IGalleryStore store, TimeProvider? clock = null)
    {
        (_store, _clock) = (store, clock ?? TimeProvider.System);
        _index = new GalleryIndex(store.Feed, store.Model);
        _tails = new PooledTails(store.Feed);
        _biographics = new BiographicColumns(store.Feed);
    }

    /// <summary>
    /// Told, in a line, when the index's snapshot beside the gallery cannot be used or saved.
    /// Nothing is lost by it but the time to read every template.
    /// </summary>
    public event Action<string>? IndexWarned
    {
        add => _index.Warned += value;
        remove => _index.Warned -= value;
    }

    /// <summary>The gallery's name.</summary>
    public string Name => _store.Name;

    /// <summary>The model the gallery is bound to.</summary>
    public GalleryModel Model => _store.Model;

    /// <summary>Counts what the gallery holds.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public GallerySummary Summarize() => _store.Summarize();

    /// <summary>How good the enrolled faces are; it looks at every encounter.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public GalleryQuality SummarizeQuality() => _store.SummarizeQuality();

    /// <summary>
    /// Enrols what a source gives. Images are worked on in parallel and stored in the order of the source, a few at a time, each of them
    /// wholly or not at all: after an interruption of any kind a second run leaves the gallery that an undisturbed run would have left. An
    /// image that is enrolled for its subject already is counted as a duplicate and adds to the subject only those biographics that are
    /// missing.
    /// </summary>
    /// <param name="extractor">Makes the embeddings; it must work with the gallery's model.</param>
    /// <param name="source">What to enrol.</param>
    /// <param name="record">Gives the audit event of each commit that changes the gallery, to which the ids of the new encounters are added
    /// as <c>encounters</c> and those of the subjects as <c>subjects</c>.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Told after each commit; null for nobody.</param>
    /// <param name="cancellationToken">Ends the enrolment; what was committed stays.</param>
    /// <returns>What was enrolled, and for each image that was not, why.</returns>
    /// <exception cref="ModelMismatchException">The extractor works with another model.</exception>
    /// <exception cref="MetadataException">A metadata file cannot be used as a whole.</exception>
    /// <exception cref="StoreException">The store cannot be written; what was committed stays.</exception>
    /// <exception cref="EnrolmentException">An unexpected error; it names the image.</exception>
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Task<EnrolmentReport> EnrolAsync(
        IFaceExtractor extractor,
        IEnrolmentSource source,
        Func<ChangeRecord> record,
        EnrolmentOptions? options = null,
        IProgress<EnrolmentProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(extractor);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(record);
        Model.Require(Name, extractor.Model);
        options ??= new EnrolmentOptions();
        return new EnrolmentRun(
            _store.Enrolment, _store.Subjects, extractor, options, record, _clock, progress)
            .RunAsync(source, cancellationToken);
    }

    /// <summary>
    /// Enrols one photo, on the calling thread: it returns when the photo is on the disk, with the ids of its encounters.
    /// </summary>
    /// <param name="extractor">Makes the embeddings; it must work with the gallery's model.</param>
    /// <param name="photo">The photo.</param>
    /// <param name="record">Its audit event.</param>
    /// <param name="options">How; null for the defaults. <see cref="EnrolmentOptions.Workers"/> plays no part.</param>
    /// <param name="cancellationToken">Ends the work on the photo.</param>
    /// <exception cref="ModelMismatchException">The extractor works with another model.</exception>
    /// <exception cref="StoreException">The store cannot be read or written.</exception>
    /// <exception cref="EnrolmentException">An unexpected error; it names the image.</exception>
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public PhotoEnrolment Enrol(
        IFaceExtractor extractor, EnrolmentItem photo, Func<ChangeRecord> record, EnrolmentOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(extractor);
        ArgumentNullException.ThrowIfNull(photo);
        ArgumentNullException.ThrowIfNull(record);
        Model.Require(Name, extractor.Model);
        options ??= new EnrolmentOptions();
        var outcome = new PhotoCapture(_store.Enrolment, _store.Subjects, extractor, options, _clock).Capture(photo, cancellationToken);
        if (outcome.Fatal is { } fatal)
            ExceptionDispatchInfo.Throw(fatal);
        var enrolled = PhotoEnrolment.Store([outcome], _store.Enrolment, record)[0];
        // The photo is on the disk: who asked for it is told so, however long the check takes.
        return options.Check is { } check ? enrolled.Checked(check, CancellationToken.None) : enrolled;
    }

    /// <summary>Loads the templates now instead of at the first search, or catches up with what others have written.</summary>
    /// <param name="progress">Told how many templates are loaded, now and then; null for nobody.</param>
    /// <param name="cancellationToken">Ends the loading; the next search begins it anew.</param>
    /// <returns>How many templates are loaded.</returns>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public long Load(IProgress<long>? progress = null, CancellationToken cancellationToken = default) =>
        _index.Current(progress, cancellationToken).Count;

    /// <summary>
    /// Goes through the subjects with their encounters, in the byte order of their ids in UTF-8. Subjects added or removed meanwhile may be
    /// among them or not.
    /// </summary>
    /// <param name="after">Begins behind this id, which need not exist; null begins with the first.</param>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IEnumerable<Subject> Subjects(string? after = null)
    {
        while (true)
        {
            var page = _store.Subjects.Page(after, PageOfSubjects);
            foreach (var subject in page)
            {
                if (Unexpired(subject) is { } present)
                    yield return present;
            }
            if (page.Count < PageOfSubjects)
                yield break;
            after = page[^1].Id;
        }
    }

    /// <summary>
    /// A page of the subjects that are asked for. What has expired and is not removed yet takes up its place on a page and is not on it.
    /// </summary>
    /// <param name="query">Who, in what order, and from where.</param>
    /// <param name="filter">Only those whose biographics meet it; null: all. The first filter by a key reads the biographics of all
    /// subjects; what it gave is held in memory and follows the store.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ArgumentException">The query cannot be answered (<see cref="SubjectQuery.Problem"/>).</exception>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public SubjectList ListSubjects(SubjectQuery query, BiographicFilter? filter = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Problem() is { } problem)
            throw new ArgumentException(problem, nameof(query));
        var page = _store.Subjects.List(query, filter is null ? null : _biographics.Of(filter, cancellationToken), cancellationToken);
        return page with { Subjects = [.. page.Subjects.Select(Unexpired).OfType<Subject>()] };
    }

    /// <summary>How many subjects are asked for, on all pages; those that have expired and are not removed yet are counted.</summary>
    /// <param name="query">Who.</param>
    /// <param name="filter">As for <see cref="ListSubjects"/>.</param>
    /// <param name="cancellationToken">Ends the counting.</param>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public long CountSubjects(SubjectQuery query, BiographicFilter? filter = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _store.Subjects.Count(query, filter is null ? null : _biographics.Of(filter, cancellationToken), cancellationToken);
    }

    /// <summary>A subject by its id; null when there is none.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public Subject? FindSubject(string subjectId) => Unexpired(_store.Subjects.FindSubject(subjectId));

    /// <summary>An encounter by its id; null when there is none.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public Encounter? FindEncounter(string encounterId) =>
        _store.Subjects.FindEncounter(encounterId) is { } encounter && !HasExpired(encounter) ? encounter : null;

    /// <summary>
    /// Corrects the biographics of a subject; false when there is none. What its encounters brought along stays with them: see
    /// <see cref="CorrectEncounter"/>. A key that is removed comes back when a photo that has it is enrolled again.
    /// </summary>
    /// <param name="subjectId">The subject.</param>
    /// <param name="changes">New values; null removes a key. What is not named stays.</param>
    /// <param name="record">Its audit event.</param>
    /// <exception cref="StoreException">The store cannot be written; then nothing was corrected,
    /// or it was and the journal is cleaned at the next opening.</exception>
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    public bool CorrectSubject(string subjectId, IReadOnlyDictionary<string, string?> changes, ChangeRecord record)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return _store.Subjects.CorrectSubject(subjectId, changes, record);
    }

    /// <summary>Corrects the metadata of an encounter; false when there is none.</summary>
    /// <param name="encounterId">The encounter.</param>
    /// <param name="changes">New values; null removes a key. What is not named stays.</param>
    /// <param name="record">Its audit event.</param>
    /// <exception cref="StoreException">As for <see cref="CorrectSubject"/>.</exception>
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    public bool CorrectEncounter(string encounterId, IReadOnlyDictionary<string, string?> changes, ChangeRecord record)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return _store.Subjects.CorrectEncounter(encounterId, changes, record);
    }

    /// <summary>
    /// Removes the encounters that have expired by the gallery's rule (<see cref="GalleryProperties.Retention"/>), as
    /// <see cref="RemoveEncounter"/> does. What one call is interrupted in, the next one goes on with.
    /// </summary>
    /// <param name="now">The time that it is.</param>
    /// <param name="record">Gives the audit event of each step that removes something, to which the numbers are added as <c>encounters</c>
    /// and <c>subjects</c>.</param>
    /// <param name="cancellationToken">Ends the work; what was removed stays removed.</param>
    /// <returns>How many encounters were removed, and how many subjects that lost their last one.</returns>
    /// <exception cref="StoreException">The store cannot be written,
    /// or its key is not given and the rule looks at dates of capture.</exception>
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public (long Encounters, long Subjects) PurgeExpired(
        DateTimeOffset now, Func<ChangeRecord> record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        var (encounters, subjects) = (0L, 0L);
        for (long? after = 0; after is { } row;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (goneEncounters, goneSubjects, next) = _store.Subjects.PurgeSome(now, row, record());
            (encounters, subjects, after) = (encounters + goneEncounters, subjects + goneSubjects, next);
            Removed(goneEncounters > 0);
        }
        return (encounters, subjects);
    }

    /// <summary>
    /// Removes a subject with everything that was enrolled of it, images included, from the store with its journal and from the index;
    /// false when there is none. A search that begins after this has returned cannot find it.
    /// </summary>
    /// <param name="subjectId">The subject.</param>
    /// <param name="record">Its audit event.</param>
    /// <exception cref="StoreException">The store cannot be written; then nothing was removed, or it was removed and the journal is cleaned
    /// at the next opening.</exception>
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    public bool RemoveSubject(string subjectId, ChangeRecord record) => Removed(_store.Subjects.RemoveSubject(subjectId, record));

    /// <summary>
    /// Removes an encounter with its template; the subject goes with its last one. Biographics that came with the encounter stay with a
    /// subject that has others. False when there is none.
    /// </summary>
    /// <param name="encounterId">The encounter.</param>
    /// <param name="record">Its audit event.</param>
    /// <exception cref="StoreException">As for <see cref="RemoveSubject"/>.</exception>
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    public bool RemoveEncounter(string encounterId, ChangeRecord record) => Removed(_store.Subjects.RemoveEncounter(encounterId, record));

    /// <summary>
    /// Makes encounters of a subject another one's: each gets the id that it has as that subject's, and one that the other has already
    /// goes. A subject goes with its last encounter; its biographics, links, and from whom it is kept apart go to the other, where that has
    /// nothing of the kind. False, and nothing is moved, when the other subject or one of the encounters is not there, or they are not all
    /// of one subject other than that.
    /// </summary>
    /// <param name="encounterIds">The encounters.</param>
    /// <param name="toSubject">The other subject.</param>
    /// <param name="record">Its audit event, to which the numbers of <c>encounters</c> moved and <c>subjects</c> gone are added.</param>
    /// <exception cref="StoreException">As for <see cref="RemoveSubject"/>.</exception>
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    public bool MoveEncounters(IReadOnlyList<string> encounterIds, string toSubject, ChangeRecord record) =>
        Removed(_store.Subjects.MoveEncounters(encounterIds, toSubject, record));

    /// <summary>Who may be enrolled twice, and who is kept apart.</summary>
    internal IDuplicateStore Duplicates => _store.Duplicates;

    /// <summary>The photo of an encounter as it was given; null when there is no such encounter or its images were not kept.</summary>
    /// <exception cref="StoreException">The store cannot be read, or the photo is encrypted with a key that is not given.</exception>
    public byte[]? ReadPhoto(string encounterId) => IsThere(encounterId) ? _store.Images.ReadPhoto(encounterId) : null;

    /// <summary>
    /// The face of an encounter as a JPEG of <see cref="FaceImage.DefaultSize"/> pixels a side; null when there is no such encounter or its
    /// images were not kept.
    /// </summary>
    /// <exception cref="StoreException">The store cannot be read, or the picture is encrypted with a key that is not given.</exception>
    public byte[]? ReadFace(string encounterId) => IsThere(encounterId) ? _store.Images.ReadCrop(encounterId) : null;

    /// <summary>
    /// Encrypts with the current key everything that is in the clear or encrypted with another one: after a key was given for the first
    /// time, or replaced. What one call is interrupted in, the next one goes on with.
    /// </summary>
    /// <param name="record">Gives the audit event of each step, to which the number of values is added as <c>values</c>.</param>
    /// <param name="progress">Told how many values are done; null for nobody.</param>
    /// <param name="cancellationToken">Ends the work; what was done stays.</param>
    /// <returns>How many values were encrypted.</returns>
    /// <exception cref="InvalidOperationException">The catalog was opened without keys.</exception>
    /// <exception cref="StoreException">The store cannot be written, or a key is missing.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public long Rekey(Func<ChangeRecord> record, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        long done = 0;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_store.Images.SealSome(record()) is not (> 0 and var some))
                return done;
            done += some;
            progress?.Report(done);
        }
    }

    /// <summary>Whose the gallery is and how it may be used, as it stands now.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public GalleryProperties Properties => Terms().Properties;

    /// <summary>The permissions of organisations other than the owner, accepted or not, in the ordinal order of their names.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IReadOnlyList<GalleryPermission> Permissions => Terms().Permissions;

    /// <summary>Replaces the properties.</summary>
    /// <param name="properties">The new ones.</param>
    /// <param name="record">Its audit event.</param>
    /// <exception cref="StoreException">The store cannot be written.</exception>
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    public void SetProperties(GalleryProperties properties, ChangeRecord record)
    {
        ArgumentNullException.ThrowIfNull(properties);
        _store.Properties.Write(properties, record);
    }

    /// <summary>
    /// Offers an organisation a permission, in place of the one it had: one that was accepted stays so, any other is offered anew. It is in
    /// effect when <see cref="Answer"/> has said so.
    /// </summary>
    /// <param name="permission">The permission.</param>
    /// <param name="record">Its audit event.</param>
    /// <exception cref="ArgumentException">The organisation's name is empty, too long, or holds a control character.</exception>
    /// <exception cref="StoreException">The store cannot be written.</exception>
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    public void Grant(GalleryPermission permission, ChangeRecord record)
    {
        ArgumentNullException.ThrowIfNull(permission);
        GalleryProperties.Name(permission.Organisation, nameof(permission));
        _store.Properties.WritePermission(permission, record);
    }

    /// <summary>Says for an organisation whether it takes part; false when it has no permission, or has said so already.</summary>
    /// <param name="organisation">The organisation.</param>
    /// <param name="accepted">Whether its permission is to take effect.</param>
    /// <param name="record">Its audit event.</param>
    /// <exception cref="StoreException">The store cannot be written.</exception>
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    public bool Answer(string organisation, bool accepted, ChangeRecord record) =>
        _store.Properties.AnswerPermission(organisation, accepted, record);

    /// <summary>Takes an organisation's permission away; false when it has none.</summary>
    /// <param name="organisation">The organisation.</param>
    /// <param name="record">Its audit event.</param>
    /// <exception cref="StoreException">The store cannot be written.</exception>
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    public bool Revoke(string organisation, ChangeRecord record) => _store.Properties.RemovePermission(organisation, record);

    /// <summary>A subject's links to others, in the byte order of their ids; none for a subject that is not there.</summary>
    /// <exception cref="StoreException">The store cannot be read, or a note is encrypted with a key that is not given.</exception>
    public IReadOnlyList<SubjectLink> Links(string subjectId)
    {
        var links = _store.Subjects.ReadLinks(subjectId);
        return links.Count == 0 || Properties.Retention is null
            ? links
            : FindSubject(subjectId) is null ? [] : [.. links.Where(link => FindSubject(link.SubjectId) is not null)];
    }

    /// <summary>
    /// Links two subjects, or says anew what links them; false when one of them is not there. A link goes with either subject,
    /// and with the gallery into its archive.
    /// </summary>
    /// <param name="subjectId">A subject.</param>
    /// <param name="link">The other one, and what links them.</param>
    /// <param name="record">Its audit event.</param>
    /// <exception cref="ArgumentException">A subject is not linked to itself.</exception>
    /// <exception cref="StoreException">As for <see cref="CorrectSubject"/>.</exception>
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    public bool Link(string subjectId, SubjectLink link, ChangeRecord record)
    {
        ArgumentNullException.ThrowIfNull(link);
        return subjectId != link.SubjectId
            ? _store.Subjects.WriteLink(subjectId, link, record)
            : throw new ArgumentException("a subject is not linked to itself", nameof(link));
    }

    /// <summary>Takes a link out, from either side; false when there is none.</summary>
    /// <param name="subjectId">A subject.</param>
    /// <param name="otherId">The other one.</param>
    /// <param name="record">Its audit event.</param>
    /// <exception cref="StoreException">As for <see cref="CorrectSubject"/>.</exception>
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    public bool Unlink(string subjectId, string otherId, ChangeRecord record) => _store.Subjects.RemoveLink(subjectId, otherId, record);

    /// <summary>Tells this gallery from every other one, a restored copy of it included.</summary>
    public string Identity => _store.Feed.Identity;

    /// <summary>A number that is another one after any commit to the gallery, for as long as this process runs.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public long Version => _store.Feed.Version();

    /// <summary>
    /// Whether the change of this gallery was made of which an event tells that a <see cref="ChangeRecord"/> wrote. Of events which that
    /// record called settled nothing is kept.
    /// </summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public bool HasMade(AuditEvent written) => _store.HasMade(written);

    /// <summary>Whether an organisation has data of its own here, as one that is not the owner.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public bool Provides(string organisation) => _store.Providers.Provides(organisation);

    /// <summary>With which organisations a provider shares its data here, in ordinal order.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IReadOnlyList<string> ProvidedSharing(string provider) => _store.Providers.ReadSharing(provider);

    /// <summary>Shares a provider's data with an organisation, or ends that; false when it is so already.</summary>
    /// <exception cref="StoreException">The store cannot be written.</exception>
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    public bool ShareProvided(string provider, string organisation, bool shared, ChangeRecord record) => _store.Providers.WriteSharing(
        GalleryProperties.Name(provider, nameof(provider)), GalleryProperties.Name(organisation, nameof(organisation)), shared, record);

    /// <summary>Whether a subject is a provider's who does not share it with this organisation.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public bool IsHidden(string subjectId, string organisation) => _store.Providers.IsHidden(subjectId, organisation);

    /// <summary>What an organisation may do: the owner everything, one without a permission that it accepted nothing.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public GalleryPermission PermissionOf(string organisation)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(organisation);
        var terms = Terms();
        return terms.Properties.Owner == organisation
            ? new GalleryPermission(organisation, MaySearch: true, BiographicFields.All) { MayEnrol = true, State = SharingState.Accepted }
            : terms.Permissions.FirstOrDefault(permission => permission.Organisation == organisation)?.InEffect()
                ?? new GalleryPermission(organisation, MaySearch: false, BiographicFields.None);
    }

    /// <summary>What was read of the properties, and the store's version before that.</summary>
    private sealed record KnownTerms(long Version, GalleryProperties Properties, IReadOnlyList<GalleryPermission> Permissions);

    /// <summary>
    /// Properties and permissions, which every search asks for: read again only after a commit of anybody. The version is asked for before
    /// the rows are read, so that a commit in between is looked for twice rather than not at all.
    /// </summary>
    private KnownTerms Terms()
    {
        var version = _store.Feed.Version();
        if (_terms is { } known && known.Version == version)
            return known;
        return _terms = new KnownTerms(version, _store.Properties.Read(), _store.Properties.ReadPermissions());
    }

    /// <summary>Closes the gallery; it stays as it is on disk.</summary>
    public void Dispose()
    {
        _index.Dispose();
        _store.Dispose();
    }

    // The set of a filter is handed on as it is wherever it can be: the index keeps what it looked up for it.
    private static SubjectSet? Set(SubjectSet? among, long[] left)
    {
        if (among is null)
            return left.Length == 0 ? null : SubjectSet.AllBut(left);
        if (!left.Any(among.Admits))
            return among;
        var absent = left.ToHashSet();
        return SubjectSet.Only(among.Members.Where(member => !absent.Contains(member)));
    }

    private bool Removed(bool removed)
    {
        if (!removed)
            return false;
        // Vectors of a removed person wait neither in memory for the next search nor in the index's snapshot for its next saving.
        if (_index.IsLoaded)
            _index.Current(null, CancellationToken.None);
        _biographics.Follow();
        _index.Purge();
        return true;
    }

    /// <summary>An encounter with its template, which the caller erases; null when there is none.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public (Encounter Encounter, StoredTemplate Template)? FindTemplate(string encounterId) =>
        FindEncounter(encounterId) is { } encounter && _store.Subjects.FindTemplate(encounterId) is { } template
            ? (encounter, template)
            : null;

    /// <summary>Compares templates with those of the gallery: the part of a search that is the gallery's own.</summary>
    /// <param name="probes">The templates.</param>
    /// <param name="listLength">The largest number of hits of each.</param>
    /// <param name="floor">The score floor, or null.</param>
    /// <param name="tally">What is to be counted, or null.</param>
    /// <param name="filter">Whom the search is made among, or null.</param>
    /// <param name="except">The row of a subject that is not to be found, or null.</param>
    /// <param name="searcher">The organisation that does not find what providers do not share with it; null: everything is found.</param>
    /// <param name="exhaustive">Whether every template is to be compared.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    internal GalleryAnswer Compare(
        IReadOnlyList<Template> probes, int listLength, float? floor = null, TallyRequest? tally = null, BiographicFilter? filter = null,
        long? except = null, string? searcher = null, bool exhaustive = false, CancellationToken cancellationToken = default)
    {
        var (absent, expired) = (0, 0);
        while (true)
        {
            RequireNoneHiddenByAnotherRule();
            var among = filter is null ? null : _biographics.Of(filter, cancellationToken);
            var index = _index.Current(null, cancellationToken, exhaustive);
            // After the index: whoever is enrolled between is found by the next search, if at all.
            long[] left = [.. searcher is null ? [] : _store.Providers.HiddenRows(searcher), .. except is { } row ? new[] { row } : []];
            var answers = index.SearchBatch(
                probes, listLength, floor ?? -1, Set(among, left), tally, cancellationToken);
            var size = index.Count;
            long[] hits = [.. answers.SelectMany(answer => answer.Hits).Select(hit => hit.Id).Distinct()];
            var found = _store.Feed.FindRows(hits);
            // The store is the truth: a candidate which was removed after the index looked makes way for the next one, and so does one
            // that has expired and is not removed yet.
            if (found.Count == hits.Length && !HideExpired(found, ref expired))
            {
                var compared = answers.Max(answer => answer.Tally?.Subjects ?? 0);
                return new GalleryAnswer(answers, size, found)
                {
                    PossibleMates = except is null ? 1 : 0,
                    // What everybody's tails have in common says nothing of those of some.
                    Prior = filter is not null ? null : _tails.Of(index, compared + left.Distinct().Count(), compared, cancellationToken),
                    Filter = filter,
                    Among = answers.Max(answer => answer.Tally?.Subjects) ?? among?.Count,
                };
            }
            // Removals are in the index at the next attempt. What is still there then was never in this store.
            if (found.Count < hits.Length && ++absent % 3 == 0)
                _index.Distrust();
        }
    }

    /// <summary>Takes what has expired out of the index in memory; false when nothing of these has.</summary>
    /// <param name="found">What a search found.</param>
    /// <param name="times">How often the search came upon some.</param>
    private bool HideExpired(IReadOnlyDictionary<long, FoundEncounter> found, ref int times)
    {
        // Of many a search would come upon some again and again: they are looked up once, all of them.
        const int FewTimes = 3;
        if (Properties.Retention is not { } rule)
            return false;
        var now = _clock.GetUtcNow();
        var hidden = found.Where(pair => HasExpired(pair.Value.Encounter, rule, now)).Select(pair => pair.Key).ToList();
        if (hidden.Count == 0)
            return false;
        Interlocked.CompareExchange(ref _hiddenBy, rule, null);
        _index.Hide(++times < FewTimes ? hidden : _store.Subjects.ExpiredRows(now));
        return true;
    }

    /// <summary>What one rule had expired may be there again by another one.</summary>
    private void RequireNoneHiddenByAnotherRule()
    {
        if (_hiddenBy is not { } rule || rule == Properties.Retention)
            return;
        Interlocked.CompareExchange(ref _hiddenBy, null, rule);
        _index.Distrust();
    }

    private bool HasExpired(Encounter encounter) =>
        Properties.Retention is { } rule && HasExpired(encounter, rule, _clock.GetUtcNow());

    private static bool HasExpired(Encounter encounter, RetentionRule rule, DateTimeOffset now) =>
        rule.HasExpired(encounter.Enrolled, encounter.Metadata, now);

    private bool IsThere(string encounterId) => Properties.Retention is null || FindEncounter(encounterId) is not null;

    /// <summary>A subject with the encounters that have not expired; null when all have.</summary>
    private Subject? Unexpired(Subject? subject)
    {
        if (subject is null || Properties.Retention is not { } rule)
            return subject;
        var now = _clock.GetUtcNow();
        var left = subject.Encounters.Where(encounter => !HasExpired(encounter, rule, now)).ToList();
        return left.Count == subject.Encounters.Count ? subject : left.Count == 0 ? null : subject with { Encounters = left };
    }
}
