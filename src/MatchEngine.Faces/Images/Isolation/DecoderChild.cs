using System.Buffers.Binary;
using System.Diagnostics;
using System.Reflection;
using System.Text;

namespace MatchEngine.Faces.Images.Isolation;

/// <summary>The parent's end of a decoding process. Not thread-safe.</summary>
internal sealed class DecoderChild : IDisposable
{
    private readonly Process _process;
    private readonly Stream _to;
    private readonly Stream _from;

    private DecoderChild(Process process)
    {
        _process = process;
        Id = process.Id;
        // The raw pipes: the readers and writers around them would keep copies.
        (_to, _from) = (process.StandardInput.BaseStream, process.StandardOutput.BaseStream);
        // What a dying codec says on its way out is of no use here and must not fill the pipe.
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
    }

    public int Id { get; }

    public bool IsAlive => !_process.HasExited;

    /// <summary>Starts a process.</summary>
    /// <exception cref="AcquisitionException">It cannot be started.</exception>
    public static DecoderChild Start(IsolationOptions options)
    {
        var command = options.Command ?? OwnCommand(options.Second ? DecoderProcess.SecondVerb : DecoderProcess.Verb);
        var start = new ProcessStartInfo(command[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        foreach (var argument in command.Skip(1))
            start.ArgumentList.Add(argument);
        // No diagnostics socket and no dump, into which pixels could come; no second mapping of code, which needs a file; a small heap,
        // for pixels lie outside it.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x20000000";
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        // One image, one thread: as many children as callers is all the parallelism there is.
        start.Environment["OMP_NUM_THREADS"] = "1";
        try
        {
            return new DecoderChild(Process.Start(start)!);
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or IOException)
        {
            throw new AcquisitionException(
                AcquisitionFailure.DecoderFailed, $"the decoding process could not be started: {error.Message}", innerException: error);
        }
    }

    /// <summary>
    /// Has an image decoded. After <see cref="AcquisitionFailure.DecoderFailed"/> or a cancellation the child is of no more use.
    /// </summary>
    public Image Decode(ReadOnlySpan<byte> bytes, ImageLimits limits, TimeSpan timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var late = new CancellationTokenSource(timeout);
        using var onLate = late.Token.Register(Kill);
        using var onCancel = cancellationToken.Register(Kill);
        Image? image = null;
        try
        {
            Span<byte> request = stackalloc byte[DecoderProcess.RequestBytes];
            BinaryPrimitives.WriteInt64LittleEndian(request, bytes.Length);
            BinaryPrimitives.WriteInt64LittleEndian(request[8..], limits.MaxBytes);
            BinaryPrimitives.WriteInt64LittleEndian(request[16..], limits.MaxPixels);
            BinaryPrimitives.WriteInt64LittleEndian(request[24..], limits.MaxDecodedPixels);
            _to.Write(request);
            _to.Write(bytes);
            _to.Flush();

            Span<byte> answer = stackalloc byte[DecoderProcess.AnswerBytes];
            _from.ReadExactly(answer);
            var (first, second) = (
                BinaryPrimitives.ReadInt32LittleEndian(answer[1..]), BinaryPrimitives.ReadInt32LittleEndian(answer[5..]));
            if (answer[0] != DecoderProcess.Decoded)
                throw Refusal(first, second);
            // A child that was taken over by its image could say anything.
            var (width, height) = (
                BinaryPrimitives.ReadInt32LittleEndian(answer[9..]), BinaryPrimitives.ReadInt32LittleEndian(answer[13..]));
            if (first < 1 || second < 1 || (long)first * second > Math.Min(limits.MaxPixels, limits.MaxDecodedPixels)
                || width < first || height < second || (long)width * height > limits.MaxPixels)
                throw new InvalidDataException();
            var remark = (ImageRemark)BinaryPrimitives.ReadInt32LittleEndian(answer[17..]);
            if (!Enum.IsDefined(remark))
                throw new InvalidDataException();
            image = new Image(first, second, width, height) { Remark = remark };
            _from.ReadExactly(image.Pixels);
            return image;
        }
        catch (Exception error) when (error is IOException or InvalidDataException
            or ObjectDisposedException or ArgumentOutOfRangeException)
        {
            image?.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            Kill();
            throw new AcquisitionException(
                AcquisitionFailure.DecoderFailed,
                late.IsCancellationRequested
                    ? $"the image took longer than {timeout.TotalSeconds:0.#} s to decode. Convert it to a plain JPEG or PNG first"
                    : "the decoder did not survive the image, which may be built to harm; nothing else is lost. "
                        + "Convert it to a plain JPEG or PNG if you trust its source",
                innerException: error);
        }
    }

    public void Dispose()
    {
        // The end of its input ends a healthy child; nothing is lost by not waiting for that.
        Kill();
        _to.Dispose();
        _from.Dispose();
        _process.Dispose();
    }

    private AcquisitionException Refusal(int reason, int length)
    {
        if (!Enum.IsDefined((AcquisitionFailure)reason) || length is < 0 or > 4096)
            throw new InvalidDataException();
        var text = new byte[length];
        _from.ReadExactly(text);
        return new AcquisitionException((AcquisitionFailure)reason, Encoding.UTF8.GetString(text));
    }

    private void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception or NotSupportedException)
        {
            // It is gone already.
            return;
        }
    }

    private static string[] OwnCommand(string verb)
    {
        var program = Environment.ProcessPath ?? throw new AcquisitionException(
            AcquisitionFailure.DecoderFailed, "the path of this program is not known, so no decoding process can be started");
        return Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase)
            && Assembly.GetEntryAssembly()?.Location is { Length: > 0 } assembly
            ? [program, assembly, verb]
            : [program, verb];
    }
}
