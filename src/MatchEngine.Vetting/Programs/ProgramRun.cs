using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Programs;

/// <summary>One run of a program, from start to end.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Complaints">The beginning of what it wrote to its standard error.</param>
internal sealed record ProgramRun(int ExitCode, ReadOnlyMemory<byte> Output, string Complaints)
{
    private const int MaxComplaints = 4096;

    // What a program needs to run; not what else the examiner's shell holds, such as keys.
    private static readonly string[] Passed =
        ["PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR", "TEMP", "TMP", "SystemRoot", "DOTNET_ROOT"];

    /// <summary>
    /// Runs a program without a shell. It is killed, with the processes that it started, when it prints or takes too much.
    /// </summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="input">What it is given.</param>
    /// <param name="maxOutput">How many bytes it may print.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="Win32Exception">It cannot be started.</exception>
    /// <exception cref="ProgramOutputException">It printed more.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public static async Task<ProgramRun> MakeAsync(
        IReadOnlyList<string> command, ReadOnlyMemory<byte> input, int maxOutput, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        var kept = Passed.Select(name => (Name: name, Value: Environment.GetEnvironmentVariable(name)))
            .Where(one => one.Value is not null).ToList();
        start.Environment.Clear();
        foreach (var (name, value) in kept)
            start.Environment[name] = value;
        using var process = Process.Start(start) ?? throw new Win32Exception($"{command[0]} was not started");
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var kill = ended.Token.Register(() => Kill(process));
        try
        {
            // All at once: who waits for one end while the other is full waits forever.
            var output = ReadAsync(process.StandardOutput.BaseStream, maxOutput, ended.Token);
            var complaints = ReadStartAsync(process.StandardError.BaseStream, ended.Token);
            await WriteAsync(process, input, ended.Token).ConfigureAwait(false);
            var printed = await output.ConfigureAwait(false);
            await process.WaitForExitAsync(ended.Token).ConfigureAwait(false);
            return new ProgramRun(process.ExitCode, printed, await complaints.ConfigureAwait(false));
        }
        finally
        {
            // Also what it left behind, where it ended itself.
            Kill(process);
        }
    }

    private static async Task WriteAsync(Process process, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input, cancellationToken).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // A program need not read what it is given; what it prints counts.
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream stream, int most, CancellationToken cancellationToken)
    {
        var read = new MemoryStream();
        var buffer = new byte[16 << 10];
        while (await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var length)
        {
            if (read.Length + length > most)
                throw new ProgramOutputException(most);
            read.Write(buffer, 0, length);
        }
        return read.GetBuffer().AsMemory(0, (int)read.Length);
    }

    private static async Task<string> ReadStartAsync(Stream stream, CancellationToken cancellationToken)
    {
        var kept = new MemoryStream();
        var buffer = new byte[4096];
        while (await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var length)
            kept.Write(buffer, 0, (int)Math.Min(length, MaxComplaints - kept.Length));
        return ToldText.Of(Encoding.UTF8.GetString(kept.GetBuffer().AsSpan(0, (int)kept.Length)), 200)!;
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It ended by itself.
        }
    }
}

/// <summary>A program printed more than is read.</summary>
/// <param name="bound">How much is.</param>
internal sealed class ProgramOutputException(int bound) : Exception($"the program printed more than {bound} bytes");
