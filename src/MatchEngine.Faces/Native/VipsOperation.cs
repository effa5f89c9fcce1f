namespace MatchEngine.Faces.Native;

/// <summary>
/// One call of a libvips operation through the GObject calls, which are the same on every platform (the usual C functions take variable
/// arguments). Names and values are UTF-8 literals that end in a zero byte; <c>u8</c> literals do.
/// </summary>
internal unsafe ref struct VipsOperation
{
    private nint _operation;

    /// <summary>Begins a call of the operation <paramref name="name"/>.</summary>
    /// <exception cref="InvalidOperationException">This libvips has no such operation.</exception>
    public VipsOperation(ReadOnlySpan<byte> name)
    {
        Vips.EnsureStarted();
        fixed (byte* text = name)
            _operation = Vips.OperationNew(text);
        if (_operation == 0)
        {
            Vips.ErrorClear();
            throw new InvalidOperationException($"libvips was built without '{System.Text.Encoding.UTF8.GetString(name)}'");
        }
    }

    /// <summary>Sets an argument from its text form, e.g. an enumeration by its nick.</summary>
    public readonly void Set(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        fixed (byte* nameText = name)
        fixed (byte* valueText = value)
            if (Vips.SetArgumentFromString(_operation, nameText, valueText) != 0)
                throw new InvalidOperationException($"libvips refused the argument '{System.Text.Encoding.UTF8.GetString(name)}'");
    }

    /// <summary>Sets an image argument.</summary>
    public readonly void Set(ReadOnlySpan<byte> name, nint image)
    {
        Vips.GValue value = default;
        Vips.ValueInit(&value, Vips.ImageType());
        Vips.ValueSetObject(&value, image);
        fixed (byte* text = name)
            Vips.SetProperty(_operation, text, &value);
        Vips.ValueUnset(&value);
    }

    /// <summary>
    /// Sets a blob argument. The memory is not copied: it must stay where it is for as long as any image made from it lives.
    /// </summary>
    public readonly void Set(ReadOnlySpan<byte> name, byte* data, nuint length)
    {
        Vips.GValue value = default;
        Vips.ValueInit(&value, Vips.BlobType());
        Vips.ValueSetBlob(&value, null, data, length);
        fixed (byte* text = name)
            Vips.SetProperty(_operation, text, &value);
        Vips.ValueUnset(&value);
    }

    /// <summary>Runs the operation and returns its output image, to be released with <c>Unref</c>; 0 when it failed.</summary>
    public nint RunToImage()
    {
        if (!Build())
            return 0;
        Vips.GValue value = default;
        Vips.ValueInit(&value, Vips.ImageType());
        fixed (byte* text = "out"u8)
            Vips.GetProperty(_operation, text, &value);
        var image = Vips.ValueDupObject(&value);
        Vips.ValueUnset(&value);
        Finish();
        return image;
    }

    /// <summary>Runs the operation and returns a copy of its output blob; null when it failed.</summary>
    public byte[]? RunToBytes()
    {
        if (!Build())
            return null;
        Vips.GValue value = default;
        Vips.ValueInit(&value, Vips.BlobType());
        fixed (byte* text = "buffer"u8)
            Vips.GetProperty(_operation, text, &value);
        nuint length;
        var data = Vips.ValueGetBlob(&value, &length);
        var bytes = new ReadOnlySpan<byte>(data, checked((int)length)).ToArray();
        Vips.ValueUnset(&value);
        Finish();
        return bytes;
    }

    private bool Build()
    {
        var built = Vips.OperationBuild(_operation);
        if (built == 0)
        {
            // The text of the error is one buffer for all threads: with several decoders at work it may be another's, so it is not quoted.
            Vips.ErrorClear();
            Finish();
            return false;
        }
        Vips.Unref(_operation);
        _operation = built;
        return true;
    }

    private void Finish()
    {
        Vips.UnrefOutputs(_operation);
        Vips.Unref(_operation);
        _operation = 0;
    }
}
