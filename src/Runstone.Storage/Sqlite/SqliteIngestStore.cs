using Runstone.Core.Ingest;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Sqlite;

/// <summary>Group commit by the one writer of the file.</summary>
internal sealed class SqliteIngestStore : IIngestStore, IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly WriterCache _cache;
    private readonly SqliteIngestTarget _target;
    private readonly IngestGroup _group;

    public SqliteIngestStore(SqliteDatabase database, WriterCache cache)
    {
        (_database, _cache) = (database, cache);
        _target = new SqliteIngestTarget(cache);
        _group = new IngestGroup(_target);
    }

    public async ValueTask CommitAsync(
        IReadOnlyList<IngestBatch> batches, Memory<IngestOutcome> outcomes, long now, CancellationToken cancellationToken)
    {
        await _database.WriteAsync(session => Commit(session, batches, outcomes, now), cancellationToken);
    }

    public void Dispose() => _group.Dispose();

    private bool Commit(SqliteSession session, IReadOnlyList<IngestBatch> batches, Memory<IngestOutcome> outcomes, long now)
    {
        try
        {
            SqliteDatabase.Transact(session, s => Apply(s, batches, outcomes, now));
            _cache.Trim();
            return true;
        }
        catch
        {
            _cache.Forget();
            throw;
        }
        finally
        {
            _group.Clear();
        }
    }

    private bool Apply(SqliteSession session, IReadOnlyList<IngestBatch> batches, Memory<IngestOutcome> outcomes, long now)
    {
        _target.Begin(session);
        _group.Apply(batches, outcomes.Span, now);
        return true;
    }
}
