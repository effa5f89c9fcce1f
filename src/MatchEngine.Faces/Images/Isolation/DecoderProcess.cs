using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace MatchEngine.Faces.Images.Isolation;

/// <summary>
/// The child's end of <see cref="IsolatedImageDecoder"/>: reads images from standard input and writes pixels to standard output until its
/// input ends. It gives up what it does not need first (<see cref="ProcessLimits"/>).
/// </summary>
/// <remarks>
/// A request is four 64-bit numbers (length of the image, most bytes, most pixels, most decoded pixels) and the image. An answer is a byte
/// and five 32-bit numbers: <see cref="Decoded"/>, width, height, the original's width and height, the remark, and then the pixels; or
/// <see cref="Refused"/>, the reason, the length of the message, three zeros, and then the message in UTF-8. All numbers are little-endian.
/// </remarks>
public static class DecoderProcess
{
    /// <summary>The argument with which a program is started to be a decoding process. No verb for people.</summary>
    public const string Verb = "__decode-images";

    /// <summary>The same of a process that holds the second decoder (<see cref="SecondDecoder"/>).</summary>
    public const string SecondVerb = "__decode-other-images";

    internal const int RequestBytes = 32;
    internal const int AnswerBytes = 21;
    internal const byte Decoded = 1;
    internal const byte Refused = 2;

    /// <summary>Whether a program was started to be a decoding process.</summary>
    public static bool IsWanted(IReadOnlyList<string> arguments) => arguments is [Verb] or [SecondVerb];

    /// <summary>Serves until standard input ends.</summary>
    /// <param name="arguments">Those of the program, which <see cref="IsWanted"/> takes.</param>
    /// <returns>The process's exit code.</returns>
    public static int Run(IReadOnlyList<string> arguments)
    {
        // Ctrl-C reaches every process of a terminal; the parent decides what it means.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using var input = Console.OpenStandardInput();
        using var output = Console.OpenStandardOutput();
        // Whatever is loaded at first use is loaded before the limits take hold.
        var decoder = arguments is [SecondVerb] ? SecondDecoder.Make() : WarmVips();
        ProcessLimits.Apply();
        try
        {
            Serve(input, output, decoder);
        }
        catch (IOException)
        {
            // The parent is gone.
            return 1;
        }
        return 0;
    }

    private static InProcessImageDecoder WarmVips()
    {
        using var warm = new Image(1, 1);
        ImageDecoder.Decode(ImageEncoder.ToPng(warm)).Dispose();
        return new InProcessImageDecoder();
    }

    internal static void Serve(Stream input, Stream output, IImageDecoder decoder)
    {
        var request = new byte[RequestBytes];
        while (input.ReadAtLeast(request, request.Length, throwOnEndOfStream: false) == request.Length)
        {
            var limits = new ImageLimits(
                BinaryPrimitives.ReadInt64LittleEndian(request.AsSpan(8)), BinaryPrimitives.ReadInt64LittleEndian(request.AsSpan(16)),
                BinaryPrimitives.ReadInt64LittleEndian(request.AsSpan(24)));
            var length = checked((int)BinaryPrimitives.ReadInt64LittleEndian(request));
            Serve(input, output, length, limits, decoder);
        }
    }

    private static unsafe void Serve(Stream input, Stream output, int length, ImageLimits limits, IImageDecoder decoder)
    {
        var memory = (byte*)NativeMemory.Alloc((nuint)Math.Max(1, length));
        var bytes = new Span<byte>(memory, length);
        try
        {
            input.ReadExactly(bytes);
            Span<byte> answer = stackalloc byte[AnswerBytes];
            try
            {
                using var image = decoder.Decode(bytes, limits);
                Write(answer, Decoded, [image.Width, image.Height, image.OriginalWidth, image.OriginalHeight, (int)image.Remark]);
                output.Write(answer);
                output.Write(image.Pixels);
            }
            catch (AcquisitionException error)
            {
                var message = Encoding.UTF8.GetBytes(error.Message);
                Write(answer, Refused, [(int)error.Reason, message.Length, 0, 0, 0]);
                output.Write(answer);
                output.Write(message);
            }
            output.Flush();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
            NativeMemory.Free(memory);
        }
    }

    private static void Write(Span<byte> answer, byte kind, ReadOnlySpan<int> numbers)
    {
        answer[0] = kind;
        for (var i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(answer[(1 + 4 * i)..], numbers[i]);
    }
}
