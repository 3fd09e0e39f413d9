using System.Globalization;
using System.Text;
using Runstone.Load.Http;

namespace Runstone.Load.Scenarios;

/// <summary>Writes: single points, batches, runs. Each answer means that the bytes are durable.</summary>
internal static class Logging
{
    public const int BatchPoints = 1000;

    /// <summary>One point a request, each client on a run of its own.</summary>
    public static void Points(Bench bench)
    {
        foreach (var clients in (int[])[1, 8, 64])
            bench.Rate($"one point a request, {Count(clients)}", "requests/s", clients, 1, Point);
    }

    /// <summary>1,000 points a request: 10 series of 100 steps.</summary>
    public static void Batches(Bench bench) =>
        bench.Rate("1,000 points a request, 8 clients", "points/s", 8, BatchPoints, (target, connection, _) => Batch(target, connection, keys: 10));

    /// <summary>Creating a run and finishing it, two requests.</summary>
    public static void Runs(Bench bench)
    {
        foreach (var clients in (int[])[1, 8])
            bench.Rate($"create and finish a run, {Count(clients)}", "runs/s", clients, 1, CreateAndFinish);
    }

    /// <summary>The request of a batch, and how to give it new steps and values.</summary>
    public static (Template Request, Action<long> Renew) BatchTemplate(string runId, int keys)
    {
        var body = new StringBuilder($"{{\"run_id\":\"{runId}\",\"metrics\":[");
        for (var i = 0; i < BatchPoints; i++)
        {
            var time = 1_700_000_000_000 + i;
            body.Append(i == 0 ? "" : ",").Append(CultureInfo.InvariantCulture,
                $$"""{"key":"series{{i % keys}}","value":0.7215########31,"timestamp":{{time}},"step":1########}""");
        }

        var template = new Template("POST", TrackingTarget.Api + "runs/log-batch", body.Append("]}").ToString());
        var random = new Random(1);
        return (template, Renew);

        void Renew(long first)
        {
            for (var i = 0; i < BatchPoints; i++)
            {
                template.Set(2 * i, random.Next(100_000_000));
                template.Set((2 * i) + 1, first + (i / keys));
            }
        }
    }

    public static string Count(int clients) => clients == 1 ? "1 client" : $"{Text.Of(clients)} clients";

    public static Action Point(Target target, Connection connection, int client)
    {
        var run = target.NewRun(connection);
        var template = new Template("POST", TrackingTarget.Api + "runs/log-metric",
            $"{{\"run_id\":\"{run.RunId}\",\"key\":\"loss\",\"value\":0.7215########31,\"timestamp\":17000########,\"step\":1########}}");
        var (random, step) = (new Random(client), 0L);
        return () =>
        {
            template.Set(0, random.Next(100_000_000));
            template.Set(1, step);
            template.Set(2, step++);
            connection.Send(template.Bytes);
        };
    }

    /// <summary>1,000 points a request, of so many series.</summary>
    public static Action Batch(Target target, Connection connection, int keys)
    {
        var (template, renew) = BatchTemplate(target.NewRun(connection).RunId, keys);
        var step = 0L;
        return () =>
        {
            renew(step);
            step += BatchPoints / keys;
            connection.Send(template.Bytes);
        };
    }

    private static Action CreateAndFinish(Target target, Connection connection, int client)
    {
        var example = target.NewRun(connection).RunId;
        var create = Requests.Build("POST", TrackingTarget.Api + "runs/create",
            "{\"experiment_id\":\"0\",\"start_time\":1700000000000,\"run_name\":\"load\",\"tags\":[{\"key\":\"team\",\"value\":\"load\"}]}");
        return () =>
        {
            connection.Send(create);
            var id = RunIdOf(connection.Body) ?? example;
            connection.Send(Requests.Build("POST", TrackingTarget.Api + "runs/update",
                $"{{\"run_id\":\"{id}\",\"status\":\"FINISHED\",\"end_time\":1700000001000}}"));
        };
    }

    private static string? RunIdOf(ReadOnlySpan<byte> answer)
    {
        var at = answer.IndexOf("\"run_id\""u8);
        if (at < 0)
            return null;
        var value = answer[(at + "\"run_id\""u8.Length)..];
        value = value[(value.IndexOf((byte)'"') + 1)..];
        return Encoding.UTF8.GetString(value[..value.IndexOf((byte)'"')]);
    }
}
