using System.Text;
using Runstone.Load.Http;

namespace Runstone.MetricsBench.Lines;

/// <summary>Reads of every point of a sealed series.</summary>
internal static class Reading
{
    private const int PageOfMlflow = 25_000;

    public static async Task RunAsync(Session session)
    {
        var longs = await session.LongAsync();
        Formats(session, longs);
        Memory(session, longs);
    }

    private static void Formats(Session session, LongSeries longs)
    {
        var (run, series) = longs.Middle;
        using var server = session.Start(longs.Place);
        using var limits = Session.StartLimits(longs.Place);
        using var connection = new Connection(server.Address);
        using var bare = new Connection(limits.Address);
        Read("bytes", Answers.PointsType, Goal.Most(100), CheckBytes);
        Read("lines of JSON", "application/x-ndjson", null, CheckLines);
        Read("one JSON document", "application/json", null, CheckLines);
        Pages();

        void Read(string name, string type, Goal? goal, Action<Connection, Series> check)
        {
            var request = History(run, type);
            connection.Send(request);
            check(connection, series);
            var bytes = connection.Body.Length;
            var row = session.Time("read", Note.Of($"{series.Count:N0} points as {name}"), () => session.Used(server), () => connection.Exchange(request, [], keepBody: false), Session.Answer(bare, bytes));
            session.Page.Add(row with { Goal = goal, Note = Note.Of($"{row.Note}, {bytes / 1e6:N1} MB") });
        }

        void Pages()
        {
            var (points, bytes, pages) = Walk(connection, run, count: true);
            Session.Expect(points == series.Count, $"{points} of {series.Count} points come by pages");
            var answer = Session.Answer(bare, bytes / pages);
            var row = session.Time("read", Note.Of($"{series.Count:N0} points through MLflow's get-history, pages of {PageOfMlflow:N0}"), () => session.Used(server),
                () => Walk(connection, run, count: false), () =>
                {
                    for (var i = 0; i < pages; i++)
                        answer();
                });
            session.Page.Add(row with { Goal = Goal.Most(1500), Note = Note.Of($"{row.Note} of {pages} pages, {bytes / 1e6:N1} MB") });
        }
    }

    /// <summary>Does a read of ten times the points need more memory? Each on a server of its own.</summary>
    private static void Memory(Session session, LongSeries longs)
    {
        foreach (var (name, type) in (ReadOnlySpan<(string, string)>)[("bytes", Answers.PointsType), ("lines of JSON", "application/x-ndjson")])
        {
            var (_, small) = Peak(session, longs, type, 1);
            var (before, large) = Peak(session, longs, type, 2);
            var counts = longs.All.Select(a => a.Series.Count).ToArray();
            session.Page.Add(new Row("read", Note.Of($"greatest resident memory while {counts[2]:N0} points are read as {name}, against {counts[1]:N0}"), large / (double)small, "times")
            {
                Goal = Goal.Most(1.25),
                Note = Note.Of($"{before / 1e6:0} MB before; {small / 1e6:0} MB with {counts[1]:N0} points, {large / 1e6:0} MB with {counts[2]:N0}"),
            });
        }
    }

    private static (long Before, long Peak) Peak(Session session, LongSeries longs, string type, int which)
    {
        using var server = session.Start(longs.Place);
        using var connection = new Connection(server.Address);
        connection.Exchange(History(longs.All[0].Run, type), [], keepBody: false);
        var before = server.ResidentBytes;
        for (var i = 0; i < 2; i++)
            connection.Exchange(History(longs.All[which].Run, type), [], keepBody: false);
        return (before, server.PeakResidentBytes);
    }

    private static byte[] History(string run, string type) => Answers.Request("GET", $"/api/v1/runs/{run}/metrics/history?key={LongSeries.Key}", type);

    /// <summary>All pages, as MLflow's client asks for them.</summary>
    private static (long Points, long Bytes, int Pages) Walk(Connection connection, string run, bool count)
    {
        var (points, bytes, pages, token) = (0L, 0L, 0, "");
        do
        {
            connection.Send(Requests.Build("GET", $"/api/2.0/mlflow/metrics/get-history?run_uuid={run}&metric_key={LongSeries.Key}&run_id={run}&max_results={PageOfMlflow}{token}"));
            bytes += connection.Body.Length;
            pages++;
            points += count ? Answers.CountOf(connection.Body, "\"step\""u8) : 0;
            token = Next(connection.Body);
        }
        while (token.Length > 0);
        return (points, bytes, pages);
    }

    private static string Next(ReadOnlySpan<byte> body)
    {
        var name = "\"next_page_token\""u8;
        var at = body.LastIndexOf(name);
        if (at < 0)
            return "";
        var value = body[(at + name.Length)..];
        value = value[(value.IndexOf((byte)'"') + 1)..];
        return "&page_token=" + Uri.EscapeDataString(Encoding.UTF8.GetString(value[..value.IndexOf((byte)'"')]));
    }

    private static void CheckBytes(Connection connection, Series series)
    {
        var (points, sum) = Answers.Points(connection.Body);
        var expected = 0.0;
        foreach (var value in series.Values)
            expected += value;
        Session.Expect(points == series.Count && sum.Equals(expected), $"{points} points, sum {sum} of {expected}");
    }

    /// <summary>Every value has a comma or a bracket behind it, in three columns.</summary>
    private static void CheckLines(Connection connection, Series series)
    {
        var (commas, columns) = (connection.Body.Count((byte)','), connection.Body.Count((byte)'['));
        var documents = columns / 3;
        var between = documents * 2;
        Session.Expect(commas - between + columns == 3L * series.Count, $"{commas - between + columns} numbers in {documents} documents");
    }
}
