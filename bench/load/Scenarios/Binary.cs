using System.Text;
using Runstone.Load.Http;
using Runstone.Protocol;

namespace Runstone.Load.Scenarios;

/// <summary>
/// Writes as bytes (docs/formats/metric-batch.md), which only Runstone takes. The limit program gets the same bytes, reads the points and commits the
/// bytes as they came. Making
/// a batch costs its client little: the codec is that of the SDK.
/// </summary>
internal static class Binary
{
    public const int BatchPoints = 10_000;

    private const int Keys = 10;
    private const int Variants = 16;

    /// <summary>10,000 points a request: 10 series of 1,000 steps.</summary>
    public static void Run(Bench bench) =>
        bench.Rate("10,000 points a request as bytes, 8 clients", "points/s", 8, BatchPoints, Batch);

    public static Action Batch(Target target, Connection connection, int client)
    {
        var run = target.NewRun(connection).RunId;
        var random = new Random(client);
        var columns = new Columns(random);
        var writer = new MetricBatchWriter();
        var sequence = 0L;
        return () =>
        {
            writer.Clear();
            columns.Renew(sequence * (BatchPoints / Keys));
            writer.Add(columns.ToBatch(run, sequence++));
            var body = writer.Written;
            connection.Exchange(Head(body.Length), body.Span, keepBody: true);
            if (connection.Status != 200 || connection.Body.IndexOf("\"error\""u8) >= 0)
                throw new InvalidOperationException($"The server answered {connection.Status}: {Encoding.UTF8.GetString(connection.Body)}");
        };
    }

    private static byte[] Head(int length) => Encoding.UTF8.GetBytes(
        $"POST /api/v1/metrics/batches HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {MetricBatchFormat.MediaType}\r\nContent-Length: {Text.Of(length)}\r\n\r\n");

    /// <summary>Ten curves that fall, with noise, a step every 50 ms.</summary>
    private sealed class Columns(Random random)
    {
        private static readonly string[] Names = [.. Enumerable.Range(0, Keys).Select(i => $"series{Text.Of(i)}")];

        private readonly int[] _key = [.. Enumerable.Range(0, BatchPoints).Select(i => i % Keys)];
        private readonly long[] _steps = new long[BatchPoints];
        private readonly long[] _times = new long[BatchPoints];
        private readonly double[] _values = [.. Enumerable.Range(0, BatchPoints).Select(_ => 0.7 + (random.NextDouble() / 10))];
        private readonly double[] _noise = [.. Enumerable.Range(0, Variants).Select(_ => random.NextDouble() / 1000)];

        public void Renew(long first)
        {
            var noise = _noise[(int)(first / (BatchPoints / Keys) % Variants)];
            for (var i = 0; i < BatchPoints; i++)
            {
                _steps[i] = first + (i / Keys);
                _times[i] = 1_700_000_000_000 + (_steps[i] * 50);
                _values[i] += noise;
            }
        }

        public MetricBatchColumns ToBatch(string run, long sequence) => new()
        {
            RunId = run,
            Source = "load",
            Sequence = sequence,
            Keys = Names,
            Key = _key,
            Steps = _steps,
            Times = _times,
            Values = _values,
        };
    }
}
