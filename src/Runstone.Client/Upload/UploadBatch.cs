using Runstone.Client.Outbox;
using Runstone.Protocol;

namespace Runstone.Client.Upload;

/// <summary>Consecutive records that go to the server in one step.</summary>
internal sealed class UploadBatch(OutboxPosition start)
{
    public OutboxPosition Start { get; } = start;

    /// <summary>Where the records after it begin.</summary>
    public OutboxPosition End { get; set; } = start;

    public int Records => (int)(End.Ordinal - Start.Ordinal);

    public CreateRunRequest? Create { get; set; }

    public RunEnvironment? Environment { get; set; }

    /// <summary>Facts and the points that have a step.</summary>
    public LogRequest? Log { get; set; }

    /// <summary>The points whose step the server counts.</summary>
    public LogRequest? Unstepped { get; set; }

    /// <summary>Lines of the console.</summary>
    public AppendConsoleRequest? Console { get; set; }

    /// <summary>Instead of <see cref="Log"/>, the points that have a step as a body of bytes, when there is nothing else.</summary>
    public ReadOnlyMemory<byte> SteppedBytes { get; set; }

    /// <summary>Instead of <see cref="Unstepped"/>.</summary>
    public ReadOnlyMemory<byte> UnsteppedBytes { get; set; }

    public bool EndsRun { get; set; }

    /// <summary>The content of the record, readable, when the batch is one record.</summary>
    public string? Text { get; set; }

    public RecordType LastType { get; set; }

    /// <summary>
    /// The sequence number of the requests of the batch: it grows with the position in the log, so that a batch cut at
    /// another place never hides behind one that the server has. Each kind of request has a source of its own.
    /// </summary>
    public long Sequence(int part) => ((End.Ordinal - 1) * 2) + part;
}
