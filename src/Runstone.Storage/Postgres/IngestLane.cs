using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using Runstone.Core.Ingest;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Postgres;

/// <summary>
/// Commits one group after another. Two round trips a group, whatever its size: begin, lock and read; write, mark and commit
/// (two more when the log is copied). One when it only adds points to runs that this node knows, and nobody else has written to
/// them. On the long way the lane's marker row is locked from the first statement to the end, so that after a lost connection the
/// next attempt waits until the server has ended the old one, and then reads whether it was kept.
/// </summary>
internal sealed partial class IngestLane : IDisposable
{
    /// <summary>From this many rows or bytes of the log on, COPY pays for its round trips (bench/results/postgres-ingest.md).</summary>
    private const int CopyRows = 512;
    private const int CopyBytes = 1 << 20;

    private readonly PostgresDatabase _database;
    private readonly KeyIds _keys;
    private readonly KnownRuns _known;
    private readonly string _node;
    private readonly int _lane;
    private readonly TimeSpan _retryFor;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly IngestNeeds _needs = new();
    private readonly IngestFacts _facts = new();
    private readonly IngestWrites _writes = new();
    private readonly IngestGroup _group;
    private long _number;

    /// <summary>The commit was sent and its end is not known.</summary>
    private bool _undecided;

    /// <summary>
    /// A commit of this group was lost that held no lock before it was sent: until the next group is marked, it may still take effect.
    /// </summary>
    private bool _unfenced;

    // What waits behind a group that found no database has waited with it, and is not told as much later again.
    private long? _lostAt;

    public IngestLane(
        PostgresDatabase database, KeyIds keys, KnownRuns known, string node, int lane, TimeSpan retryFor, TimeProvider time, ILogger logger)
    {
        (_database, _keys, _known, _node, _lane, _retryFor, _time, _logger) = (database, keys, known, node, lane, retryFor, time, logger);
        _group = new IngestGroup(new PostgresIngestTarget(_facts, _writes));
    }

    public async ValueTask CommitAsync(
        IReadOnlyList<IngestBatch> batches, Memory<IngestOutcome> outcomes, long now, CancellationToken cancellationToken)
    {
        _number++;
        _undecided = _unfenced = false;
        _needs.Add(batches);
        try
        {
            await PersistAsync(batches, outcomes, now, cancellationToken);
        }
        finally
        {
            _needs.Clear();
            _facts.Clear();
            _facts.Keys.Clear();
            _writes.Clear();
            _group.Clear();
        }
    }

    public void Dispose() => _group.Dispose();

    private async ValueTask PersistAsync(
        IReadOnlyList<IngestBatch> batches, Memory<IngestOutcome> outcomes, long now, CancellationToken cancellationToken)
    {
        var retry = new RetryClock(_retryFor, _time, afterTimeouts: true, _lostAt);
        while (true)
        {
            try
            {
                if (await TryCommitAsync(batches, outcomes, now, _undecided ? CancellationToken.None : cancellationToken))
                {
                    _lostAt = null;
                    return;
                }
            }
            catch (Exception e) when (retry.Allows(e))
            {
                // The server answered: the transaction is over and was not kept.
                _undecided &= PostgresErrors.IsLost(e);
                if (PostgresErrors.IsLost(e))
                    LogRetry(e, batches.Count, _database.Place);
                await retry.WaitAsync(_undecided ? CancellationToken.None : cancellationToken);
            }
            catch (Exception e) when (PostgresErrors.IsOfDriver(e))
            {
                _lostAt = PostgresErrors.IsLost(e) ? retry.LostAt : null;
                throw _unfenced || (_undecided && PostgresErrors.IsLost(e)) ? PostgresErrors.Unknown(e, _database.Place) : PostgresErrors.DescribeWrite(e, _database.Place);
            }
        }
    }

    /// <summary>One attempt; false when the lane had no marker and has one now.</summary>
    private async ValueTask<bool> TryCommitAsync(
        IReadOnlyList<IngestBatch> batches, Memory<IngestOutcome> outcomes, long now, CancellationToken cancellationToken)
    {
        await _keys.FindAsync(_database, _needs.Keys, _needs.OptionalKeys, _facts.Keys, cancellationToken);
        if (!_undecided && await TryCommitKnownAsync(batches, outcomes, now, cancellationToken))
            return true;
        await using (var connection = await _database.OpenAsync(cancellationToken))
        {
            await _facts.ReadAsync(_database, connection, _node, _lane, _needs, cancellationToken);
            if (_facts.Marker == _number)
                return true;
            _undecided = false;
            if (_facts.Marker is not null)
            {
                Apply(batches, outcomes, now);
                if (!_writes.IsEmpty || _unfenced)
                    await WriteAsync(connection);
                return true;
            }
        }

        await CreateMarkerAsync(cancellationToken);
        return false;
    }

