namespace MatchEngine.Faces.Models;

/// <summary>The order of an input's colour planes.</summary>
public enum ChannelOrder
{
    /// <summary>Three planes: red, green, blue.</summary>
    Rgb,

    /// <summary>Three planes: blue, green, red.</summary>
    Bgr,

    /// <summary>One plane of luma (ITU-R BT.601: 0.299 R + 0.587 G + 0.114 B).</summary>
    Grey,
}

/// <summary>
/// How pixels become the numbers a network was trained on: <c>(value − mean) / deviation</c> per channel, with values 0 … 255,
/// planes one after another.
/// </summary>
/// <param name="Width">Input width in pixels.</param>
/// <param name="Height">Input height in pixels.</param>
/// <param name="Channels">Order of the planes.</param>
/// <param name="Mean">One number per plane, in the order of the planes.</param>
/// <param name="Deviation">One number per plane, none of them 0.</param>
public sealed record PixelLayout(int Width, int Height, ChannelOrder Channels, IReadOnlyList<float> Mean, IReadOnlyList<float> Deviation)
{
    /// <summary>Number of planes: 1 or 3.</summary>
    public int Planes => Channels == ChannelOrder.Grey ? 1 : 3;

    /// <summary>Numbers in one input.</summary>
    public int Length => Planes * Width * Height;
}
