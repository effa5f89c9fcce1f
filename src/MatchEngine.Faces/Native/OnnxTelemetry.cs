using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MatchEngine.Faces.Native;

/// <summary>
/// Keeps ONNX Runtime from reporting to its maker. Left alone, its official builds note every session (times, and the program's path) in a
/// database in the user's cache folder and send it away when they can.
/// </summary>
internal static partial class OnnxTelemetry
{
    private const string Switch = "ORT_DISABLE_TELEMETRY";

#pragma warning disable CA2255 // It is looked at when the runtime starts, so it is set before anything of this assembly can start it.
    [ModuleInitializer]
    public static void Off()
    {
        // What .NET sets of the environment stays in .NET on Unix; native code sees only what is set natively.
        if (OperatingSystem.IsWindows())
            Environment.SetEnvironmentVariable(Switch, "1");
        else
            _ = SetEnvironment(Switch, "1", 1);
    }
#pragma warning restore CA2255

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
