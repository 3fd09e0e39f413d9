using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;
using Runstone.Codecs;
using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Chunks;

namespace Runstone.MetricsBench.Lines;

/// <summary>Bytes a point that sealed series take, and what sealing them costs.</summary>
internal static class Sizes
{
    private const string Stored = """
        select sum(points), sum(length(payload)), sum(length(summary)), sum(length(digest)),
        coalesce((select sum(length(payload)) from metric_rollup), 0) from metric_chunk
        """;

    public static async Task RunAsync(Session session)
    {
        var count = session.Options.Size(1_000_000, 20_000);

        // Pages and maps that a store has anyway are not to count, so a short curve is the curve of many runs.
        foreach (var (series, bound) in Curves(session.Options, count))
            await MeasureAsync(session, series, bound, session.Options.Size(1_000_000, 20_000) / series.Count);

        // PostgreSQL adds maps and first pages to each part of each table when rows come, whatever their number; with ten times the runs that shows.
        if (session.Engine.IsPostgres && Curves(session.Options, count).ElementAt(1) is var (trained, most) && trained.Count < count)
            await MeasureAsync(session, trained, most, session.Options.Size(10_000_000, 40_000) / trained.Count);
    }

    private static IEnumerable<(Series Series, double Bound)> Curves(MetricsOptions options, int count)
    {
        yield return (Series.Loss("loss-like, float32", count, 1), 4);
        if (options.Adult is { } file)
        {
            var training = Training.Run(file, options.Size(60_000, 3_000));
            yield return (Series.Of("trained: loss, float32", [.. training.Loss], 2), 4);
            yield return (Series.Of("trained: gradient norm, float32", [.. training.GradientNorm], 3), 4);
            yield return (Series.Of("trained: accuracy of batches", [.. training.Accuracy], 4), 4);
            yield return (Series.Of("trained: loss rounded to 4 digits", [.. training.Loss.Select(v => Math.Round(v, 4))], 5), 4);
            yield return (Series.Of("trained: running mean of the loss, double", [.. training.MeanLoss], 6), 10);
        }

        yield return (Series.Uniform("random doubles", count, 7), 10);
    }

    private static async Task MeasureAsync(Session session, Series series, double bound, int runs)
    {
        using var place = session.Engine.NewPlace();

        long before, after;
        Sealing sealing;
        TimeSpan database;
        await using (var store = await place.OpenAsync())
        {
            var filler = await Filler.BeginAsync(store);
            before = Used(place);
            var ids = await filler.RunsAsync([.. Enumerable.Repeat(series, runs)]);
            database = session.Engine.DatabaseTime;
            sealing = await filler.SealAsync();
            database = session.Engine.DatabaseTime - database;
            after = Used(place);
            await CheckAsync(store.Metrics, ids[^1], series);
        }

        var parts = Query(place, Stored);
        Session.Expect(parts[0] == (long)runs * series.Count, $"{parts[0]} of {(long)runs * series.Count} points are sealed");
        var points = (double)parts[0];
        var times = runs == 1 ? "" : Note.Of($"{runs} runs x ");
        session.Page.Add(new Row("bytes", Note.Of($"{series.Key}, {times}{series.Count:N0} points, sealed"), (after - before) / points, "bytes a point")
        {
            Goal = Goal.Most(bound),
            Note = Note.Of($"payload {parts[1] / points:0.000}, summaries {parts[2] / points:0.000}, digests {parts[3] / points:0.000}, rollups {parts[4] / points:0.000}; the figure is what tables and indexes have in use"),
        });
        var limit = Encode(series);
        session.Page.Add(new Row("bytes", $"sealing it", sealing.Points / sealing.Wall.TotalSeconds, "points/s")
        {
            Server = sealing.Processor.TotalMilliseconds,
            Database = session.Engine.IsPostgres ? database.TotalMilliseconds : null,
            Limit = limit,
            Note = "processor times are for all of it, in the process of the measurement; the limit only encodes the same sorted points on one core",
        });
    }

    private static async Task CheckAsync(IMetricStore metrics, string id, Series series)
    {
        var at = 0;
        await foreach (var block in metrics.ReadAsync(new SeriesQuery(id, series.Key), default))
        {
            foreach (var point in block.ToArray())
            {
                Session.Expect(point.Step.Whole == at && point.Time == series.Times[at] && point.Value.Equals(series.Values[at]), $"point {at} of {series.Key} is another one");
                at++;
            }
        }

        Session.Expect(at == series.Count, $"{at} of {series.Count} points are read");
    }

    /// <summary>Bytes that the tables and indexes of all metrics take; on SQLite the pages in use of the file.</summary>
    private static long Used(Place place)
    {
        if (place.Database is null)
            return Query(place, "select (c.page_count - f.freelist_count) * s.page_size from pragma_page_count c, pragma_freelist_count f, pragma_page_size s")[0];
        Query(place, "vacuum metric_chunk, metric_rollup, metric_log, metric_latest, runs", read: false);
        return Query(place, "select sum(pg_total_relation_size(relid))::bigint from (values ('metric_chunk'), ('metric_rollup'), ('metric_log'), ('metric_latest'), ('runs'), ('unsealed_run')) t(n), pg_partition_tree(t.n::regclass)")[0];
    }

    private static long[] Query(Place place, string sql, bool read = true)
    {
        using System.Data.Common.DbConnection connection = place.Database is { } database
            ? new NpgsqlConnection(database)
            : new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(place.Folder, "runstone.db"), Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        if (!read)
        {
            command.ExecuteNonQuery();
            return [];
        }

        using var row = command.ExecuteReader();
        row.Read();
        return [.. Enumerable.Range(0, row.FieldCount).Select(i => Convert.ToInt64(row.GetValue(i), CultureInfo.InvariantCulture))];
    }

    /// <summary>Points a second that one encoder writes; the best of three rounds.</summary>
    private static double Encode(Series series)
    {
        var points = new SeriesPoints();
        for (var i = 0; i < series.Count; i++)
            points.Add(new SeriesPoint(new Step(i), series.Times[i], series.Values[i]), i);
        using var encoder = new ChunkEncoder();
        var best = double.MaxValue;
        for (var round = 0; round < 3; round++)
        {
            var started = TimeProvider.System.GetTimestamp();
            for (var at = 0; at < points.Count; at += ChunkEncoder.MaxPoints)
                encoder.Encode(points, at, Math.Min(ChunkEncoder.MaxPoints, points.Count - at));
            best = Math.Min(best, TimeProvider.System.GetElapsedTime(started).TotalSeconds);
        }

        return points.Count / best;
    }
}
