using System.Collections.Concurrent;

namespace MatchEngine.Faces.Images.Isolation;

/// <summary>How images are decoded in processes of their own.</summary>
public sealed record IsolationOptions
{
    /// <summary>How long one image may take; 30 s when not said. Then its process is killed and the image refused.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Program and arguments that run <see cref="DecoderProcess.Run"/>. When null it is this program itself with
    /// <see cref="DecoderProcess.Verb"/> or <see cref="DecoderProcess.SecondVerb"/> as its only argument, so its entry point has to look
    /// for these.
    /// </summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Whether this program's own processes hold the second decoder (<see cref="SecondDecoder"/>) instead of libvips.</summary>
    public bool Second { get; init; }
}

/// <summary>
/// Decodes images in child processes, so that not even a crash of a native codec ends this one. A child serves one image after another and
/// is replaced when it dies or hangs; the image it was working on is refused. There are as many children as callers at one time.
/// </summary>
/// <remarks>
/// The bytes go to the child, and the pixels come back, through anonymous pipes: never through a file, a name or a command line.
/// </remarks>
public sealed class IsolatedImageDecoder : IImageDecoder, IDisposable
{
    private readonly IsolationOptions _options;
    private readonly ConcurrentBag<DecoderChild> _idle = [];
    private readonly ConcurrentDictionary<int, DecoderChild> _all = new();
    private volatile bool _disposed;

    /// <summary>Makes a decoder; a child is started when the first image comes.</summary>
    /// <param name="options">Time limit and command.</param>
    public IsolatedImageDecoder(IsolationOptions? options = null)
    {
        _options = options ?? new();
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(_options.Timeout, TimeSpan.Zero, nameof(options));
    }

    /// <summary>Process ids of the children there are, idle or at work.</summary>
    public IReadOnlyCollection<int> Children => [.. _all.Keys];

    /// <inheritdoc/>
    public Image Decode(ReadOnlySpan<byte> bytes, ImageLimits limits, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ObjectDisposedException.ThrowIf(_disposed, this);
        // What the parent can tell without decoding costs no child.
        ImageDecoder.CheckByteSize(bytes.Length, limits);
        var child = Rent();
        var healthy = false;
        try
        {
            var image = child.Decode(bytes, limits, _options.Timeout, cancellationToken);
            healthy = true;
            return image;
        }
        catch (AcquisitionException error) when (error.Reason != AcquisitionFailure.DecoderFailed)
        {
            // A refusal is an answer like any other.
            healthy = true;
            throw;
        }
        finally
        {
            if (healthy && !_disposed)
                _idle.Add(child);
            else
                Discard(child);
        }
    }

    /// <summary>Ends the children. No call may be under way.</summary>
    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var child))
            Discard(child);
    }

    private DecoderChild Rent()
    {
        while (_idle.TryTake(out var child))
        {
            if (child.IsAlive)
                return child;
            // It died between two images, which is no image's fault.
            Discard(child);
        }
        var started = DecoderChild.Start(_options);
        _all[started.Id] = started;
        return started;
    }

    private void Discard(DecoderChild child)
    {
        _all.TryRemove(child.Id, out _);
        child.Dispose();
    }
}