    /// <summary>
    /// One attempt by what this node knows of the runs; false when it does not know them all, or not as they are, and when a batch is refused, which
    /// only what is locked can decide. The marker keeps the place of the lock: a group whose end is not known is not written after it was tried again.
    /// </summary>
    private async ValueTask<bool> TryCommitKnownAsync(
        IReadOnlyList<IngestBatch> batches, Memory<IngestOutcome> outcomes, long now, CancellationToken cancellationToken)
    {
        _facts.Runs.Clear();
        if (!_needs.OnlyPoints || batches.Count >= CopyRows || !_known.TryTake(_needs.Runs, _facts.Runs))
            return false;
        Apply(batches, outcomes, now);
        if (IsCopied || HasRefusal(outcomes.Span))
            return false;
        await using var connection = await _database.OpenAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new NpgsqlBatchCommand(PostgresIngestSql.Begin), Numbered(PostgresIngestSql.MarkFirst) },
        };
        _writes.AddKnownTo(batch);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(PostgresIngestSql.Commit));
        try
        {
            await CommitAsync(batch);
            return true;
        }
        catch (PostgresException e) when (string.Equals(e.SqlState, PostgresErrorCodes.DivisionByZero, StringComparison.Ordinal))
        {
            // Another node, or the sealer, has written to a run, or the lane has no marker.
            _undecided = false;
            return false;
        }
        catch (Exception e) when (_undecided && PostgresErrors.IsLost(e))
        {
            _unfenced = true;
            throw;
        }
    }

    private bool IsCopied => _writes.LogRuns.Count >= CopyRows || _writes.LogBytes >= CopyBytes;

    private static bool HasRefusal(ReadOnlySpan<IngestOutcome> outcomes)
    {
        foreach (ref readonly var outcome in outcomes)
        {
            if (outcome.Error is not null)
                return true;
        }

        return false;
    }

    private void Apply(IReadOnlyList<IngestBatch> batches, Memory<IngestOutcome> outcomes, long now)
    {
        _writes.Clear();
        _group.Clear();
        _group.Apply(batches, outcomes.Span, now);
    }

    private async ValueTask WriteAsync(NpgsqlConnection connection)
    {
        var copied = IsCopied;
        if (copied)
            await CopyLogAsync(connection);
        await using var batch = new NpgsqlBatch(connection);
        _writes.AddTo(batch, copied);
        batch.BatchCommands.Add(Numbered(PostgresIngestSql.Mark));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(PostgresIngestSql.Commit));
        await CommitAsync(batch);
    }

    /// <summary>Runs the statements, of which the last one commits, and remembers the runs that they wrote.</summary>
    private async ValueTask CommitAsync(NpgsqlBatch batch)
    {
        await _database.PrepareAsync(batch, CancellationToken.None);

        // From here on the caller cannot take the group back.
        _undecided = true;
        var transaction = 0u;
        await using (var reader = await batch.ExecuteReaderAsync(CancellationToken.None))
        {
            do
            {
                if (await reader.ReadAsync(CancellationToken.None))
                    transaction = reader.GetFieldValue<uint>(0);
            }
            while (await reader.NextResultAsync(CancellationToken.None));
        }

        _undecided = false;
        foreach (var run in _writes.Written)
            _known.Remember(run, transaction);
    }

    private async ValueTask CopyLogAsync(NpgsqlConnection connection)
    {
        await using var copy = await connection.BeginBinaryImportAsync(PostgresIngestSql.CopyLog, CancellationToken.None);
        for (var i = 0; i < _writes.LogRuns.Count; i++)
        {
            await copy.StartRowAsync(CancellationToken.None);
            await copy.WriteAsync(_writes.LogRuns[i], NpgsqlDbType.Bigint, CancellationToken.None);
            await copy.WriteAsync(_writes.LogSequences[i], NpgsqlDbType.Bigint, CancellationToken.None);
            await copy.WriteAsync(_writes.LogPayloads[i], NpgsqlDbType.Bytea, CancellationToken.None);
            await copy.WriteAsync(_writes.LogDigests[i], NpgsqlDbType.Bytea, CancellationToken.None);
        }

        await copy.CompleteAsync(CancellationToken.None);
    }

    /// <summary>A lane has none at its first group, and when it was silent for a day and others tidied up.</summary>
    private async ValueTask CreateMarkerAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(PostgresIngestSql.RemoveOldMarkers),
                new NpgsqlBatchCommand(PostgresIngestSql.CreateMarker) { Parameters = { Node(), Lane(), new NpgsqlParameter<long>(null!, _number - 1) } },
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A statement about the marker and the number of this group.</summary>
    private NpgsqlBatchCommand Numbered(string sql) => new(sql) { Parameters = { Node(), Lane(), new NpgsqlParameter<long>(null!, _number) } };

    private NpgsqlParameter<string> Node() => new(null!, _node);

    private NpgsqlParameter<int> Lane() => new(null!, _lane);

    [LoggerMessage(2104, LogLevel.Warning, "A commit of {Batches} batches lost its connection to {Place}; it is tried again.")]
    private partial void LogRetry(Exception exception, int batches, string place);
}
