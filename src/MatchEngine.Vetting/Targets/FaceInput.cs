namespace MatchEngine.Vetting.Targets;

/// <summary>What a target is given of a face.</summary>
public abstract record FaceInput;

/// <summary>A photo, or a file that claims to be one.</summary>
/// <param name="Bytes">The file, as it is. The caller keeps it, and clears it where it must not stay.</param>
/// <param name="MediaType">What it is said to be, for example <c>image/jpeg</c>.</param>
public sealed record PhotoInput(ReadOnlyMemory<byte> Bytes, string MediaType = "image/jpeg") : FaceInput;

/// <summary>A template in the target's own space, for targets that take one.</summary>
/// <param name="Values">A vector of unit length.</param>
public sealed record TemplateInput(ReadOnlyMemory<float> Values) : FaceInput;
