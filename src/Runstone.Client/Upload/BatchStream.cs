using Runstone.Client.Outbox;
using Runstone.Protocol;

namespace Runstone.Client.Upload;

/// <summary>
/// Cuts the log of one run into batches, in order, and makes the next one while another is under way. Batches grow with a backlog that the server takes
/// quickly, because what a request costs beside its points is then shared by more of them, and shrink when an answer takes long.
/// </summary>
internal sealed class BatchStream : IDisposable
{
    /// <summary>A request of so many points gets through a slow line well within its time.</summary>
    private const int FirstPoints = 5_000;

    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);

    private readonly OutboxReader _reader;
    private readonly int _mostPoints;
    private BatchBuilder _builder;
    private BatchBuilder _other;
    private UploadBatch? _prepared;
    private int _points;
    private int _maxRecords = int.MaxValue;
    private long _refusedEnd;

    /// <param name="reader">Stands where the first batch begins; owned from now on.</param>
    /// <param name="meta">The outbox.</param>
    /// <param name="mostPoints">Points of a batch at most.</param>
    /// <param name="points">The call that takes them as bytes.</param>
    public BatchStream(OutboxReader reader, OutboxMeta meta, int mostPoints, PointsCall points)
    {
        _reader = reader;
        _mostPoints = Math.Min(mostPoints, MetricBatchFormat.MaxPoints);
        _points = Math.Min(FirstPoints, _mostPoints);
        _builder = new BatchBuilder(reader, meta.RunId, meta.Source, points);
        _other = new BatchBuilder(reader, meta.RunId, meta.Source, points);
    }

    /// <summary>Whether part of the log was damaged, as far as it was read.</summary>
    public bool MetDamage => _reader.MetDamage;

    /// <summary>The next batch, exactly up to <paramref name="until"/> when that is given; null at the present end of the log. It is valid until the call after the next one.</summary>
    public UploadBatch? Next(OutboxPosition? until)
    {
        if (_prepared is { } prepared)
        {
            _prepared = null;
            (_builder, _other) = (_other, _builder);
            return prepared;
        }

        var batch = Build(_builder, until);
        if (batch is null)
            Shrink();
        return batch;
    }

    /// <summary>Makes the batch behind the one under way, when the log has all of it; a smaller one would only make more requests.</summary>
    /// <param name="written">How many records the live writer wrote; null when no more will come.</param>
    public void Prepare(long? written)
    {
        if (_prepared is null && (written is null || written - _reader.Position.Ordinal >= _points))
            _prepared = Build(_other, until: null);
    }

    /// <summary>Fills the requests in JSON of the batch that <see cref="Next"/> returned last.</summary>
    public void UseJson(UploadBatch batch) => _builder.UseJson(batch);

    /// <summary>The batch is through, in so much time.</summary>
    public void Accepted(UploadBatch batch, TimeSpan took)
    {
        _maxRecords = (int)Math.Min(int.MaxValue, _maxRecords * 2L);
        if (took > Slow)
            _points = Math.Max(_points / 2, Math.Min(FirstPoints, _mostPoints));
        else if (took < Quick && batch.Records >= _points)
            _points = (int)Math.Min(_points * 2L, _mostPoints);
    }

    /// <summary>The batch was refused: what follows are its halves, so that the record at fault is found and the others do not suffer for it.</summary>
    public void Halve(UploadBatch batch)
    {
        _maxRecords = batch.Records / 2;
        _refusedEnd = Math.Max(_refusedEnd, batch.End.Ordinal);
        _prepared = null;
        _reader.Rewind(batch.Start);
    }

    public void Dispose() => _reader.Dispose();

    private UploadBatch? Build(BatchBuilder builder, OutboxPosition? until)
    {
        var position = _reader.Position;

        // One request of a refused batch may have been kept. A batch that ends behind it would bring its points a second time.
        var records = position.Ordinal < _refusedEnd ? (int)Math.Min(_maxRecords, _refusedEnd - position.Ordinal) : _maxRecords;
        return builder.Next(records, _points, until);
    }

    // What a backlog needed is given back when it is gone: a program may have many runs.
    private void Shrink()
    {
        _points = Math.Min(FirstPoints, _mostPoints);
        _builder.Trim(_points);
        _other.Trim(_points);
    }
}
