using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace MatchEngine.Vetting.Tests.Fakes;

/// <summary>
/// A program that is vetted: it hands what it is given to the service of the test that started it, and prints the answer; or it
/// misbehaves in one of the ways of a program.
/// </summary>
internal static class FakeProgram
{
    public const string Verb = "--be-a-program";

    /// <summary>How this program is started as one.</summary>
    public static IReadOnlyList<string> Command(params string[] arguments) => [Environment.ProcessPath!, Verb, .. arguments];

    public static async Task<int> RunAsync(string[] arguments)
    {
        switch (arguments)
        {
            case ["serve", var port]:
                using (var client = new TcpClient())
                {
                    await client.ConnectAsync(IPAddress.Loopback, int.Parse(port));
                    await using var stream = client.GetStream();
                    await Console.OpenStandardInput().CopyToAsync(stream);
                    client.Client.Shutdown(SocketShutdown.Send);
                    await stream.CopyToAsync(Console.OpenStandardOutput());
                }
                return 0;
            case ["print", var text]:
                Console.Write(text);
                return 0;
            case ["fail", var code]:
                await Console.Error.WriteLineAsync("cannot go on");
                return int.Parse(code);
            case ["flood"]:
                while (true)
                    Console.Write(new string('x', 1 << 16));
            case ["environment"]:
                Console.Write(
                    $"{{\"candidates\":[],"
                        + $"\"searchId\":\"{string.Join(' ', Environment.GetEnvironmentVariables().Keys.Cast<string>())}\"}}");
                return 0;
            case ["hang-with-child", var file]:
                using (var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [Verb, "sleep"])))
                    await File.WriteAllTextAsync(file, $"{Environment.ProcessId} {child!.Id}");
                await Task.Delay(Timeout.Infinite);
                return 0;
            case ["leave-child", var file]:
                using (var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [Verb, "sleep"])))
                    await File.WriteAllTextAsync(file, $"{child!.Id}");
                Console.Write("{\"candidates\":[]}");
                return 0;
            case ["sleep"]:
                await Task.Delay(Timeout.Infinite);
                return 0;
            default:
                return 64;
        }
    }
}
