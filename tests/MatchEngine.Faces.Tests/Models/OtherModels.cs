using MatchEngine.Faces.Models;
using MatchEngine.Tests;

namespace MatchEngine.Faces.Tests.Models;

/// <summary>
/// Other people's models, brought in by cards alone as models/README.md describes. They come with the test data; nothing of them is in this
/// repository.
/// </summary>
internal sealed class OtherModels : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("matchengine-other-models-").FullName;

    private OtherModels(int side)
    {
        var models = TestData.Require("models");
        Add("yunet", Path.Combine(models, "yunet_n_dynamic.onnx"), $$"""
            "task": "detection", "sha256": "104ee26c71d5c270ce79a6b3dced91c91013260d29a6bf18f9296c5b8c4c2b12",
            "input": { "width": {{side}}, "height": {{side}}, "channels": "bgr", "mean": [0, 0, 0], "deviation": [1, 1, 1] },
            "detection": { "decoder": "yunet", "minConfidence": 0.6, "maxOverlap": 0.3, "fit": "letterbox" }
            """);
        Add("scrfd", Path.Combine(models, "noncommercial", "scrfd_500m_bnkps.onnx"), $$"""
            "task": "detection", "sha256": "5e4447f50245bbd7966bd6c0fa52938c61474a04ec7def48753668a9d8b4ea3a",
            "input": { "width": {{side}}, "height": {{side}}, "channels": "rgb", "mean": [127.5, 127.5, 127.5],
              "deviation": [128, 128, 128] },
            "detection": { "decoder": "scrfd", "minConfidence": 0.5, "maxOverlap": 0.4, "fit": "letterbox" }
            """);
        foreach (var detector in (string[])["yunet", "scrfd"])
            Add($"mobilefacenet-{detector}", Path.Combine(models, "MobileFaceNet_foamliu.onnx"), $$"""
                "task": "embedding", "sha256": "b7120c095d60094f28a4a54ba6a8bf51b297a6273fb40ef6350dfec1f63d9507",
                "input": { "width": 112, "height": 112, "channels": "rgb", "mean": [123.675, 116.28, 103.53],
                  "deviation": [58.395, 57.12, 57.375] },
                "prepare": true,
                "embedding": { "dimension": 128, "alignment": "arcface-112", "detector": "{{detector}}" }
                """);
        Catalog = ModelCatalog.Read(ModelCatalog.InstalledFolder, _folder);
    }

    /// <summary>The installed cards and these.</summary>
    public ModelCatalog Catalog { get; }

    /// <summary>Cards whose detectors see images at this side; the calling test is skipped when the files are absent.</summary>
    public static OtherModels At(int side) => new(side);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Add(string id, string file, string fields)
    {
        File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)), overwrite: true);
        File.WriteAllText(Path.Combine(_folder, id + ".json"), $$"""
            { "description": "{{id}}", "file": "{{Path.GetFileName(file)}}", "source": "test data",
              "licence": "see the test data", "trainingData": "unknown",
            {{fields}} }
            """);
    }
}
