using System.Globalization;
using Runstone.Codecs.Contenders;
using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Chunks;

namespace Runstone.Codecs;

/// <summary>The tables, as Markdown.</summary>
internal static class Tables
{
    /// <summary>What a row takes in the database beside payload and summary, roughly.</summary>
    private const int RowBytes = 120;

    public static void Sizes(Curve[] curves, ICoding[] codings)
    {
        Console.WriteLine($"| bytes a value | {string.Join(" | ", codings.Select(c => c.Name))} |");
        Console.WriteLine($"|---|{string.Concat(codings.Select(_ => "---|"))}");
        foreach (var curve in curves)
            Console.WriteLine($"| {curve.Name} | {string.Join(" | ", codings.Select(c => Size(c, curve.Values).ToString("0.00", CultureInfo.InvariantCulture)))} |");
        Console.WriteLine();
    }

    public static void Speeds(Curve[] curves, ICoding[] codings)
    {
        Console.WriteLine($"| ns a value, encode / decode | {string.Join(" | ", codings.Select(c => c.Name))} |");
        Console.WriteLine($"|---|{string.Concat(codings.Select(_ => "---|"))}");
        foreach (var curve in curves)
            Console.WriteLine($"| {curve.Name} | {string.Join(" | ", codings.Select(c => Speed(c, curve.Values)))} |");
        Console.WriteLine();
    }

    public static void Chunks(Curve[] curves)
    {
        Console.WriteLine("| whole chunk: steps 0, 1, 2..., times every 250 ms (sigma 2 ms) with a pause now and then | bytes a point in all | payload | summary | encode ns | decode ns |");
        Console.WriteLine("|---|---|---|---|---|---|");
        using var encoder = new ChunkEncoder();
        using var decoder = new ChunkDecoder();
        var times = Curves.Times(new Random(5), 250, 2);
        // The first round compiles.
        var warm = 0;
        foreach (var curve in curves.Concat(curves))
        {
            var points = new SeriesPoints();
            for (var i = 0; i < curve.Values.Length; i++)
                points.Add(new SeriesPoint(new Step(i), times[i], curve.Values[i]), i);
            var count = points.Count;
            var chunk = encoder.Encode(points, 0, count);
            var payload = chunk.Payload.ToArray();
            var (payloadLength, summary) = (payload.Length, chunk.Summary.Length);
            var read = new SeriesPoints();
            var encode = Clock.Nanoseconds(() => encoder.Encode(points, 0, count)) / count;
            var decode = Clock.Nanoseconds(() =>
            {
                read.Clear();
                decoder.Decode(payload, read);
            }) / count;
            if (warm++ < curves.Length)
                continue;
            var all = (double)(payloadLength + summary + RowBytes) / count;
            Console.WriteLine($"| {curve.Name} | {all:0.00} | {(double)payloadLength / count:0.00} | {(double)summary / count:0.000} | {encode:0.0} | {decode:0.0} |");
        }

        Console.WriteLine();
    }

    public static void Packs(List<Recorded> recorded, Training training)
    {
        Console.WriteLine("| recorded runs, short series in packs | series | points | bytes | bytes a point | 20 bytes a point and Zstd 9 |");
        Console.WriteLine("|---|---|---|---|---|---|");
        using var encoder = new ChunkEncoder();
        foreach (var file in recorded.GroupBy(r => r.Name.Split(' ')[0].Split('/')[0], StringComparer.Ordinal))
        {
            var (series, points, bytes, plain) = (0, 0, 0, 0);
            foreach (var run in file.GroupBy(r => r.Name.Split(' ')[0], StringComparer.Ordinal))
            {
                foreach (var group in run.Chunk(ChunkEncoder.MaxPackSeries))
                {
                    var pack = group.Select((r, i) => ((long)i, Points(r))).ToList();
                    series += pack.Count;
                    points += pack.Sum(p => p.Item2.Count);
                    bytes += encoder.EncodePack(pack).Length;
                    plain += PlainBytes(pack);
                }
            }

            Console.WriteLine($"| {file.Key} | {series} | {points} | {bytes} | {(double)bytes / points:0.0} | {(double)plain / points:0.0} |");
        }

        var mixed = Mixed(training);
        var mixedPoints = mixed.Sum(p => p.Item2.Count);
        var mixedBytes = encoder.EncodePack(mixed).Length;
        Console.WriteLine($"| trained, 64 series of 300 steps and 5 kinds | 64 | {mixedPoints} | {mixedBytes} | {(double)mixedBytes / mixedPoints:0.0} | {(double)PlainBytes(mixed) / mixedPoints:0.0} |");
        Console.WriteLine();
    }

