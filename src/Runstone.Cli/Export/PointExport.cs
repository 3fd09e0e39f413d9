using System.Globalization;
using System.Runtime.CompilerServices;
using Runstone.Cli.Output;
using Runstone.Client;
using Runstone.Protocol;

namespace Runstone.Cli.Export;

/// <summary>A point of a metric, as <c>runs export --history</c> writes it.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Key">The metric.</param>
/// <param name="Step">Where in the series, up to six decimals.</param>
/// <param name="Time">Unix milliseconds.</param>
/// <param name="Value">The value; "NaN", "Infinity", "-Infinity" as text.</param>
internal sealed record PointLine(string RunId, string Key, decimal Step, long Time, double Value);

/// <summary>Every point of the metrics of runs, one series after the other.</summary>
internal static class PointExport
{
    public static async IAsyncEnumerable<PointLine> ReadAsync(
        TrackingClient client, IAsyncEnumerable<RunRow> runs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var run in runs.WithCancellation(cancellationToken))
        {
            foreach (var key in run.Metrics.Keys.Order(StringComparer.Ordinal))
            {
                var history = await client.Metrics.GetHistoryAsync(run.Info.Id, key, cancellationToken: cancellationToken);
                for (var i = 0; i < history.Step.Count; i++)
                    yield return new PointLine(run.Info.Id, key, history.Step[i], history.Time[i], history.Value[i]);
            }
        }
    }

    public static async Task WriteCsvAsync(IAsyncEnumerable<PointLine> points, TextWriter writer, CancellationToken cancellationToken)
    {
        await CsvText.WriteRowAsync(writer, ["run_id", "key", "step", "time", "value"]);
        await foreach (var point in points.WithCancellation(cancellationToken))
        {
            await CsvText.WriteRowAsync(
                writer, [point.RunId, point.Key, point.Step.ToString(CultureInfo.InvariantCulture), Say.Time(point.Time), Say.Exact(point.Value)]);
        }
    }
}
