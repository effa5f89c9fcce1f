namespace MatchEngine.Service.Sandbox;

/// <summary>Tells who started a sandbox what there is in it.</summary>
internal static class SandboxTable
{
    /// <summary>Writes keys, galleries, and where the rest is told.</summary>
    public static void Write(TextWriter output, SandboxHost sandbox, SandboxFolder folder)
    {
        var width = sandbox.Record.Accounts.Max(account => account.Organisation.Length);
        var roles = sandbox.Record.Accounts.Max(account => account.Role.Length);
        output.WriteLine($"{"organisation".PadRight(width)}  {"role".PadRight(roles)}  key");
        foreach (var account in sandbox.Record.Accounts)
            output.WriteLine($"{account.Organisation.PadRight(width)}  {account.Role.PadRight(roles)}  {account.Key}");
        foreach (var credential in sandbox.Record.SigningCredentials)
            output.WriteLine(
                $"{credential.Organisation.PadRight(width)}  {credential.Role.PadRight(roles)}  signs: {credential.AccessKeyId} "
                    + credential.SecretAccessKey);
        output.WriteLine($"Galleries, one a profile: {string.Join(", ", sandbox.Record.Galleries.Select(gallery => gallery.Name))}");
        output.WriteLine($"All of this, and what there is to decide: {folder.RecordFile}; photos of the people: {folder.Photos}");
        foreach (var address in sandbox.Listener.Urls)
            output.WriteLine($"MatchEngine sandbox: {address}");
        output.Flush();
    }
}
