using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using MatchEngine.Vetting.Conduct;
using MatchEngine.Vetting.Dossiers;
using MatchEngine.Vetting.Runs;

namespace MatchEngine.Vetting.Tests.Dossiers;

public sealed class DossierFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dossier-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private IReadOnlyList<string> Write(Dossier? dossier = null)
    {
        using var key = DossierSignature.Key(null);
        return DossierFolder.WriteAsync(dossier ?? SampleDossier.Of(), _folder, key, prints: false, CancellationToken.None)
            .GetAwaiter().GetResult();
    }

    private static IReadOnlyList<string> Faults(JsonNode dossier)
    {
        var found = JsonSchema.FromText(DossierFolder.Schema()).Evaluate(
            JsonSerializer.SerializeToElement(dossier), new EvaluationOptions { OutputFormat = OutputFormat.List });
        return found.IsValid ? [] : [.. (found.Details ?? []).Where(d => d.Errors is not null)
            .SelectMany(d => d.Errors!.Select(e => $"{d.InstanceLocation}: {e.Value}"))];
    }

    [Fact]
    public void What_is_written_is_what_its_schema_says()
    {
        Write();
        Assert.Equal([], Faults(JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, "dossier.json")))!));
        Assert.Equal(DossierFolder.Schema(), File.ReadAllText(Path.Combine(_folder, "dossier.schema.json")));
    }

    [Fact]
    public void Of_an_examination_of_nothing_too()
    {
        var nothing = SampleDossier.Of() with { Accuracy = null, Load = null, Conduct = [], Photos = [], Agreement = null };
        Write(nothing with { Target = nothing.Target with { AtStart = null, AtEnd = null, Address = null } });
        var dossier = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, "dossier.json")))!;
        Assert.Equal([], Faults(dossier));
        Assert.All(
            dossier["verdicts"]!.AsArray(),
            row => Assert.Contains(row!["standing"]!.GetValue<string>(), new[] { "not-examined", "cannot-be-said" }));
    }

    [Fact]
    public void Every_source_of_a_requirement_stands_among_the_norms_with_what_is_known_of_it()
    {
        string[] sources =
            [.. ConductBattery.Requirements.SelectMany(one => one.Source.Split("; ")).Distinct().Where(one => one != "none")];
        Assert.All(sources, source => Assert.Contains(
            Norm.All, norm => source.Split(',', ' ')[0] is var first && (norm.Name.EndsWith(first, StringComparison.Ordinal)
                || norm.Name.StartsWith(first, StringComparison.Ordinal))));
        Assert.All(Norm.All, norm => Assert.Contains("looked up", norm.State, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("verdicts")]
    [InlineData("target")]
    [InlineData("provenance")]
    public void The_schema_refuses_a_dossier_that_lacks_something_or_has_too_much(string key)
    {
        var whole = DossierJson.Make(SampleDossier.Of());
        var lacking = whole.DeepClone().AsObject();
        lacking.Remove(key);
        Assert.NotEmpty(Faults(lacking));
        var more = whole.DeepClone().AsObject();
        more["more"] = 1;
        Assert.NotEmpty(Faults(more));
    }

    [Fact]
    public void Whole_it_passes_the_check()
    {
        var files = Write();
        var check = DossierSignature.Check(_folder);
        Assert.Equal([], check.Problems);
        Assert.Equal(files.Except(["signature.json"]).Order(StringComparer.Ordinal), check.Files);
        Assert.Contains("identification/report.json", check.Files);
        Assert.Null(check.IsTrusted);
        Assert.Equal(check.Fingerprint, DossierSignature.Check(Path.Combine(_folder, "dossier.json")).Fingerprint);
    }

    [Fact]
    public void A_changed_byte_of_any_file_fails_the_check_and_names_the_file()
    {
        foreach (var file in Write().Where(f => f != "signature.json"))
        {
            var path = Path.Combine(_folder, file);
            var bytes = File.ReadAllBytes(path);
            var changed = bytes.ToArray();
            changed[changed.Length / 2] ^= 1;
            File.WriteAllBytes(path, changed);
            Assert.Equal([$"{file}: the file was changed."], DossierSignature.Check(_folder).Problems);
            File.Delete(path);
            Assert.Equal([$"{file}: the file is missing."], DossierSignature.Check(_folder).Problems);
            File.WriteAllBytes(path, bytes);
        }
        Assert.True(DossierSignature.Check(_folder).IsWhole);
    }

    [Fact]
    public void A_changed_byte_of_the_signature_fails_it_wherever_it_is()
    {
        Write();
        var path = Path.Combine(_folder, "signature.json");
        var bytes = File.ReadAllBytes(path);
        for (var at = 0; at < bytes.Length; at += 7)
        {
            // White space between values says nothing.
            if (bytes[at] is (byte)' ' or (byte)'\n')
                continue;
            var changed = bytes.ToArray();
            changed[at] ^= 1;
            File.WriteAllBytes(path, changed);
            Assert.False(DossierSignature.Check(_folder).IsWhole, $"a change of byte {at} passes");
        }
    }

    [Fact]
    public void A_file_that_is_put_in_is_noticed()
    {
        Write();
        File.WriteAllText(Path.Combine(_folder, "identification", "more.csv"), "x");
        Assert.Equal(["identification/more.csv: it is not part of the dossier."], DossierSignature.Check(_folder).Problems);
    }

    [Fact]
    public async Task Signed_anew_with_another_key_it_does_not_pass_for_that_of_the_unit()
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (secret, open) = (
            Path.Combine(_folder, "..", $"{Guid.NewGuid():N}.pem"), Path.Combine(_folder, "..", $"{Guid.NewGuid():N}.pem"));
        try
        {
            File.WriteAllText(secret, own.ExportPkcs8PrivateKeyPem());
            File.WriteAllText(open, own.ExportSubjectPublicKeyInfoPem());
            using (var key = DossierSignature.Key(secret))
                await DossierFolder.WriteAsync(
                    SampleDossier.Of(), _folder, key, prints: false, TestContext.Current.CancellationToken);
            Assert.True(DossierSignature.Check(_folder, open) is { IsWhole: true, IsTrusted: true });
            Write(SampleDossier.Of(told: "Another"));
            Assert.True(DossierSignature.Check(_folder).IsWhole);
            var check = DossierSignature.Check(_folder, open);
            Assert.Equal((false, false), (check.IsTrusted!.Value, check.IsWhole));
            // A public key does not sign.
            Assert.Contains(
                "public key", Assert.Throws<VettingException>(() => DossierSignature.Key(open)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(secret);
            File.Delete(open);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"schema\":\"matchengine-signature/1\",\"files\":{},\"publicKey\":\"x\",\"signature\":\"\"}")]
    [InlineData(
        "{\"schema\":\"matchengine-signature/1\",\"files\":{\"../../etc/hostname\":\"00\"},\"publicKey\":\"x\",\"signature\":\"AA==\"}")]
    public void A_signature_that_is_none_fails_the_check(string content)
    {
        Write();
        File.WriteAllText(Path.Combine(_folder, "signature.json"), content);
        Assert.False(DossierSignature.Check(_folder).IsWhole);
    }

    [Fact]
    public void A_name_that_leads_out_of_the_folder_is_not_followed()
    {
        Write();
        var outside = Path.Combine(_folder, "..", $"{Guid.NewGuid():N}.txt");
        File.WriteAllText(outside, "x");
        try
        {
            using var key = DossierSignature.Key(null);
            File.WriteAllText(
                Path.Combine(_folder, "signature.json"),
                DossierSignature.Sign(_folder, ["dossier.json", "../" + Path.GetFileName(outside)], key));
            Assert.Contains("signature.json: it names a file that is not of this folder.", DossierSignature.Check(_folder).Problems);
        }
        finally
        {
            File.Delete(outside);
        }
    }

    [Theory]
    [InlineData("no PEM at all", "no key in PEM")]
    [InlineData("rsa", "no key in PEM")]
    [InlineData("p384", "not one of P-256")]
    public void Only_a_key_of_P256_signs(string content, string said)
    {
        using var rsa = RSA.Create(2048);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var file = Path.Combine(_folder, "key.pem");
        File.WriteAllText(file, content switch
        {
            "rsa" => rsa.ExportPkcs8PrivateKeyPem(), "p384" => other.ExportPkcs8PrivateKeyPem(), _ => content,
        });
        Assert.Contains(said, Assert.Throws<VettingException>(() => DossierSignature.Key(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_signature_nothing_can_be_checked() => Assert.Contains(
        "nothing can be checked", Assert.Throws<VettingException>(() => DossierSignature.Check(_folder)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"schema\":\"other/1\"}")]
    [InlineData("{")]
    public void What_is_no_dossier_is_not_read_as_one(string content)
    {
        File.WriteAllText(Path.Combine(_folder, "dossier.json"), content);
        Assert.Contains(
            "this is no dossier", Assert.Throws<VettingException>(() => DossierFolder.Read(_folder)).Message, StringComparison.Ordinal);
    }
}
