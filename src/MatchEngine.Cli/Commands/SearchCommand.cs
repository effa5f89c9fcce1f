using System.CommandLine;
using MatchEngine.Cli.Output;
using MatchEngine.Cli.Remote;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Filters;
using MatchEngine.Galleries.Search;
using MatchEngine.Rates.Tails;

namespace MatchEngine.Cli.Commands;

/// <summary><c>search</c>: a probe in, a candidate list out.</summary>
internal static class SearchCommand
{
    public static Command Create()
    {
        var image = new Argument<string>("IMAGE")
        {
            Description =
                "The probe: a JPEG, PNG, WebP, TIFF, AVIF, GIF, BMP, PPM or an ANSI/NIST file with one face, or '-' for standard input",
        };
        var top = new Option<int>("--top")
        {
            Description = "Length of the candidate list",
            HelpName = "N",
            DefaultValueFactory = _ => SearchOptions.DefaultListLength,
        };
        top.Validators.Add(result =>
        {
            if (result.GetValue(top) is < 1 or > SearchOptions.MaxListLength)
                result.AddError($"--top takes a number within 1 … {SearchOptions.MaxListLength}");
        });
        var floor = new Option<float?>("--floor") { Description = "Score floor, −1 … 1: candidates below it are left out", HelpName = "S" };
        floor.Validators.Add(result =>
        {
            if (result.GetValue(floor) is { } value && !(value is >= -1 and <= 1))
                result.AddError("--floor takes a score within −1 … 1");
        });
        var strangers = new Option<double?>("--floor-strangers")
        {
            Description =
                "A floor chosen for this probe, such that about so many people who are somebody else reach it "
                    + $"({ListRule.LeastFloorStrangers} … {ListRule.MostFloorStrangers:0}); with --floor, the higher one counts. "
                    + "Compares with every template",
            HelpName = "X",
        };
        strangers.Validators.Add(result =>
        {
            if (result.GetValue(strangers) is { } value
                && !(value is >= ListRule.LeastFloorStrangers and <= ListRule.MostFloorStrangers))
                result.AddError(
                    $"--floor-strangers takes a number within {ListRule.LeastFloorStrangers} … {ListRule.MostFloorStrangers:0}");
        });
        var exact = new Option<bool>("--exact")
        {
            Description =
                "Compare with every template: never search through a gallery's graph, which may miss a few. "
                    + "The answer's path says what was done",
        };
        var idc = new Option<int?>("--idc")
        {
            Description = "Which face of an ANSI/NIST file that has several: the IDC of its record",
            HelpName = "N",
        };
        var where = new Option<string[]>("--where")
        {
            Description =
                "Search only subjects whose biographics meet this condition: KEY=VALUE, or with != < <= > >= for numbers and dates "
                    + "(--where sex=F --where 'birth>=1980'). Several must all hold; who lacks the key is not searched",
            HelpName = "CONDITION",
        };
        where.Validators.Add(result =>
        {
            try
            {
                BiographicFilter.Parse(result.GetValue(where) ?? []);
            }
            catch (FormatException e)
            {
                result.AddError($"--where: {e.Message}");
            }
        });
        var command = new Command("search", "Search a gallery for the face of a probe. Nothing of the probe is kept")
        {
            SharedOptions.Gallery, image, top, floor, strangers, where, exact, idc, SharedOptions.Face, SharedOptions.MinQuality,
            SharedOptions.IsolateDecoder, SharedOptions.Data, SharedOptions.Json,
        };
        ServiceOptions.Add(command, [exact, SharedOptions.MinQuality, SharedOptions.IsolateDecoder, SharedOptions.Data], reasons: true);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(ServiceOptions.Service) is not null)
                return await RemoteSearch.RunAsync(
                    parsed, parsed.GetRequiredValue(image), new RemoteSearch.Terms(
                        parsed.GetResult(top) is { Implicit: false } ? parsed.GetValue(top) : null, parsed.GetValue(floor),
                        parsed.GetValue(strangers), parsed.GetValue(where), parsed.GetValue(idc)),
                    cancellationToken);
            var data = parsed.GetRequiredValue(SharedOptions.Data);
            using var gallery = EmbeddedStore.Galleries(data).Open(parsed.GetRequiredValue(SharedOptions.Gallery));
            using var pipeline = DataFolder.LoadPipeline(data, gallery.Model.Id, parsed.GetValue(SharedOptions.IsolateDecoder));
            using var probe = ProbeArgument.Read(parsed.GetRequiredValue(image), parsed.GetValue(idc));
            // Loaded before the search, so that its time says what a search costs and not what opening a gallery costs.
            gallery.IndexWarned += warning => Console.Error.WriteLine("matchengine: " + warning);
            gallery.Load(cancellationToken: cancellationToken);
            var options = new SearchOptions
            {
                ListLength = parsed.GetValue(top),
                Floor = parsed.GetValue(floor),
                FloorStrangers = parsed.GetValue(strangers),
                Face = parsed.GetValue(SharedOptions.Face),
                MinQuality = parsed.GetValue(SharedOptions.MinQuality),
                Exhaustive = parsed.GetValue(exact),
                Filter = BiographicFilter.Parse(parsed.GetValue(where) ?? []),
            };
            var list = gallery.Search(pipeline, probe.Span, options, cancellationToken);
            if (parsed.GetValue(SharedOptions.Json))
                JsonOutput.Write(ToJson(list));
            else
                Write(list);
            return list.Candidates.Count > 0 ? ExitCode.Done : ExitCode.NothingOrPartly;
        });
        return command;
    }

    private static object ToJson(CandidateList list) => new
    {
        list.SearchId,
        list.Gallery,
        list.Model,
        list.Path,
        Exhaustive = list.IsExhaustive,
        list.GallerySize,
        Filter = list.Searched[0].Filter?.Conditions.Select(condition => condition.ToString()),
        SubjectsSearched = list.Searched[0].Among,
        list.ListLength,
        list.Floor,
        StrangersExpected = JsonOutput.Strangers(list.StrangersExpected),
        list.Notices,
        ElapsedMs = new
        {
            Decode = JsonOutput.Milliseconds(list.Elapsed.Decode),
            Detect = JsonOutput.Milliseconds(list.Elapsed.Detect),
            Embed = JsonOutput.Milliseconds(list.Elapsed.Embed),
            Assess = JsonOutput.Milliseconds(list.Elapsed.Assess),
            Search = JsonOutput.Milliseconds(list.Elapsed.Search),
            Total = JsonOutput.Milliseconds(list.Elapsed.Total),
        },
        Probe = list.Probe is { } probe ? new
        {
            Box = JsonOutput.Box(probe.Box),
            probe.FacesFound,
            probe.ImageWidth,
            probe.ImageHeight,
            Quality = QualityOutput.ToJson(probe.Quality),
        } : null,
        Candidates = list.Candidates.Select(candidate => new
        {
            candidate.Rank,
            candidate.SubjectId,
            candidate.Score,
            Fmr = RateOutput.ToJson(candidate.Fmr),
            StrangersExpected = JsonOutput.Strangers(candidate.StrangersExpected),
            EncounterId = candidate.Encounter.Id,
            candidate.Encounter.Image,
            Box = JsonOutput.Box(candidate.Encounter.Box),
            candidate.Encounter.Quality,
            candidate.Encounter.SourceUrl,
            candidate.Biographics,
        }),
        Populations = RateOutput.ToJson(list.Populations),
        Disclaimer = list.Disclaimer.Text,
        DisclaimerVersion = list.Disclaimer.Version,
    };

    private static void Write(CandidateList list)
    {
        CandidateTable.Write(
            [.. list.Candidates.Select(candidate => new CandidateRow(
                candidate.Rank, candidate.SubjectId, Terminal.Score(candidate.Score), RateOutput.Text(candidate.Fmr),
                Terminal.Strangers(candidate.StrangersExpected),
                CandidateRow.Photo(
                    candidate.Encounter.Image, candidate.Encounter.Face, candidate.Encounter.FacesFound, candidate.Encounter.SourceUrl),
                candidate.Biographics))],
            list.Floor is null
                ? list.Searched[0].Among == 0 ? "No candidates: nobody meets the conditions." : "No candidates: the gallery is empty."
                : $"No candidates at or above the score floor {Terminal.Score(list.Floor.Value)}.");
        var floor = list.Floor is { } value ? $", score floor {Terminal.Score(value)}" : "";
        Console.WriteLine(
            $"{list.Candidates.Count} of at most {list.ListLength} candidates from {list.GallerySize:N0} templates in "
                + $"{list.Gallery}{floor}; "
                + $"model {list.Model}, path {list.Path} ({(list.IsExhaustive ? "the whole gallery" : "not the whole gallery")}), "
                + $"{list.Elapsed.Total.TotalMilliseconds:0.0} ms (search "
                + $"{list.Elapsed.Search.TotalMilliseconds:0.00} ms).");
        var strangers = list.StrangersExpected;
        Console.WriteLine(strangers.Reason == UnsaidReason.NoFloor
            ? CandidateTable.WithoutFloor
            : CandidateTable.Expected(
                strangers.Value, strangers.Low, strangers.High, strangers.Population, strangers.Reason.ToWords()));
        RateOutput.WritePopulations(Console.Out, list.Populations);
        foreach (var notice in list.Notices)
            Console.WriteLine($"Notice: {notice}.");
        QualityOutput.Write(Console.Out, "Probe quality", list.Probe?.Quality);
        Console.WriteLine();
        Console.WriteLine(list.Disclaimer.Text);
    }
}
