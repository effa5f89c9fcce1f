using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MatchEngine.Faces.Native;

/// <summary>
/// Finds the native libraries that lie in <c>runtimes/&lt;rid&gt;/native</c> beside the program, wherever it was started from.
/// </summary>
internal static class NativeLibraries
{
    /// <summary>The name in the imports of libvips; the file behind it differs from platform to platform.</summary>
    public const string Vips = "vips";

#pragma warning disable CA2255 // The resolver must be there before the first import of this assembly runs, whichever it is.
    [ModuleInitializer]
    public static void Register() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, Resolve);
#pragma warning restore CA2255

    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != Vips)
            return IntPtr.Zero;
        var (pattern, system) = OperatingSystem.IsWindows() ? ("libvips-42.dll", "libvips-42.dll")
            : OperatingSystem.IsMacOS() ? ("libvips-cpp.*.dylib", "libvips.42.dylib")
            : ("libvips-cpp.so.*", "libvips.so.42");
        foreach (var folder in Folders())
        {
            if (!Directory.Exists(folder))
                continue;
            foreach (var file in Directory.EnumerateFiles(folder, pattern).Order(StringComparer.Ordinal))
                if (NativeLibrary.TryLoad(file, out var found))
                    return found;
        }
        return NativeLibrary.TryLoad(system, out var installed) ? installed : IntPtr.Zero;
    }

    private static IEnumerable<string> Folders()
    {
        var os = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
        var architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        yield return Path.Combine(AppContext.BaseDirectory, "runtimes", $"{os}-{architecture}", "native");
        yield return AppContext.BaseDirectory;
    }
}
