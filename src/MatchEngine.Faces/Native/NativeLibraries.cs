using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MatchEngine.Faces.Native;

/// <summary>Finds libvips where the build or a publish puts native libraries, wherever the program was started from.</summary>
internal static class NativeLibraries
{
    /// <summary>The name in the imports of libvips; the file behind it differs from platform to platform.</summary>
    public const string Vips = "vips";

#pragma warning disable CA2255 // The resolver must be there before the first import of this assembly runs, whichever it is.
    [ModuleInitializer]
    public static void Register() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, Resolve);
#pragma warning restore CA2255

    // The runtime knows the folders of the program's native libraries (runtimes/<rid>/native, or the program's own after publish -r) and
    // takes an exact file name there; what it would make of the bare name fits no platform's file. Last it asks the system for an
    // installed one.
    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) =>
        name == Vips && NativeLibrary.TryLoad(VipsFile, assembly, searchPath, out var found) ? found : IntPtr.Zero;

    private static string VipsFile =>
        OperatingSystem.IsWindows() ? "libvips-42.dll"
        : OperatingSystem.IsMacOS() ? "libvips.42.dylib"
        : "libvips.so.42";
}
