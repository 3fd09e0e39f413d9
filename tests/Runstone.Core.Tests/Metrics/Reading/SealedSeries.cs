using CsCheck;
using Runstone.Core.Metrics;
using Runstone.Core.Metrics.Chunks;
using Runstone.Core.Metrics.Frames;
using Runstone.Core.Metrics.Reading;
using Runstone.Core.Tests.Metrics.Chunks;

namespace Runstone.Core.Tests.Metrics.Reading;

/// <summary>A series of which a part lies in chunks and the rest, which may repeat points of chunks, is loose.</summary>
internal sealed class SealedSeries
{
    private readonly List<(KnownChunk Chunk, byte[] Payload)> _chunks = [];

    private SealedSeries(SeriesPoints all) => All = all;

    /// <summary>Every point once, sorted by step.</summary>
    public SeriesPoints All { get; }

    public SeriesPoints Loose { get; } = new();

    public IEnumerable<KnownChunk> Chunks => _chunks.Select(c => c.Chunk);

    /// <summary>Series of up to <paramref name="most"/> points, cut in many ways.</summary>
    public static Gen<SealedSeries> Of(int most) =>
        from points in ChunkGens.Series(most)
        from seed in Gen.Int
        from looseOf in Gen.Int[0, 4]
        from size in Gen.Int[1, 1500]
        from rollups in Gen.Bool
        select Cut(points, new Random(seed), looseOf, size, rollups);

    /// <summary>Cuts sorted points into chunks of about <paramref name="size"/> points, one in <paramref name="looseOf"/> squared left loose.</summary>
    public static SealedSeries Cut(SeriesPoints points, Random random, int looseOf, int size, bool rollups)
    {
        var series = new SealedSeries(points);
        var kept = new SeriesPoints();
        for (var i = 0; i < points.Count; i++)
        {
            var loose = looseOf > 0 && random.Next(looseOf * looseOf) == 0;
            if (!loose || random.Next(3) == 0)
                kept.Add(points[i], points.Ranks[i]);
            if (loose)
                series.Loose.Add(points[i], points.Ranks[i]);
        }

        using var encoder = new ChunkEncoder();
        for (var at = 0; at < kept.Count;)
        {
            var count = Math.Min(kept.Count - at, random.Next(1, size + 1));
            var encoded = encoder.Encode(kept, at, count);
            series.Add(encoded.Payload.ToArray(), ChunkSummary.Read(encoded.Summary), rollups);
            at += count;
        }

        return series;
    }

    public SeriesOutline Outline(PointAxis axis)
    {
        var loose = new SeriesPoints();
        loose.AddRange(Loose, 0, Loose.Count);
        var outline = new SeriesOutline(axis, loose);
        foreach (var chunk in Chunks)
            outline.Add(chunk);
        outline.Close();
        return outline;
    }

    /// <summary>Draws as a store does; the chunks come in any order.</summary>
    public (SeriesFrame Frame, int Decoded) Draw(PointAxis axis, int buckets, double? from, double? to, FrameDrawing drawing)
    {
        var outline = Outline(axis);
        if (outline.Range is not { } range)
            return (SeriesFrame.Empty, 0);
        foreach (var missing in outline.Plan(new FrameScale(from ?? range.From, to ?? range.To, buckets), exactly: true))
            outline.Complete(Summary(missing));
        var payloads = outline.PlanPayloads().ToArray();
        Random.Shared.Shuffle(payloads);
        drawing.Begin(outline);
        foreach (var chunk in payloads)
            drawing.Add(chunk, Points(chunk));
        drawing.End();
        return (drawing.Build(), payloads.Length);
    }

    public SeriesPoints Points(KnownChunk chunk)
    {
        using var decoder = new ChunkDecoder();
        var points = new SeriesPoints();
        decoder.Decode(_chunks.Find(c => c.Chunk.No == chunk.No).Payload, points);
        return points;
    }

    private ChunkSummary Summary(KnownChunk chunk)
    {
        using var encoder = new ChunkEncoder();
        var points = Points(chunk);
        return ChunkSummary.Read(encoder.Encode(points, 0, points.Count).Summary);
    }

    private void Add(byte[] payload, ChunkSummary summary, bool rollups)
    {
        var no = _chunks.Count + 1;
        _chunks.Add((rollups ? KnownChunk.Of(ChunkRollup.Read(ChunkRollup.Encode([(no, summary)])), 0) : KnownChunk.Of(no, summary), payload));
    }
}
