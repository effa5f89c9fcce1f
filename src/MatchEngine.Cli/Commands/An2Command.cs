using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MatchEngine.Cli.Output;
using MatchEngine.Interchange;
using MatchEngine.Interchange.FaceRecords;
using MatchEngine.Interchange.Images;
using MatchEngine.Interchange.Records;
using MatchEngine.Interchange.Searches;
using MatchEngine.Interchange.Validation;

namespace MatchEngine.Cli.Commands;

/// <summary><c>an2 show|extract|wrap</c>: ANSI/NIST-ITL files; those in XML are read, the traditional encoding is written.</summary>
internal static class An2Command
{
    // A field of minutiae has thousands of characters; the JSON has them all.
    private const int MostShown = 160;

    public static Command Create() => new("an2", "Show, take apart and make ANSI/NIST-ITL files (traditional encoding; XML is read)")
    {
        Show(), Extract(), Wrap(),
    };

    private static Argument<string> FileArgument =>
        new("FILE") { Description = "An ANSI/NIST-ITL file (.an2, .eft, .tdf, .xml, …), or '-' for standard input" };

    private static Transaction TransactionOf(string path, FaceFile records) => records.Transaction ?? throw new InterchangeException(
        InterchangeFault.NotAnsiNist,
        $"{path}: this is a face record of {records.Format.ToName()} and no ANSI/NIST file; "
            + "'search', 'compare' and 'detect' take its face");

