namespace MatchEngine.Vectors;

/// <summary>The unit vector that a template's body and scale stand for, in float32: q · scale.</summary>
internal static class UnitVector
{
    /// <summary>Writes the unit vector.</summary>
    /// <param name="body">The body q.</param>
    /// <param name="scale">Its scale, 1 / ‖q‖.</param>
    /// <param name="vector">Receives the vector; of the body's length at least.</param>
    public static void Write(ReadOnlySpan<sbyte> body, float scale, Span<float> vector)
    {
        for (var i = 0; i < body.Length; i++)
            vector[i] = body[i] * scale;
    }

    /// <summary>The unit vector in an array of its own.</summary>
    /// <inheritdoc cref="Write"/>
    public static float[] Of(ReadOnlySpan<sbyte> body, float scale)
    {
        var vector = new float[body.Length];
        Write(body, scale, vector);
        return vector;
    }
}
