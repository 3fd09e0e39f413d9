using Npgsql;
using Runstone.Core.Experiments;
using Runstone.Storage.Sql;
using Runstone.Storage.Sql.Consoles;

namespace Runstone.Storage.Postgres;

/// <summary>
/// What is known of the database while a group is decided: read in one round trip, the rows of the runs locked until the commit.
/// </summary>
internal sealed class IngestFacts
{
    public Dictionary<string, long> Keys { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, RunState> Runs { get; } = new(StringComparer.Ordinal);

    public Dictionary<long, Lifecycle> Experiments { get; } = [];

    public Dictionary<(long Run, string Source), long> Sources { get; } = [];

    public Dictionary<(long Run, long Key), string> Params { get; } = [];

    public HashSet<(long Run, long Key)> Tags { get; } = [];

    public Dictionary<(long Run, long Key), long> Steps { get; } = [];

    /// <summary>The numbers of logged models that are there.</summary>
    public Dictionary<string, long> LoggedModels { get; } = new(StringComparer.Ordinal);

    /// <summary>By the number of the run; a run that has no console is not there.</summary>
    public Dictionary<long, ConsoleSize> Consoles { get; } = [];

    public HashSet<string> Condemned { get; } = new(StringComparer.Ordinal);

    /// <summary>Numbers for runs that are made.</summary>
    public Queue<long> Numbers { get; } = [];

    /// <summary>The last group that the lane committed; null when the lane has no marker.</summary>
    public long? Marker { get; private set; }

    public void Clear()
    {
        Runs.Clear();
        Experiments.Clear();
        Sources.Clear();
        Params.Clear();
        Tags.Clear();
        Steps.Clear();
        LoggedModels.Clear();
        Consoles.Clear();
        Condemned.Clear();
        Numbers.Clear();
        Marker = null;
    }

    /// <summary>
    /// Begins the transaction, locks and reads. Each statement sees what was committed before it began, so those after the locks
    /// see what the lock waited for.
    /// </summary>
    public async ValueTask ReadAsync(
        PostgresDatabase database, NpgsqlConnection connection, string node, int lane, IngestNeeds needs, CancellationToken cancellationToken)
    {
        Clear();
        await using var batch = new NpgsqlBatch(connection);
        var readers = new List<Action<PostgresRow>>();
        void Add(string sql, Action<PostgresRow> read, params ReadOnlySpan<NpgsqlParameter> parameters)
        {
            var command = new NpgsqlBatchCommand(sql);
            foreach (var parameter in parameters)
                command.Parameters.Add(parameter);
            batch.BatchCommands.Add(command);
            readers.Add(read);
        }

        batch.BatchCommands.Add(new NpgsqlBatchCommand(PostgresIngestSql.Begin));
        Add(PostgresIngestSql.Marker, r => Marker = r.Int64(0), new NpgsqlParameter<string>(null!, node), new NpgsqlParameter<int>(null!, lane));
        if (needs.Blobs.Count > 0)
            Add(PostgresLocks.Link, _ => { });
        if (needs.Experiments.Count > 0)
            Add(PostgresIngestSql.Experiments, r => Experiments[r.Int64(0)] = (Lifecycle)r.Int64(1), Columns.Longs([.. needs.Experiments]));
        Add(PostgresIngestSql.Runs, AddRun, Columns.Texts([.. needs.Runs]));
        if (needs.Documents.Count > 0)
            Add(PostgresIngestSql.Documents, AddDocument, Columns.Texts([.. needs.Documents]));
        if (needs.Sources.Count > 0)
        {
            Add(
                PostgresIngestSql.Sources, r => Sources[(r.Int64(0), r.Text(1))] = r.Int64(2),
                Columns.Texts([.. needs.Sources.Select(s => s.Run)]), Columns.Texts([.. needs.Sources.Select(s => s.Source)]));
        }

        if (needs.Consoles.Count > 0)
            Add(PostgresIngestSql.Consoles, r => Consoles[r.Int64(0)] = new ConsoleSize(r.Int64(1), r.Int64(2)), Columns.Texts([.. needs.Consoles]));

        AddKeyed(needs.Params, PostgresIngestSql.Params, r => Params[(r.Int64(0), r.Int64(1))] = r.Text(2));
        AddKeyed(needs.Tags, PostgresIngestSql.Tags, r => Tags.Add((r.Int64(0), r.Int64(1))));
        AddKeyed(needs.Steps, PostgresIngestSql.Steps, r => Steps[(r.Int64(0), r.Int64(1))] = r.Int64(2));
        if (needs.Blobs.Count > 0)
            Add(PostgresIngestSql.Condemned, r => Condemned.Add(r.Text(0)), Columns.Texts([.. needs.Blobs]));
        if (needs.LoggedModels.Count > 0)
            Add(PostgresIngestSql.LoggedModels, r => LoggedModels[r.Text(1)] = r.Int64(0), Columns.Texts([.. needs.LoggedModels]));
        if (needs.NewRuns > 0)
            Add(PostgresIngestSql.Numbers, r => Numbers.Enqueue(r.Int64(0)), new NpgsqlParameter<long>(null!, needs.NewRuns));
        await database.PrepareAsync(batch, cancellationToken);
        await ReadAsync(batch, readers, cancellationToken);

        void AddKeyed(HashSet<(string Run, string Key)> pairs, string sql, Action<PostgresRow> read)
        {
            var (runs, keys) = (new List<string>(), new List<long>());
            foreach (var (run, key) in pairs)
            {
                if (!Keys.TryGetValue(key, out var id))
                    continue;
                runs.Add(run);
                keys.Add(id);
            }

            if (runs.Count > 0)
                Add(sql, read, Columns.Texts(runs), Columns.Longs(keys));
        }
    }

    private static async ValueTask ReadAsync(NpgsqlBatch batch, List<Action<PostgresRow>> readers, CancellationToken cancellationToken)
    {
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var row = new PostgresRow(reader);
        foreach (var read in readers)
        {
            while (await reader.ReadAsync(cancellationToken))
                read(row);
            await reader.NextResultAsync(cancellationToken);
        }
    }

    private void AddRun(PostgresRow row)
    {
        var run = RunState.Read(row);
        Runs[run.Run.Id] = run;
    }

    private void AddDocument(PostgresRow row)
    {
        // A run made between the two statements is unknown to this group.
        if (Runs.TryGetValue(row.Text(0), out var state))
            state.Run = state.Run with { Notes = row.Text(1), Environment = row.NullableText(2) };
    }
}