    private static Command Show()
    {
        var file = FileArgument;
        var command = new Command(
            "show",
            "List records, fields and what is against the standard; image data are counted, "
                + "not shown. Exit code 1 when there are errors") { file, SharedOptions.Json };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(file);
            using var bytes = ImageArgument.Read(path);
            using var records = ProbeArgument.Named(path, () => FaceFile.Read(bytes.Memory));
            var (transaction, findings) = (TransactionOf(path, records), records.Findings);
            if (parsed.GetValue(SharedOptions.Json))
                JsonOutput.Write(ToJson(transaction, findings));
            else
                Write(transaction, findings);
            return findings.Any(finding => finding.Severity == Severity.Error) ? ExitCode.NothingOrPartly : ExitCode.Done;
        });
        return command;
    }

    private static Command Extract()
    {
        var file = FileArgument;
        var output = OutputOption("Where to write the image: as it is in the file; uncompressed pixels become a PGM or PPM", "IMAGE");
        var idc = new Option<int?>("--idc") { Description = "Which image of several: the IDC of its Type-10 record", HelpName = "N" };
        var command = new Command("extract", "Write the image of a Type-10 record to a file") { file, output, idc, SharedOptions.Json };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(file);
            using var bytes = ImageArgument.Read(path);
            using var records = ProbeArgument.Named(path, () => FaceFile.Read(bytes.Memory));
            var record = Choose(path, TransactionOf(path, records), parsed.GetValue(idc));
            var image = ProbeArgument.Named(path, () => Photograph.Of(record));
            var target = parsed.GetRequiredValue(output);
            var written = image.Data.Length;
            if (image.IsRaw)
            {
                var netpbm = ProbeArgument.ToNetpbm(image);
                try
                {
                    WriteWhole(target, netpbm);
                    written = netpbm.Length;
                }
                finally
                {
                    CryptographicOperations.ZeroMemory(netpbm);
                }
            }
            else
                WriteWhole(target, image.Data.Span);
            if (parsed.GetValue(SharedOptions.Json))
                JsonOutput.Write(
                    new { Image = target, record.Idc, record.ImageType, image.Compression, image.Width, image.Height, Bytes = written });
            else
                Console.WriteLine(
                    $"{target}: {record.ImageType}, {image.Compression}, {image.Width} × {image.Height}, {Terminal.Bytes(written)}.");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Wrap()
    {
        var image = new Argument<string>("IMAGE")
        {
            Description = "A JPEG, PNG or JPEG 2000 with the face to search for, or '-' for standard input",
        };
        var output = OutputOption("Where to write the ANSI/NIST file", "FILE");
        Option<string> Text(string name, string help, string value, string initial) =>
            new(name) { Description = help, HelpName = value, DefaultValueFactory = _ => initial };
        var type = Text("--type", "1.004 TOT: type of transaction", "TOT", SubmissionWriter.FaceSearch);
        var destination = Text("--destination", "1.007 DAI: agency that is to receive it", "AGENCY", "UNKNOWN");
        var originator = Text("--originator", "1.008 ORI and 10.004 SRC: agency that sends it", "AGENCY", "UNKNOWN");
        var number = new Option<string?>("--number")
        {
            Description = "1.009 TCN: your number for it; a new one when not given",
            HelpName = "TCN",
        };
        var pose = new Option<string?>("--pose") { Description = "10.020 POS", HelpName = "F|R|L" };
        pose.AcceptOnlyFromAmong("F", "R", "L");
        var space = new Option<string?>("--color-space")
        {
            Description = "10.012 CSP; GRAY or RGB by the image's channels when not given",
            HelpName = "CSP",
        };
        space.AcceptOnlyFromAmong(
            ColorSpaces.Gray, ColorSpaces.Rgb, ColorSpaces.Srgb, ColorSpaces.Sycc, ColorSpaces.Undefined, ColorSpaces.Ycc);
        var photoDate = new Option<DateOnly?>("--photo-date")
        {
            Description = "10.005 PHD: day of capture; today when not given",
            HelpName = "YYYY-MM-DD",
            CustomParser = ParseDate,
        };
        var text = new Option<KeyValuePair<int, string>[]>("--text")
        {
            Description = "A field of Type-2 as your domain defines it, e.g. --text 59=I; repeatable",
            HelpName = "NUMBER=TEXT",
            CustomParser = ParseText,
        };
        var command = new Command("wrap", "Make an ANSI/NIST file that submits an image for a face search")
        {
            image, output, type, destination, originator, number, photoDate, pose, space, text, SharedOptions.Json,
        };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(image);
            using var bytes = ImageArgument.Read(path);
            var header = ImageHeader.Read(bytes.Span)
                ?? throw new UsageException($"{path}: a Type-10 record holds JPEG, PNG or JPEG 2000; convert the image to one of these");
            var now = DateTimeOffset.Now;
            if (parsed.GetValue(photoDate) is null)
                Console.Error.WriteLine("matchengine: the day of capture (10.005) is written as today; --photo-date states another");
            byte[] file;
            try
            {
                file = SubmissionWriter.Write(
                    new TransactionBuilder
                    {
                        TransactionType = parsed.GetRequiredValue(type),
                        Time = now,
                        DestinationAgency = parsed.GetRequiredValue(destination),
                        OriginatingAgency = parsed.GetRequiredValue(originator),
                        ControlNumber = parsed.GetValue(number) ?? Guid.CreateVersion7(now).ToString(),
                    },
                    new FaceRecordContent
                    {
                        Image = bytes.Memory,
                        Width = header.Width,
                        Height = header.Height,
                        Compression = header.Compression,
                        ColorSpace = parsed.GetValue(space) ?? (header.Channels == 1 ? ColorSpaces.Gray : ColorSpaces.Rgb),
                        SourceAgency = parsed.GetRequiredValue(originator),
                        PhotoDate = parsed.GetValue(photoDate) ?? DateOnly.FromDateTime(now.DateTime),
                        Pose = parsed.GetValue(pose),
                    },
                    parsed.GetValue(text));
            }
            catch (ArgumentException error)
            {
                throw new UsageException(error.Message);
            }
            try
            {
                var transaction = Transaction.Read(file);
                foreach (var finding in TransactionValidator.Validate(transaction))
                    Console.Error.WriteLine(
                        $"matchengine: {finding.Field}: {finding.Problem}; expected: {finding.Expected} ({finding.Clause})");
                var target = parsed.GetRequiredValue(output);
                WriteWhole(target, file);
                if (parsed.GetValue(SharedOptions.Json))
                    JsonOutput.Write(new
                    {
                        File = target,
                        ControlNumber = transaction.Header.ControlNumber,
                        header.Compression,
                        header.Width,
                        header.Height,
                        Bytes = file.Length,
                    });
                else
                    Console.WriteLine(
                        $"{target}: {transaction.Header.TransactionType} {transaction.Header.ControlNumber}, "
                            + $"{header.Compression} {header.Width} × {header.Height}, {Terminal.Bytes(file.Length)}.");
                return ExitCode.Done;
            }
            finally
            {
                CryptographicOperations.ZeroMemory(file);
            }
        });
        return command;
    }

    private static Option<string> OutputOption(string description, string helpName) =>
        new("--out") { Description = description, HelpName = helpName, Required = true };

    private static DateOnly? ParseDate(ArgumentResult result)
    {
        if (DateOnly.TryParseExact(result.Tokens[0].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return date;
        result.AddError($"--photo-date takes a day such as 2026-02-28, not '{result.Tokens[0].Value}'");
        return null;
    }

    private static KeyValuePair<int, string>[] ParseText(ArgumentResult result)
    {
        var fields = new List<KeyValuePair<int, string>>();
        foreach (var token in result.Tokens)
        {
            var at = token.Value.IndexOf('=', StringComparison.Ordinal);
            if (at > 0 && int.TryParse(token.Value.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number is >= 3 and <= 999)
                fields.Add(new(number, token.Value[(at + 1)..]));
            else
                result.AddError($"--text takes a field's number from 3 to 999, '=' and its text, e.g. 59=I, not '{token.Value}'");
        }
        return [.. fields];
    }

    private static Type10Record Choose(string path, Transaction transaction, int? idc)
    {
        var images = transaction.Images.ToList();
        if (images.Count == 0)
            throw new InterchangeException(InterchangeFault.NoImageRecord, $"{path}: the file has no Type-10 record");
        var wanted = idc is null ? images : [.. images.Where(image => image.Idc == idc)];
        var there = string.Join(", ", images.Select(image => $"{image.Idc} ({Printable(image.ImageType ?? "no type")})"));
        return wanted switch
        {
            [var only] => only,
            [] => throw new InterchangeException(
                InterchangeFault.NoSuchRecord, $"{path}: no Type-10 record has the IDC {idc}; there are {there}"),
            _ => throw new UsageException($"{path}: the file has {wanted.Count} images, with the IDCs {there}; --idc N says which"),
        };
    }

    /// <summary>Writes to a temporary name first, so that no half a file is left behind.</summary>
    private static void WriteWhole(string path, ReadOnlySpan<byte> bytes)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw new UsageException($"{path} cannot be written: there is no folder {folder}");
        var unfinished = path + ".tmp";
        try
        {
            using (var output = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
                output.Write(bytes);
            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    private static object ToJson(Transaction transaction, IReadOnlyList<Finding> findings) => new
    {
        transaction.Header.Version,
        transaction.Header.TransactionType,
        transaction.Header.ControlNumber,
        Bytes = transaction.Length,
        TrailingBytes = transaction.Trailing.Length,
        Records = transaction.Records.Select((record, i) => new
        {
            Record = i + 1,
            record.Type,
            record.Idc,
            Bytes = record.Bytes.Length,
            Fields = (record as TaggedRecord)?.Fields.Select(field => new
            {
                field.Tag,
                field.Definition?.Mnemonic,
                field.Definition?.Name,
                Bytes = field.Value.Length,
                Subfields = field.IsData ? null : field.Subfields.Select(subfield => subfield.Items),
            }),
        }),
        Findings = findings,
    };

    private static void Write(Transaction transaction, IReadOnlyList<Finding> findings)
    {
        for (var i = 0; i < transaction.Records.Count; i++)
        {
            var record = transaction.Records[i];
            Console.WriteLine(
                $"Record {i + 1}: Type-{record.Type}{(record.Idc is { } idc ? $", IDC {idc}" : "")}, {record.Bytes.Length:N0} bytes");
            if (record is not TaggedRecord tagged)
            {
                Console.WriteLine("  binary, carried through");
                Console.WriteLine();
                continue;
            }
            var table = Terminal.Table("field", "", "value");
            foreach (var field in tagged.Fields)
                table.AddPlainRow(
                    field.Tag, field.Definition?.Mnemonic ?? "",
                    field.IsData ? $"({field.Value.Length:N0} bytes of data)" : Printable(field.Text));
            Terminal.Out.Write(table);
        }
        if (transaction.Trailing.Length > 0)
            Console.WriteLine($"{transaction.Trailing.Length:N0} bytes follow the last record.");
        if (findings.Count == 0)
        {
            Console.WriteLine("Nothing found that is against the standard.");
            return;
        }
        var list = Terminal.Table(">record", "field", "severity", "problem", "the standard wants", "clause");
        foreach (var finding in findings)
            list.AddPlainRow(
                finding.Record == 0 ? "" : $"{finding.Record}", finding.Field, finding.Severity.ToString().ToLowerInvariant(),
                finding.Problem, finding.Expected, finding.Clause);
        Terminal.Out.Write(list);
    }

    /// <summary>Text of a file as a terminal may show it: control characters, separators among them, as their pictures.</summary>
    private static string Printable(string text)
    {
        var shown = new StringBuilder();
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, MostShown)))
            shown.Append(c switch { < ' ' => (char)('\u2400' + c), '\u007F' => '\u2421', >= '\u0080' and <= '\u009F' => '\uFFFD', _ => c });
        return text.Length > MostShown ? $"{shown}… ({text.Length:N0} characters)" : shown.ToString();
    }
}
