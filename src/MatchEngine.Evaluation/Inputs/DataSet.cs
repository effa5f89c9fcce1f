namespace MatchEngine.Evaluation.Inputs;

/// <summary>
/// The photos of a data set with their subjects and labels: what <c>metadata.csv</c> and <c>dataset.json</c> say. Photos are addressed by
/// their index, in the order of the file.
/// </summary>
public sealed class DataSet
{
    private readonly Dictionary<string, int> _imageIndex = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> _columns;

    /// <summary>Makes a data set from columns.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="images">One name a photo; each stands once.</param>
    /// <param name="subjects">The subject of each photo.</param>
    /// <param name="columns">Label columns by name, one value a photo; an empty value means that the label is not known.</param>
    /// <param name="labelSources">For every label column where it comes from: self-reported, annotated,
    /// machine-estimated or recorded.</param>
    /// <exception cref="ArgumentException">Lengths differ or a photo stands twice.</exception>
    public DataSet(
        string name,
        IReadOnlyList<string> images,
        IReadOnlyList<string> subjects,
        IReadOnlyDictionary<string, string[]>? columns = null,
        IReadOnlyDictionary<string, string>? labelSources = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(subjects);
        if (images.Count != subjects.Count)
            throw new ArgumentException("every photo has one subject", nameof(subjects));
        Name = name;
        Images = images;
        LabelSources = labelSources ?? new Dictionary<string, string>();
        _columns = new Dictionary<string, string[]>(columns ?? new Dictionary<string, string[]>(), StringComparer.Ordinal);
        foreach (var (column, values) in _columns)
        {
            if (values.Length != images.Count)
                throw new ArgumentException($"column '{column}' has {values.Length} values for {images.Count} photos", nameof(columns));
        }
        // Subjects are numbered in the order of their names, so that nothing downstream depends on the order of the rows.
        Subjects = [.. subjects.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var subjectIndex = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var s = 0; s < Subjects.Count; s++)
            subjectIndex.Add(Subjects[s], s);
        SubjectOf = [.. subjects.Select(subject => subjectIndex[subject])];
        for (var i = 0; i < images.Count; i++)
        {
            if (!_imageIndex.TryAdd(images[i], i))
                throw new ArgumentException($"photo '{images[i]}' stands twice", nameof(images));
        }
    }

    /// <summary>The name of the set.</summary>
    public string Name { get; }

    /// <summary>Where the set was published, or null.</summary>
    public string? Citation { get; init; }

    /// <summary>Under which terms it may be used, or null.</summary>
    public string? Terms { get; init; }

    /// <summary>SHA-256 over metadata.csv and dataset.json, lower-case hexadecimal, or null when the set was not read from files.</summary>
    public string? Digest { get; init; }

    /// <summary>The photos, by index.</summary>
    public IReadOnlyList<string> Images { get; }

    /// <summary>The subjects in the order of their names.</summary>
    public IReadOnlyList<string> Subjects { get; }

    /// <summary>For each photo the index of its subject.</summary>
    public IReadOnlyList<int> SubjectOf { get; }

    /// <summary>For every label column where it comes from.</summary>
    public IReadOnlyDictionary<string, string> LabelSources { get; }

    /// <summary>The names of the label columns, in order of name.</summary>
    public IEnumerable<string> ColumnNames => _columns.Keys.Order(StringComparer.Ordinal);

    /// <summary>The index of a photo, or −1 when the set does not hold it.</summary>
    public int IndexOf(string image) => _imageIndex.GetValueOrDefault(image, -1);

    /// <summary>Whether there is a column of that name.</summary>
    public bool HasColumn(string name) => name == "subject" || name == "image" || _columns.ContainsKey(name);

    /// <summary>The values of a column, one a photo. <c>image</c> and <c>subject</c> are columns too.</summary>
    /// <exception cref="EvaluationException">There is no such column.</exception>
    public IReadOnlyList<string> Column(string name) => name switch
    {
        "image" => Images,
        "subject" => [.. SubjectOf.Select(s => Subjects[s])],
        _ => _columns.TryGetValue(name, out var values)
            ? values
            : throw new EvaluationException($"data set '{Name}' has no column '{name}'; its columns are {string.Join(", ", ColumnNames)}"),
    };

    /// <summary>Refuses a column of labels of which nobody says where they come from: rates by it could not be judged.</summary>
    /// <exception cref="EvaluationException">The column has no stated source; the message holds the line to write.</exception>
    internal void RequireSource(string column)
    {
        if (column is not "subject" and not "image" && !LabelSources.ContainsKey(column))
            throw new EvaluationException(
                $"nothing says where the labels '{column}' of '{Name}' come from; add to \"labels\" in dataset.json the line "
                    + $"\"{column}\": \"{string.Join("|", DataSetReader.KnownSources)}\" (one of them, and how)");
    }

    /// <summary>The same photos under corrected subjects; photos that are mapped to null are left out.</summary>
    /// <param name="correct">From the photo's index and its subject to the subject it belongs to, or null.</param>
    public DataSet WithSubjects(Func<int, string, string?> correct)
    {
        ArgumentNullException.ThrowIfNull(correct);
        var corrected = Enumerable.Range(0, Images.Count).Select(i => correct(i, Subjects[SubjectOf[i]])).ToArray();
        var kept = Enumerable.Range(0, Images.Count).Where(i => corrected[i] is not null).ToArray();
        return new DataSet(
            Name,
            [.. kept.Select(i => Images[i])],
            [.. kept.Select(i => corrected[i]!)],
            _columns.ToDictionary(c => c.Key, c => kept.Select(i => c.Value[i]).ToArray()),
            LabelSources)
        { Citation = Citation, Terms = Terms, Digest = Digest };
    }
}
