using Runstone.Storage.Sql;

namespace Runstone.Storage.Sqlite;

/// <summary>
/// What the one writer of the file remembers between commits: runs and key ids. Everything in it was read from the file or
/// written to it in the present transaction; a transaction that fails, and a writer beside the ingest path, empty it.
/// </summary>
internal sealed class WriterCache
{
    private const int MaxRuns = 4096;
    private const int MaxKeys = 262_144;
    private const long MaxCharacters = 16 * 1024 * 1024;

    private readonly Dictionary<string, RunState> _runs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _keys = new(StringComparer.Ordinal);
    private long _characters;

    /// <summary>The run, or null when there is none.</summary>
    public RunState? Find(SqliteSession session, string runId)
    {
        if (_runs.TryGetValue(runId, out var known))
            return known;
        var state = SqliteSession.ReadFirst(session.Prepare(RunSql.ById).Bind(1, runId), RunState.Read);
        if (state is not null)
            Add(state);
        return state;
    }

    public void Add(RunState state)
    {
        _runs[state.Run.Id] = state;
        Grow(state.Run.Notes, state.Run.Environment);
    }

    /// <summary>Counts documents that a known run was given.</summary>
    public void Grow(string? notes, string? environment) => _characters += (notes?.Length ?? 0) + (environment?.Length ?? 0);

    /// <summary>The id of the name, given now when it has none.</summary>
    public long KeyId(SqliteSession session, string name)
    {
        if (_keys.TryGetValue(name, out var id))
            return id;
        id = SqliteSession.ReadFirst(session.Prepare(RunSql.KeyId).Bind(1, name), row => row.Int64(0));
        if (id == 0)
            id = SqliteSession.ReadAll(session.Prepare(IngestSql.InsertKey).Bind(1, name), row => row.Int64(0))[0];
        _keys[name] = id;
        return id;
    }

    /// <summary>Forgets when too much is remembered; called between transactions.</summary>
    public void Trim()
    {
        if (_runs.Count > MaxRuns || _characters > MaxCharacters)
            ForgetRuns();
        if (_keys.Count > MaxKeys)
            _keys.Clear();
    }

    /// <summary>Forgets a run that changes beside the ingest path.</summary>
    public void ForgetRun(string runId) => _runs.Remove(runId);

    public void ForgetRuns()
    {
        _runs.Clear();
        _characters = 0;
    }

    public void Forget()
    {
        ForgetRuns();
        _keys.Clear();
    }
}
