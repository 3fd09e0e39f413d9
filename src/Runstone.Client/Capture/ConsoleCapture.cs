using System.Globalization;
using Runstone.Client.Outbox;
using Runstone.Client.Runs;
using Runstone.Protocol;

namespace Runstone.Client.Capture;

/// <summary>
/// Collects what the program writes to its console for one run and puts it into the outbox every second. The program waits for
/// nothing but memory: when lines come faster than they are put away they are counted instead of kept, and the console says so.
/// </summary>
internal sealed class ConsoleCapture
{
    private const int MaxWaitingLines = 100_000;
    private const int MaxWaitingCharacters = 8 << 20;
    private const int RecordLines = 1000;
    private const int RecordCharacters = 64 << 10;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly RunSession _session;
    private readonly OutboxWriter _writer;
    private readonly long _maxCharacters;
    private readonly Lock _lock = new();
    private readonly Lock _flush = new();
    private readonly TerminalLines _out;
    private readonly TerminalLines _error;
    private List<NewConsoleLine> _lines = [];
    private string _stream = ConsoleStreams.Out;
    private int _waiting;
    private long _characters;
    private long _leftOut;
    private bool _isFull;
    private bool _closed;

    private ConsoleCapture(RunSession session, OutboxWriter writer, long maxCharacters)
    {
        (_session, _writer, _maxCharacters) = (session, writer, maxCharacters);
        (_out, _error) = (new TerminalLines(Add), new TerminalLines(Add));
    }

    /// <summary>Begins to collect; <see cref="Close"/> follows.</summary>
    public static ConsoleCapture Begin(RunSession session, OutboxWriter writer, long maxCharacters)
    {
        var capture = new ConsoleCapture(session, writer, maxCharacters);
        ConsoleTee.Attach(capture);
        return capture;
    }

    /// <summary>Puts away what comes until the run begins to end.</summary>
    public async Task RunAsync(CancellationToken ending)
    {
        try
        {
            while (!ending.IsCancellationRequested)
            {
                await Task.Delay(Interval, _session.Options.TimeProvider, ending);
                lock (_lock)
                {
                    _stream = ConsoleStreams.Out;
                    _out.Pause();
                    _stream = ConsoleStreams.Err;
                    _error.Pause();
                }

                Flush();
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the run closes it.
        }
    }

    /// <summary>What the program wrote; never throws, so that the program goes on whatever happens here.</summary>
    public void Write(string stream, ReadOnlySpan<char> text, ReadOnlySpan<char> end)
    {
        lock (_lock)
        {
            if (_closed || _isFull)
                return;
            var lines = ReferenceEquals(stream, ConsoleStreams.Err) ? _error : _out;
            _stream = stream;
            try
            {
                lines.Write(text);
                lines.Write(end);
            }
            catch (OutOfMemoryException)
            {
                _leftOut++;
            }
        }
    }

    /// <summary>Puts all complete lines into the outbox.</summary>
    public void Flush()
    {
        lock (_flush)
        {
            List<NewConsoleLine> lines;
            lock (_lock)
            {
                if (_leftOut > 0)
                    Say(string.Create(CultureInfo.InvariantCulture, $"[runstone] {_leftOut} lines came faster than they could be put away and are left out here."));
                _leftOut = 0;
                if (_lines.Count == 0)
                    return;
                (lines, _lines, _waiting) = (_lines, [], 0);
            }

            for (var from = 0; from < lines.Count;)
            {
                var (to, characters) = (from, 0);
                while (to < lines.Count && to - from < RecordLines && characters < RecordCharacters)
                    characters += lines[to++].Text.Length;
                Record(lines.GetRange(from, to - from));
                from = to;
            }
        }
    }

    /// <summary>Takes no more, and puts the rest away, a line that was not ended included.</summary>
    public void Close()
    {
        ConsoleTee.Detach(this);
        lock (_lock)
        {
            if (_closed)
                return;
            _stream = ConsoleStreams.Out;
            _out.Close();
            _stream = ConsoleStreams.Err;
            _error.Close();
            _closed = true;
        }

        Flush();
    }

    private void Record(List<NewConsoleLine> lines)
    {
        var request = new AppendConsoleRequest { Lines = lines };
        if (!_writer.Write(RecordType.Console, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(request, RunstoneJson.Default.AppendConsoleRequest)))
            _session.CountDropped();
    }

    private void Add(string text)
    {
        if (_isFull)
            return;
        if (_lines.Count >= MaxWaitingLines || _waiting >= MaxWaitingCharacters)
        {
            _leftOut++;
            return;
        }

        _characters += text.Length + 1;
        if (_characters > _maxCharacters)
        {
            Say(string.Create(CultureInfo.InvariantCulture, $"[runstone] The console is captured up to {_maxCharacters} characters; the rest of it is left out here."));
            _isFull = true;
            return;
        }

        _waiting += text.Length;
        Say(text);
    }

    private void Say(string text) => _lines.Add(new NewConsoleLine
    {
        Time = _session.Options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds(),
        Stream = ReferenceEquals(_stream, ConsoleStreams.Err) ? ConsoleStreams.Err : null,
        Text = text,
    });
}
