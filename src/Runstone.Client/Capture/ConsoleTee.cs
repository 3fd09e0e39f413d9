using System.Text;
using Runstone.Protocol;

namespace Runstone.Client.Capture;

/// <summary>
/// Stands before <see cref="Console.Out"/> or <see cref="Console.Error"/> while a run captures them: everything goes where it went
/// before, and then to the runs. The program sees no difference, whatever becomes of the runs.
/// </summary>
internal sealed class ConsoleTee : TextWriter
{
    private static readonly Lock Gate = new();
    private static ConsoleCapture[] s_captures = [];
    private static Installed? s_out;
    private static Installed? s_error;

    private readonly TextWriter _inner;
    private readonly string _stream;

    // Another writer may have been put around this one and keep it, when a later tee already stands in front.
    private volatile bool _isActive = true;

    private ConsoleTee(TextWriter inner, string stream) : base(inner.FormatProvider)
    {
        (_inner, _stream) = (inner, stream);
        CoreNewLine = inner.NewLine.ToCharArray();
    }

    public override Encoding Encoding => _inner.Encoding;

    /// <summary>From now on the run hears what is written.</summary>
    public static void Attach(ConsoleCapture capture)
    {
        lock (Gate)
        {
            s_out = Install(s_out, Console.Out, ConsoleStreams.Out, Console.SetOut, () => Console.Out);
            s_error = Install(s_error, Console.Error, ConsoleStreams.Err, Console.SetError, () => Console.Error);
            s_captures = [.. s_captures, capture];
        }
    }

    /// <summary>The run hears no more; the last one to leave takes the tees away.</summary>
    public static void Detach(ConsoleCapture capture)
    {
        lock (Gate)
        {
            s_captures = [.. s_captures.Where(c => !ReferenceEquals(c, capture))];
            if (s_captures.Length > 0)
                return;
            Remove(s_out, Console.Out, Console.SetOut);
            Remove(s_error, Console.Error, Console.SetError);
            (s_out, s_error) = (null, null);
        }
    }

    public override void Write(char value)
    {
        _inner.Write(value);
        Tell([value]);
    }

    public override void Write(char[] buffer, int index, int count)
    {
        _inner.Write(buffer, index, count);
        Tell(buffer.AsSpan(index, count));
    }

    public override void Write(ReadOnlySpan<char> buffer)
    {
        _inner.Write(buffer);
        Tell(buffer);
    }

    public override void Write(string? value)
    {
        _inner.Write(value);
        Tell(value);
    }

    public override void WriteLine()
    {
        _inner.WriteLine();
        Tell("\n");
    }

    // In one piece, as without the tee: the writer behind may flush after every call.
    public override void WriteLine(string? value)
    {
        _inner.WriteLine(value);
        Tell(value, "\n");
    }

    public override void WriteLine(ReadOnlySpan<char> buffer)
    {
        _inner.WriteLine(buffer);
        Tell(buffer, "\n");
    }

    public override void Flush() => _inner.Flush();

    public override Task FlushAsync() => _inner.FlushAsync();

    public override Task FlushAsync(CancellationToken cancellationToken) => _inner.FlushAsync(cancellationToken);

    private static Installed Install(Installed? before, TextWriter present, string stream, Action<TextWriter> set, Func<TextWriter> get)
    {
        if (before is not null)
        {
            if (ReferenceEquals(before.Seen, present))
                return before;
            before.Tee._isActive = false;
        }

        var tee = new ConsoleTee(present, stream);
        set(tee);
        return new Installed(tee, get());
    }

    private static void Remove(Installed? installed, TextWriter present, Action<TextWriter> set)
    {
        if (installed is null)
            return;
        installed.Tee._isActive = false;
        if (ReferenceEquals(installed.Seen, present))
            set(installed.Tee._inner);
    }

    private void Tell(ReadOnlySpan<char> text, ReadOnlySpan<char> end = default)
    {
        if (!_isActive)
            return;
        foreach (var capture in Volatile.Read(ref s_captures))
            capture.Write(_stream, text, end);
    }

    /// <param name="Tee">What was installed.</param>
    /// <param name="Seen">How the console shows it: behind a lock of its own.</param>
    private sealed record Installed(ConsoleTee Tee, TextWriter Seen);
}
