using System.Globalization;
using Runstone.Load.Http;

namespace Runstone.Load.Scenarios;

/// <summary>Reads of a long series.</summary>
internal static class Histories
{
    private const int Points = 100_000;

    public static void Run(Bench bench)
    {
        using var connection = bench.Server.Connect();
        var run = bench.Server.NewRun(connection).RunId;
        var (template, renew) = Logging.BatchTemplate(run, keys: 1);
        for (var step = 0; step < Points; step += Logging.BatchPoints)
        {
            renew(step);
            connection.Send(template.Bytes);
        }

        var whole = Requests.Build("GET", $"{TrackingTarget.Api}metrics/get-history?run_id={run}&metric_key=series0");
        connection.Send(whole);
        var points = Count(connection.Body, "\"step\""u8);
        if (points != Points)
            throw new InvalidOperationException($"The history has {points} of {Points} points");
        var size = string.Create(CultureInfo.InvariantCulture, $"{connection.Body.Length / 1e6:0.0} MB");
        bench.Latency("history of 100,000 points, one request", () => connection.Send(whole), size);
        var sampled = Requests.Build("GET",
            $"/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval?run_ids={run}&metric_key=series0&max_results=320");
        bench.Latency("320 points sampled of 100,000", () => connection.Send(sampled));
    }

    private static int Count(ReadOnlySpan<byte> text, ReadOnlySpan<byte> part)
    {
        var count = 0;
        for (var at = text.IndexOf(part); at >= 0; at = text.IndexOf(part))
        {
            count++;
            text = text[(at + part.Length)..];
        }

        return count;
    }
}
