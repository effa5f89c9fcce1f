using System.Runtime.InteropServices;

namespace MatchEngine.Faces.Native;

/// <summary>
/// The calls of libvips and GObject that are used here: only those without variable arguments,
/// which not every platform can call from managed code.
/// </summary>
internal static unsafe partial class Vips
{
    private static readonly Lazy<bool> Started = new(Start);

    /// <summary>
    /// Starts libvips once: no cache, no threads of its own, no message on stderr, and only the loaders that are meant to be used.
    /// </summary>
    /// <exception cref="DllNotFoundException">libvips is not installed beside the program.</exception>
    public static void EnsureStarted() => _ = Started.Value;

    private static bool Start()
    {
        // A message handler per domain is needed: libvips re-registers its own from the environment at init.
        if (Init("matchengine") != 0)
            throw new DllNotFoundException("libvips was found but did not start");
        // The operation cache would keep the pixels of past probes alive, and one worker a core decodes already.
        CacheSetMax(0);
        CacheSetMaxMem(0);
        CacheSetMaxFiles(0);
        ConcurrencySet(1);
        LogSetDefaultHandler(&Discard, null);
        foreach (var domain in (ReadOnlySpan<string>)["VIPS", "GLib", "GLib-GObject", "GLib-GIO"])
            _ = LogSetHandler(domain, LogAllLevels, &Discard, null);
        OperationBlockSet("VipsForeignLoad", 1);
        foreach (var allowed in (ReadOnlySpan<string>)[
            "VipsForeignLoadJpegBuffer", "VipsForeignLoadPngBuffer", "VipsForeignLoadWebpBuffer", "VipsForeignLoadTiffBuffer",
            "VipsForeignLoadNsgifBuffer", "VipsForeignLoadHeifBuffer"])
            OperationBlockSet(allowed, 0);
        return true;
    }

    private const int LogAllLevels = -1 & ~0b11; // every level; without the recursion and fatal bits

    [UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static void Discard(byte* domain, int level, byte* message, void* data)
    {
        // Messages of the decoders go to stderr otherwise. What matters comes back as an error of the call.
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct GValue
    {
        public nuint Type;
        private readonly ulong _data0;
        private readonly ulong _data1;
    }

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "vips_init", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Init(string name);

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "vips_cache_set_max")]
    private static partial void CacheSetMax(int operations);

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "vips_cache_set_max_mem")]
    private static partial void CacheSetMaxMem(nuint bytes);

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "vips_cache_set_max_files")]
    private static partial void CacheSetMaxFiles(int files);

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "vips_concurrency_set")]
    private static partial void ConcurrencySet(int threads);

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "vips_operation_block_set", StringMarshalling = StringMarshalling.Utf8)]
    private static partial void OperationBlockSet(string name, int blocked);

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "g_log_set_default_handler")]
    private static partial void* LogSetDefaultHandler(delegate* unmanaged[Cdecl]<byte*, int, byte*, void*, void> handler, void* data);

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "g_log_set_handler", StringMarshalling = StringMarshalling.Utf8)]
    private static partial uint LogSetHandler(
        string domain, int levels, delegate* unmanaged[Cdecl]<byte*, int, byte*, void*, void> handler, void* data);

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "vips_error_clear")]
    public static partial void ErrorClear();

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "vips_operation_new")]
    public static partial nint OperationNew(byte* name);

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "vips_cache_operation_build")]
    public static partial nint OperationBuild(nint operation);

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "vips_object_unref_outputs")]
    public static partial void UnrefOutputs(nint operation);

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "vips_object_set_argument_from_string")]
    public static partial int SetArgumentFromString(nint operation, byte* name, byte* value);

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "g_object_set_property")]
    public static partial void SetProperty(nint instance, byte* name, GValue* value);

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "g_object_get_property")]
    public static partial void GetProperty(nint instance, byte* name, GValue* value);

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "g_object_unref")]
    public static partial void Unref(nint instance);

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "g_value_init")]
    public static partial GValue* ValueInit(GValue* value, nuint type);

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "g_value_unset")]
    public static partial void ValueUnset(GValue* value);

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "g_value_set_object")]
    public static partial void ValueSetObject(GValue* value, nint instance);

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "g_value_dup_object")]
    public static partial nint ValueDupObject(GValue* value);

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "vips_value_set_blob")]
    public static partial void ValueSetBlob(GValue* value, void* free, void* data, nuint length);

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "vips_value_get_blob")]
    public static partial byte* ValueGetBlob(GValue* value, nuint* length);

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "vips_image_get_type")]
    public static partial nuint ImageType();

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "vips_blob_get_type")]
    public static partial nuint BlobType();

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "vips_image_get_width")]
    public static partial int Width(nint image);

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "vips_image_get_height")]
    public static partial int Height(nint image);

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "vips_image_get_bands")]
    public static partial int Bands(nint image);

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "vips_image_get_format")]
    public static partial int Format(nint image);

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "vips_image_get_interpretation")]
    public static partial int Interpretation(nint image);

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "vips_image_get_orientation")]
    public static partial int Orientation(nint image);

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "vips_image_hasalpha")]
    public static partial int HasAlpha(nint image);

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "vips_image_get_typeof")]
    public static partial nuint FieldType(nint image, byte* name);

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "vips_image_get_int")]
    public static partial int FieldNumber(nint image, byte* name, int* value);

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "vips_image_new_from_memory")]
    public static partial nint ImageFromMemory(void* data, nuint size, int width, int height, int bands, int format);

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "vips_region_new")]
    public static partial nint RegionNew(nint image);

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "vips_region_fetch")]
    public static partial byte* RegionFetch(nint region, int left, int top, int width, int height, nuint* length);

    [LibraryImport(NativeLibraries.Vips, EntryPoint = "g_free")]
    public static partial void Free(void* memory);
}