    /// <summary>What stands beside chunks: summaries, rollups, packs, sorting.</summary>
    public static void Rest(Training training)
    {
        using var encoder = new ChunkEncoder();
        using var decoder = new ChunkDecoder();
        var random = new Random(3);
        var times = Curves.Times(random, 250, 2);
        var points = new SeriesPoints();
        for (var i = 0; i < Curves.Points; i++)
            points.Add(new SeriesPoint(new Step(i), times[i], training.Loss[i]), i);
        var summary = encoder.Encode(points, 0, points.Count).Summary.ToArray();
        var chunks = Enumerable.Range(0, ChunkRollup.MaxChunks).Select(i => ((long)i, ChunkSummary.Read(summary))).ToList();
        var rollup = ChunkRollup.Encode(chunks);
        var pack = Mixed(training);
        var packed = encoder.EncodePack(pack).ToArray();
        var packPoints = pack.Sum(p => p.Item2.Count);
        int[] order = [.. Enumerable.Range(0, 65_536)];
        random.Shuffle(order);
        var shuffled = new SeriesPoints();

        Console.WriteLine("| the rest | microseconds |");
        Console.WriteLine("|---|---|");
        Row("read a summary of 32 blocks", () => ChunkSummary.Read(summary));
        Row("read a rollup of 256 chunks", () => ChunkRollup.Read(rollup));
        Row("write a rollup of 256 chunks", () => ChunkRollup.Encode(chunks));
        Row($"write a pack of 64 series, {packPoints} points", () => encoder.EncodePack(pack));
        Row($"open a pack of 64 series, {packPoints} points", () => decoder.OpenPack(packed));
        Row("look through 8,192 points in order", points.SortByStep);
        Row("add and sort 65,536 points in any order", () =>
        {
            shuffled.Clear();
            foreach (var i in order)
                shuffled.Add(new SeriesPoint(new Step(i), i, i), i);
            shuffled.SortByStep();
        });
        Console.WriteLine();
    }

    private static void Row(string name, Action action)
    {
        Clock.Nanoseconds(action);
        Console.WriteLine($"| {name} | {Clock.Nanoseconds(action) / 1000:0.0} |");
    }

    private static List<(long, SeriesPoints)> Mixed(Training training)
    {
        List<double>[] kinds = [training.Loss, training.GradientNorm, training.Accuracy, training.Rate, training.MeanLoss];
        var times = Curves.Times(new Random(5), 250, 2);
        var pack = new List<(long, SeriesPoints)>();
        for (var i = 0; i < ChunkEncoder.MaxPackSeries; i++)
        {
            var points = new SeriesPoints();
            for (var step = 0; step < 300; step++)
                points.Add(new SeriesPoint(new Step(step), times[step], kinds[i % kinds.Length][(i * 300) + step]), step);
            pack.Add((i, points));
        }

        return pack;
    }

    private static SeriesPoints Points(Recorded recorded)
    {
        var points = new SeriesPoints();
        foreach (var (step, time, value) in recorded.Points.Take(ChunkEncoder.MaxPackPoints))
            points.Add(new SeriesPoint(new Step(step), time, value), points.Count);
        points.SortByStep();
        return points;
    }

    private static int PlainBytes(List<(long, SeriesPoints)> pack)
    {
        var stream = new MemoryStream();
        var writer = new BinaryWriter(stream);
        foreach (var (_, points) in pack)
        {
            foreach (var step in points.Steps)
                writer.Write(step);
            foreach (var time in points.Times)
                writer.Write(time);
            foreach (var value in points.Values)
                writer.Write(value);
        }

        using var compressor = new ZstdSharp.Compressor(9);
        return compressor.Wrap(stream.ToArray()).Length;
    }

    private static double Size(ICoding coding, double[] values)
    {
        var bytes = new byte[(values.Length * 16) + 4096];
        var length = coding.Encode(values, bytes);
        var back = new double[values.Length];
        coding.Decode(bytes.AsSpan(0, length), back);
        for (var i = 0; i < values.Length; i++)
        {
            if (BitConverter.DoubleToInt64Bits(values[i]) != BitConverter.DoubleToInt64Bits(back[i]))
                throw new InvalidDataException($"{coding.Name} does not give value {i} back.");
        }

        return (double)length / values.Length;
    }

    private static string Speed(ICoding coding, double[] values)
    {
        var bytes = new byte[(values.Length * 16) + 4096];
        var length = coding.Encode(values, bytes);
        var back = new double[values.Length];
        var encode = Clock.Nanoseconds(() => coding.Encode(values, bytes)) / values.Length;
        var decode = Clock.Nanoseconds(() => coding.Decode(bytes.AsSpan(0, length), back)) / values.Length;
        return $"{encode:0.0} / {decode:0.0}";
    }
}
