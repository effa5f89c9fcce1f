using Google.Protobuf;
using MatchEngine.Faces.Models;
using MatchEngine.Faces.Models.Onnx;

namespace MatchEngine.Faces.Tests.Models;

public class OnnxReferencesTests
{
    private static readonly ReferringTensor ByLocation = new() { DataLocation = 1 };
    private static readonly ReferringTensor ByPath = new()
    {
        ExternalData = { ByteString.CopyFromUtf8("\n\blocation\u0012\v/etc/passwd") },
    };

    /// <summary>Every place of a model at which a tensor can stand.</summary>
    public static TheoryData<string> Places =>
    [
        "initializer", "sparse values", "sparse indices", "attribute", "attributes", "sparse attribute", "subgraph", "subgraphs",
        "deep subgraph", "function", "function default", "training", "training start",
    ];

    [Theory, MemberData(nameof(Places))]
    public void A_tensor_in_another_file_is_refused_wherever_it_stands(string place)
    {
        foreach (var tensor in (ReferringTensor[])[ByLocation, ByPath])
        {
            var error = Assert.Throws<ModelException>(() => OnnxReferences.RequireNone("m.onnx", Model(place, tensor).ToByteArray()));
            Assert.Contains("external data", error.Message, StringComparison.Ordinal);
        }
        OnnxReferences.RequireNone("m.onnx", Model(place, new ReferringTensor()).ToByteArray());
    }

    [Fact]
    public void Every_model_that_comes_with_the_product_is_one_file()
    {
        foreach (var card in ModelCatalog.Read().Cards)
            OnnxReferences.RequireNone(card.Path, File.ReadAllBytes(card.Path));
    }

    [Fact]
    public void What_is_no_model_or_nests_without_end_is_refused_as_such()
    {
        Assert.Throws<ModelException>(() => OnnxReferences.RequireNone("m.onnx", [0xFF, 0xFF, 0xFF]));
        var graph = new ReferringGraph();
        for (var i = 0; i < 300; i++)
            graph = new ReferringGraph { Node = { new ReferringNode { Attribute = { new ReferringAttribute { G = graph } } } } };
        var deep = new ReferringModel { Graph = graph }.ToByteArray();
        Assert.Throws<ModelException>(() => OnnxReferences.RequireNone("m.onnx", deep));
    }

    private static ReferringModel Model(string place, ReferringTensor tensor)
    {
        var holding = new ReferringGraph { Initializer = { tensor } };
        return place switch
        {
            "initializer" => new ReferringModel { Graph = holding },
            "sparse values" => Graph(new ReferringGraph { SparseInitializer = { new ReferringSparseTensor { Values = tensor } } }),
            "sparse indices" => Graph(new ReferringGraph { SparseInitializer = { new ReferringSparseTensor { Indices = tensor } } }),
            "attribute" => Attribute(new ReferringAttribute { T = tensor }),
            "attributes" => Attribute(new ReferringAttribute { Tensors = { new ReferringTensor(), tensor } }),
            "sparse attribute" => Attribute(new ReferringAttribute { SparseTensors = { new ReferringSparseTensor { Values = tensor } } }),
            "subgraph" => Attribute(new ReferringAttribute { G = holding }),
            "subgraphs" => Attribute(new ReferringAttribute { Graphs = { new ReferringGraph(), holding } }),
            "deep subgraph" => Attribute(new ReferringAttribute
            {
                G = new ReferringGraph { Node = { new ReferringNode { Attribute = { new ReferringAttribute { G = holding } } } } },
            }),
            "function" => new ReferringModel
            {
                Functions =
                {
                    new ReferringFunction
                    {
                        Node = { new ReferringNode { Attribute = { new ReferringAttribute { T = tensor } } } },
                    },
                },
            },
            "function default" => new ReferringModel
            {
                Functions = { new ReferringFunction { AttributeProto = { new ReferringAttribute { T = tensor } } } },
            },
            "training" => new ReferringModel { TrainingInfo = { new ReferringTraining { Algorithm = holding } } },
            _ => new ReferringModel { TrainingInfo = { new ReferringTraining { Initialization = holding } } },
        };

        static ReferringModel Graph(ReferringGraph graph) => new() { Graph = graph };

        static ReferringModel Attribute(ReferringAttribute attribute) =>
            Graph(new ReferringGraph { Node = { new ReferringNode { Attribute = { attribute } } } });
    }
}
