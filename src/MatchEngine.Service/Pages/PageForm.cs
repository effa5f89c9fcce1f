using System.Globalization;
using System.Text;
using MatchEngine.Frs.Probes;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Intake;
using MatchEngine.Service.Settings;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace MatchEngine.Service.Pages;

/// <summary>
/// A form that a page of ours sent, in a buffer of ours that is cleared on <see cref="Dispose"/>. The framework's own reading of forms is
/// passed by, for it writes what is above 64 KiB to a temporary file.
/// </summary>
internal sealed class PageForm : IDisposable
{
    public const string TokenField = "token";
    public const string TokenHeader = "X-Form-Token";

    // Texts become strings, which nobody can clear: a photo that came without a file's name must not become one.
    private const int MaxText = 16 << 10;

    private readonly OwnedBuffer _body;
    private readonly Dictionary<string, StringValues> _fields = [];

    private PageForm(OwnedBuffer body) => _body = body;

    /// <summary>The files, in the order in which they came.</summary>
    public IReadOnlyList<BodyPart> Files { get; private set; } = [];

    /// <summary>Reads a form and makes sure that a page of ours, shown to this account, sent it.</summary>
    /// <exception cref="ProblemException">It is too large, malformed, or was sent by another page.</exception>
    public static Task<PageForm> ReadAsync(HttpContext context) => ReadAsync(context, texts: null);

    /// <summary>The same of a form without files, from somebody who need not be signed in: a few texts and nothing else.</summary>
    /// <exception cref="ProblemException">As for the other; or it came as multipart.</exception>
    public static Task<PageForm> ReadTextsAsync(HttpContext context) => ReadAsync(context, RateLimits.SignInBytes);

    private static async Task<PageForm> ReadAsync(HttpContext context, int? texts)
    {
        var services = context.RequestServices;
        var limits = services.GetRequiredService<ServiceSettings>().Limits;
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type))
            throw Unsupported();
        var multipart = type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase);
        if (multipart ? texts is not null : !type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
            throw Unsupported();

        var form = new PageForm(await RequestBody.ReadAsync(
            context, multipart ? limits.BodyBytes : texts ?? Math.Min(limits.BodyBytes, 16 * MaxText)));
        try
        {
            if (multipart)
                form.Take(MultipartBody.Parse(form._body.Memory, MultipartBody.Boundary(type), limits.Parts), limits);
            else
                form.Take(QueryHelpers.ParseQuery(Encoding.UTF8.GetString(form._body.Memory.Span)));
            // In the header the framework finds the token without reading the form.
            context.Request.Headers[TokenHeader] = form.Text(TokenField) ?? "";
            await services.GetRequiredService<IAntiforgery>().ValidateRequestAsync(context);
            return form;
        }
        catch (AntiforgeryValidationException e)
        {
            form.Dispose();
            throw OutOfDate(e);
        }
        catch
        {
            form.Dispose();
            throw;
        }
    }

    /// <summary>A field's text without blanks around it; null when it is absent or empty.</summary>
    public string? Text(string name) =>
        _fields.TryGetValue(name, out var value) && value.Count > 0 && !string.IsNullOrWhiteSpace(value[0]) ? value[0]!.Trim() : null;

    /// <summary>The same as it was sent, for passwords and ids.</summary>
    public string? Exact(string name) =>
        _fields.TryGetValue(name, out var value) && value.Count > 0 && value[0]!.Length > 0 ? value[0] : null;

    /// <summary>Every value of a field that may come several times.</summary>
    public IReadOnlyList<string> Texts(string name) =>
        _fields.TryGetValue(name, out var value) ? [.. value.Where(text => !string.IsNullOrWhiteSpace(text))!] : [];

    /// <summary>The last value of a field that may come several times: a button's, which stands behind the choices in the form.</summary>
    public string? Last(string name) => Texts(name) is [.., var last] ? last.Trim() : null;

    /// <summary>Whether a box is ticked.</summary>
    public bool Ticked(string name) => _fields.ContainsKey(name);

    /// <exception cref="ProblemException">There is a text and it is no whole number.</exception>
    public int? Number(string name) => Text(name) is not { } text
        ? null
        : int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ProblemException(Problem.BadValue, $"{name} is a whole number");

    /// <exception cref="ProblemException">There is a text and it is no number.</exception>
    public float? Fraction(string name) => Text(name) is not { } text
        ? null
        : float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ProblemException(Problem.BadValue, $"{name} is a number like 0.35");

    /// <exception cref="ProblemException">There is no such file, or there are several.</exception>
    public BodyPart File(string name) => Files.Where(file => file.Name == name).ToList() switch
    {
        [var only] => only,
        [] => throw new ProblemException(Problem.BadValue, "choose a photo first") { Fields = [name] },
        _ => throw new ProblemException(Problem.BadValue, "choose one photo, not several") { Fields = [name] },
    };

    /// <summary>Overwrites everything that came with the form.</summary>
    public void Dispose()
    {
        Files = [];
        _fields.Clear();
        _body.Dispose();
    }

    private void Take(IReadOnlyList<BodyPart> parts, ServiceLimits limits)
    {
        // A file field in which nothing was chosen comes as an empty part without a file name.
        Files = [.. parts.Where(part => part.FileName is not null)];
        foreach (var file in Files)
        {
            if (file.Content.Length > limits.ImageBytes)
                throw new ProblemException(
                    Problem.TooLarge, $"the photo has {file.Content.Length:N0} bytes; {limits.ImageBytes:N0} is the limit");
            if (file.Content.IsEmpty)
                throw new ProblemException(Problem.BadValue, $"'{file.FileName}' is empty");
        }
        if (parts.Any(part => part.FileName is null && part.Content.Length > MaxText))
            throw new ProblemException(
                Problem.BadValue, $"a text in the form is longer than {MaxText:N0} bytes; a photo comes as a file, with its name");
        Take(parts.Where(part => part.FileName is null).GroupBy(part => part.Name).ToDictionary(
            group => group.Key, group => new StringValues([.. group.Select(part => Encoding.UTF8.GetString(part.Content.Span))])));
    }

    private void Take(Dictionary<string, StringValues> fields)
    {
        foreach (var (name, value) in fields)
            _fields[name] = value;
    }

    /// <summary>The problem of a form whose token does not fit.</summary>
    public static ProblemException OutOfDate(AntiforgeryValidationException e) =>
        new(Problem.CrossSite, "the page that sent this form is out of date, or was opened under another sign-in: load it again", e);

    public static ProblemException Unsupported() =>
        new(Problem.Unsupported, "a page's address takes the page's own form and nothing else; programs use /v1");
}
