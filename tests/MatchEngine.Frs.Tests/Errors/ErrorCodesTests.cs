using System.Reflection;
using MatchEngine.Faces;
using MatchEngine.Frs.Errors;
using MatchEngine.Galleries.Errors;
using MatchEngine.Interchange;
using MatchEngine.Vectors;

namespace MatchEngine.Frs.Tests.Errors;

public class ErrorCodesTests
{
    /// <summary>The rooms whose errors can leave a use case.</summary>
    private static readonly Assembly[] Rooms =
    [
        typeof(AcquisitionException).Assembly, typeof(ModelMismatchException).Assembly, typeof(StoreException).Assembly,
        typeof(InterchangeException).Assembly, typeof(CodedException).Assembly,
    ];

    [Fact]
    public void Every_type_of_error_of_the_rooms_has_a_code()
    {
        var errors = Rooms.SelectMany(room => room.GetTypes()).Where(type => type.IsSubclassOf(typeof(Exception))).ToList();
        Assert.True(errors.Count >= 15);
        Assert.All(errors, type => Assert.True(Find(type), $"{type} has no code: give it one in ErrorCodes and in the dialects' tables"));
    }

    [Fact]
    public void A_new_error_without_a_code_would_be_found()
    {
        Assert.False(Find(typeof(Unforeseen)));
        Assert.Null(ErrorCodes.Of(new Unforeseen()));
        Assert.Null(ErrorCodes.Of(new InvalidOperationException()));
    }

    [Fact]
    public void A_type_that_inherits_a_code_has_it() =>
        Assert.Equal(ErrorCodes.Conflict, ErrorCodes.Of(new Derived()));

    [Fact]
    public void Errors_with_a_reason_have_the_reasons_code()
    {
        Assert.Equal("no_face", ErrorCodes.Of(new AcquisitionException(AcquisitionFailure.NoFace, "none")));
        Assert.Equal("several_faces", ErrorCodes.Of(new InterchangeException(InterchangeFault.SeveralFaces, "two")));
        Assert.Equal("store_disk_full", ErrorCodes.Of(new StoreException(StoreFault.DiskFull, "f", "full")));
        Assert.Equal(ErrorCodes.GalleryNotFound, ErrorCodes.Of(new GalleryNotFoundException("g", "none")));
    }

    [Fact]
    public void Codes_are_snake_case_and_every_constant_is_one_of_them()
    {
        Assert.All(ErrorCodes.All, code => Assert.Matches("^[a-z0-9]+(_[a-z0-9]+)*$", code));
        var constants = typeof(ErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!);
        Assert.Empty(constants.Except(ErrorCodes.All));
        Assert.Equal(ErrorCodes.All.Count, ErrorCodes.All.Distinct().Count());
    }

    private static bool Find(Type? type) => type is not null && (ErrorCodes.Types.Contains(type) || Find(type.BaseType));

    private sealed class Unforeseen : Exception;

    private sealed class Derived() : CodedException(ErrorCodes.Conflict, "derived");
}
