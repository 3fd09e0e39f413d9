using System.Text;
using System.Text.Json;
using Runstone.Load;
using Runstone.Load.Http;
using Runstone.Protocol;

namespace Runstone.MetricsBench.Lines;

/// <summary>A run that wrote much to its console: its last screen, one in its middle, and searches that look at all of it.</summary>
internal static class Consoles
{
    private const string Run = "bench-console";
    private const string Address = $"/api/v1/runs/{Run}/console";
    private const int LinesOfAppend = 10_000;
    private const int Screen = 200;

    /// <summary>Stands in the last line only.</summary>
    private const string Needle = "CUDA out of memory";

    private const string NeedleRegex = @"CUDA.*memory$";

    public static void Measure(Session session)
    {
        using var place = session.Engine.NewPlace();
        using var server = session.Start(place);
        using var limits = Session.StartLimits(place);
        using var connection = new Connection(server.Address);
        using var bare = new Connection(limits.Address);
        var text = Write(session, server, connection);
        var (size, lines) = (Note.Of($"{text.Length / 1e6:0} MB"), text.AsSpan().Count((byte)'\n'));
        Read("the last 200 lines", $"?tail={Screen}", Goal.Most(100));
        Read("200 lines in the middle", $"?from={Text.Of(lines / 2)}&limit={Screen}", Goal.Most(100));
        Search("a text", $"q={Uri.EscapeDataString(Needle)}");
        Search("a text in either case", $"q={Uri.EscapeDataString(Needle)}&ignoreCase=true");
        Search("a regular expression", $"q={Uri.EscapeDataString(NeedleRegex)}&regex=true");

        void Read(string what, string query, Goal goal)
        {
            var request = Requests.Build("GET", $"{Address}{query}");
            connection.Send(request);
            var page = JsonSerializer.Deserialize(connection.Body, RunstoneJson.Default.ConsolePage)!;
            Session.Expect(page.Total == lines && page.Lines.Count == Screen, $"{page.Lines.Count} lines of {page.Total}");
            var bytes = connection.Body.Length;
            var row = session.Time("console", $"{what} of {size}", () => session.Used(server), () => connection.Exchange(request, [], keepBody: false), Session.Answer(bare, bytes));
            session.Page.Add(row with { Goal = goal, Note = Note.Of($"{row.Note}, {bytes / 1024:N0} KiB") });
        }

        void Search(string what, string query)
        {
            var needle = Encoding.UTF8.GetBytes(Needle);
            var row = session.Time("console", $"search of {size} for {what} that only its last line has", () => session.Used(server),
                () => Session.Expect(Find(connection, query) == lines - 1, $"the last line was not found"),
                () => Session.Expect(text.AsSpan().IndexOf(needle) > 0, $"the text is not there"));
            session.Page.Add(row with { Goal = Goal.Most(2000), Note = Note.Of($"{row.Note}; the limit looks for the text in memory") });
        }
    }

    /// <summary>Appends all of it, says how fast that was, and returns it.</summary>
    private static byte[] Write(Session session, ServerProcess server, Connection connection)
    {
        connection.Send(Requests.Build("POST", "/api/v1/runs", $$"""{"experiment":"bench-console","id":"{{Run}}"}"""));
        var (count, seconds, before) = (session.Options.Size(1_400_000, 30_000), 0.0, session.Used(server));
        using var text = new MemoryStream();
        for (var at = 0; at < count; at += LinesOfAppend)
        {
            var lines = Enumerable.Range(at, LinesOfAppend).Select(i => Line(i, count)).ToArray();
            foreach (var line in lines)
                text.Write(Encoding.UTF8.GetBytes(line + "\n"));
            var request = Requests.Build("POST", Address, JsonSerializer.Serialize(
                new AppendConsoleRequest { Lines = [.. lines.Select(l => new NewConsoleLine { Text = l })] }, RunstoneJson.Default.AppendConsoleRequest));
            seconds += Bench.Seconds(() => connection.Send(request));
        }

        var used = session.Used(server).Zip(before, (a, b) => (a - b).TotalMilliseconds * LinesOfAppend / count).ToArray();
        session.Page.Add(new Row("console", Note.Of($"{text.Length / 1e6:0} MB appended, {LinesOfAppend:N0} lines a request, 1 client"), text.Length / 1e6 / seconds, "MB/s")
        {
            Server = used[0],
            Database = session.Engine.IsPostgres ? used[1] : null,
            Note = "one round",
        });
        return text.ToArray();
    }

    /// <summary>As a training writes: much the same, with numbers that do not repeat.</summary>
    private static string Line(int i, int count) => i == count - 1
        ? $"RuntimeError: {Needle}"
        : Note.Of($"[epoch {i / 10_000,3}] step {i % 10_000,5}/10000 loss {2.5 / (1 + (i * 1e-4)) + (i * 2654435761 % 1000 / 9e3):0.000000} lr {1e-3 * (1 - (i / (double)count)):0.0000000} {900 + (i * 40503L % 211)} samples/s");

    /// <summary>The number of the line that is found, going on until all were looked at.</summary>
    private static long Find(Connection connection, string query)
    {
        var (found, from) = (-1L, 0L);
        for (long? next = 0; next is not null; from = next ?? 0)
        {
            connection.Send(Requests.Build("GET", $"{Address}/search?{query}&from={Text.Of(from)}"));
            var list = JsonSerializer.Deserialize(connection.Body, RunstoneJson.Default.ConsoleMatchList)!;
            found = list.Matches is [.., var last] ? last.Line : found;
            next = list.Next;
        }

        return found;
    }
}
