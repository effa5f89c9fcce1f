using MatchEngine.Frs.Errors;

namespace MatchEngine.Frs.Accounts;

/// <summary>
/// Which passwords are taken. Length counts most (NIST SP 800-63B-4, 3.1.1.2: no demands on the kinds of characters); what is left of one
/// without common passwords, the account's own name and its organisation must still be worth guessing.
/// </summary>
public static class PasswordRules
{
    /// <summary>The shortest password, in characters.</summary>
    public const int MinLength = 12;

    /// <summary>The longest password, in characters.</summary>
    public const int MaxLength = 256;

    private const int LeastLeft = 8, LeastDifferent = 5, LeastWord = 4;

    // The most used passwords of 2023 and 2025 (NordPass's yearly lists, as SecLists keeps them), without the digits and signs at their
    // ends, and the words of the best known older ones. They are looked for inside a password, so that "Password2026!" is found too.
    private static readonly string[] Common =
    [
        .. """
        0123456789 1234567890 123456789 12345678 1234567 123456 12345 1234 0987654321 987654321 87654321 654321 54321 4321
        11223344 112233 102030 10203040 123123 123321 121212 147258369 147258 159357 123654 246810 135790 1029384756 1122 1212
        1q2w3e4r5t 1q2w3e4r 1q2w3e q1w2e3r4t5 q1w2e3r4 1qaz2wsx 1qazxsw2 zaq12wsx 12qwaszx qazwsx 123qwe qwe123 1234qwer
        qwertyuiop qwertzuiop qwerty qwertz qwer azertyuiop azerty asdfghjkl asdfgh asdf asdasd zxcvbnm zxczxc
        a1b2c3d4 1a2b3c4d abcdef abcd1234 abc123 abcd
        password passwort passw kennwort parola contrasena senha heslo motdepasse pass
        administrator adminadmin administrateur admin root user guest test testing demo default changeme letmein welcome willkommen
        secret unknown undefined master manager student access login service server system computer internet windows cisco motorola
        vodafone telecom telekom matchengine
        iloveyou iloveu loveyou loveme tequiero babygirl princess sunshine shadow dragon monkey football baseball basketball soccer
        superman batman starwars pokemon minecraft trustno killer hunter freedom whatever nothing hello friends flower butterfly
        chocolate cheese purple pretty angel jesus bismillah michael daniel jennifer jessica ashley charlie jordan joshua justin nicole
        liverpool mustang matrix merlin playboy fuckyou theworldinyourhand pakistan india
        spring summer autumn winter january february march april june july august september october november december
        monday tuesday wednesday thursday friday saturday sunday
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).OrderByDescending(word => word.Length),
    ];

    /// <summary>Refuses a password that is too easily guessed.</summary>
    /// <param name="password">The password.</param>
    /// <param name="name">The account's name.</param>
    /// <param name="organisation">Its organisation's id and name.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>.</exception>
    public static void Require(string password, string name, params IEnumerable<string> organisation)
    {
        ArgumentNullException.ThrowIfNull(password);
        if (password.Length is < MinLength or > MaxLength)
            throw new CodedException(ErrorCodes.BadValue, $"a password has {MinLength} to {MaxLength} characters");
        if (IsEasilyGuessed(password, [name, .. organisation]))
            throw new CodedException(
                ErrorCodes.BadValue,
                "this password is easily guessed: without common passwords, the account's name and its organisation too little of it is "
                    + "left. Several words that have nothing to do with each other make a good one");
    }

    private static bool IsEasilyGuessed(string password, IEnumerable<string> own)
    {
        var left = Plain(password);
        foreach (var word in own.SelectMany(Words).OrderByDescending(word => word.Length).Concat(Common))
            left = left.Replace(word, "", StringComparison.Ordinal);
        return left.Length < LeastLeft || left.Distinct().Count() < LeastDifferent;
    }

    // A name as a whole and in its parts.
    private static IEnumerable<string> Words(string text) =>
        text.Split([' ', '.', '-', '_', '@', ','], StringSplitOptions.RemoveEmptyEntries).Append(text)
            .Select(Plain).Where(word => word.Length >= LeastWord);

    // "P@$$w0rd" is written so for the rules of others. A digit between digits stays one.
    private static string Plain(string text) => new([.. text.ToLowerInvariant().Select((c, i) => c switch
    {
        '@' => 'a',
        '$' => 's',
        '0' when IsLetterBeside(text, i) => 'o',
        '3' when IsLetterBeside(text, i) => 'e',
        '5' when IsLetterBeside(text, i) => 's',
        _ => c,
    }).Where(char.IsLetterOrDigit)]);

    private static bool IsLetterBeside(string text, int i) =>
        (i > 0 && char.IsLetter(text[i - 1])) && i + 1 < text.Length && char.IsLetter(text[i + 1]);
}
