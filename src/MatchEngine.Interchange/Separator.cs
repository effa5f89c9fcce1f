namespace MatchEngine.Interchange;

/// <summary>The information separators of the traditional encoding (clause B.1, Table 108).</summary>
internal static class Separator
{
    /// <summary>FS: ends a record.</summary>
    public const byte File = 0x1C;

    /// <summary>GS: stands between fields.</summary>
    public const byte Group = 0x1D;

    /// <summary>RS: stands between subfields.</summary>
    public const byte Record = 0x1E;

    /// <summary>US: stands between information items.</summary>
    public const byte Unit = 0x1F;
}
