using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MatchEngine.Faces.Images;

namespace MatchEngine.Codecs;

/// <summary>
/// Reads HEIC by the libheif that lies in ImageMagick's library for Linux, which shows its functions. ImageMagick's own reader of HEIC
/// writes the file to the disk first, and is not used.
/// </summary>
internal static unsafe partial class HeicReader
{
    private const string Library = "Magick.Native-Q8-x64.dll";
    private const int Rgb = 1, InterleavedRgb = 10, InterleavedChannel = 10;
    private const int UnsupportedFile = 3, UnsupportedFeature = 4;

    // Places of two bytes in heif_decoding_options, behind its version and four pointers: they have been there since version 3.
    private const int ConvertToEightBits = 40, Strict = 41;

    // Beyond any camera.
    private const int MostSide = 32_767;

    /// <summary>Makes the codecs known, once.</summary>
    /// <exception cref="DllNotFoundException">The library is missing.</exception>
    public static void Start() => _ = Init(0);

    /// <summary>Decodes the primary image of a file, upright.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="limits">How big it may be.</param>
    /// <exception cref="Faces.AcquisitionException">It is too large, of a kind that is not read, damaged or cut short.</exception>
    public static Image Read(ReadOnlySpan<byte> bytes, ImageLimits limits)
    {
        fixed (byte* data = bytes)
        {
            var context = ContextAlloc();
            nint handle = 0;
            try
            {
                // All work in this thread: as many processes as callers is all the parallelism there is.
                SetMaxDecodingThreads(context, 0);
                SetMaximumImageSize(context, MostSide);
                Require(ReadFromMemory(context, data, (nuint)bytes.Length, 0));
                Require(GetPrimaryHandle(context, &handle));
                ImageDecoder.CheckHeldWhole(HandleWidth(handle), HandleHeight(handle), "HEIC", limits);
                return Decode(handle, limits);
            }
            finally
            {
                if (handle != 0)
                    HandleRelease(handle);
                ContextFree(context);
            }
        }
    }

    private static Image Decode(nint handle, ImageLimits limits)
    {
        var options = OptionsAlloc();
        nint decoded = 0;
        try
        {
            (options[ConvertToEightBits], options[Strict]) = (1, 1);
            Require(DecodeImage(handle, &decoded, Rgb, InterleavedRgb, options));
            var (width, height) = (ImageWidth(decoded, InterleavedChannel), ImageHeight(decoded, InterleavedChannel));
            // Once more: what the file announces and what its codec gives are two things.
            ImageDecoder.CheckHeldWhole(width, height, "HEIC", limits);
            int stride;
            var plane = GetPlane(decoded, InterleavedChannel, &stride);
            if (plane is null || width < 1 || height < 1 || stride < 3 * width)
                throw SecondImageDecoder.Damaged("HEIC");
            return Take(plane, stride, new Image(width, height));
        }
        finally
        {
            if (decoded != 0)
                ImageRelease(decoded);
            OptionsFree(options);
        }
    }

    /// <summary>Copies the pixels and overwrites them where they were.</summary>
    private static Image Take(byte* plane, int stride, Image image)
    {
        for (var y = 0; y < image.Height; y++)
        {
            var row = new Span<byte>(plane + (nint)stride * y, 3 * image.Width);
            row.CopyTo(image.Row(y));
            CryptographicOperations.ZeroMemory(row);
        }
        return image;
    }

    private static void Require(Error error)
    {
        if (error.Code is UnsupportedFile or UnsupportedFeature)
            throw SecondImageDecoder.Unsupported("this kind of HEIC is not read here; convert it to JPEG or PNG");
        if (error.Code != 0)
            throw SecondImageDecoder.Damaged("HEIC");
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Error
    {
        public int Code;
        public int Subcode;
        public nint Message;
    }

    [LibraryImport(Library, EntryPoint = "heif_init")]
    private static partial Error Init(nint parameters);

    [LibraryImport(Library, EntryPoint = "heif_context_alloc")]
    private static partial nint ContextAlloc();

    [LibraryImport(Library, EntryPoint = "heif_context_free")]
    private static partial void ContextFree(nint context);

    [LibraryImport(Library, EntryPoint = "heif_context_set_max_decoding_threads")]
    private static partial void SetMaxDecodingThreads(nint context, int threads);

    [LibraryImport(Library, EntryPoint = "heif_context_set_maximum_image_size_limit")]
    private static partial void SetMaximumImageSize(nint context, int side);

    [LibraryImport(Library, EntryPoint = "heif_context_read_from_memory_without_copy")]
    private static partial Error ReadFromMemory(nint context, void* data, nuint length, nint options);

    [LibraryImport(Library, EntryPoint = "heif_context_get_primary_image_handle")]
    private static partial Error GetPrimaryHandle(nint context, nint* handle);

    [LibraryImport(Library, EntryPoint = "heif_image_handle_release")]
    private static partial void HandleRelease(nint handle);

    [LibraryImport(Library, EntryPoint = "heif_image_handle_get_width")]
    private static partial int HandleWidth(nint handle);

    [LibraryImport(Library, EntryPoint = "heif_image_handle_get_height")]
    private static partial int HandleHeight(nint handle);

    [LibraryImport(Library, EntryPoint = "heif_decoding_options_alloc")]
    private static partial byte* OptionsAlloc();

    [LibraryImport(Library, EntryPoint = "heif_decoding_options_free")]
    private static partial void OptionsFree(byte* options);

    [LibraryImport(Library, EntryPoint = "heif_decode_image")]
    private static partial Error DecodeImage(nint handle, nint* image, int colorspace, int chroma, byte* options);

    [LibraryImport(Library, EntryPoint = "heif_image_get_width")]
    private static partial int ImageWidth(nint image, int channel);

    [LibraryImport(Library, EntryPoint = "heif_image_get_height")]
    private static partial int ImageHeight(nint image, int channel);

    [LibraryImport(Library, EntryPoint = "heif_image_get_plane")]
    private static partial byte* GetPlane(nint image, int channel, int* stride);

    [LibraryImport(Library, EntryPoint = "heif_image_release")]
    private static partial void ImageRelease(nint image);
}
