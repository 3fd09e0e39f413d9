using System.Buffers;
using System.Security.Cryptography;
using Runstone.Core.Metrics;

namespace Runstone.Storage.Sql;

/// <summary>Writes the points of a batch to the log, and the newest values of a group at its end.</summary>
internal sealed class MetricWriter(IngestTarget target) : IDisposable
{
    /// <summary>A longer batch becomes several rows, so that no row is too long for memory or the engine.</summary>
    private const int MaxRowPoints = ArrivalRank.MaxRowPoints;

    private readonly MetricLogEncoder _encoder = new();
    private readonly SeriesDeltas _deltas = new();
    private long[] _keyIds = new long[16];
    private int[] _places = new int[16];

    public void Write(MetricBatch batch, RunState state)
    {
        if (batch.Points.IsEmpty)
            return;
        FindKeys(batch);
        var points = batch.Points.Span;
        MetricPoint[]? counted = null;
        if (HasUnset(points))
        {
            counted = ArrayPool<MetricPoint>.Shared.Rent(points.Length);
            points.CopyTo(counted);
            points = counted.AsSpan(0, points.Length);
        }

        Merge(points, counted, state);
        state.BecameUnsealed |= state.TailPoints == 0;
        state.TailPoints += points.Length;
        for (var at = 0; at < points.Length; at += MaxRowPoints)
        {
            var row = points.Slice(at, Math.Min(MaxRowPoints, points.Length - at));
            Append(_encoder.Encode(_keyIds.AsSpan(0, batch.Keys.Count), row), state);
        }

        for (var i = 0; i < batch.Texts.Count; i++)
        {
            ref readonly var point = ref points[batch.Texts[i].Point];
            target.AddText(state, _keyIds[point.Key], in point, batch.Texts[i].Text);
        }

        for (var i = 0; i < batch.Models.Count; i++)
        {
            ref readonly var point = ref points[batch.Models[i].Point];
            target.SetModelMetric(state, _keyIds[point.Key], in point, batch.Models[i]);
        }

        if (counted is not null)
            ArrayPool<MetricPoint>.Shared.Return(counted);
    }

    /// <summary>Writes the newest values of all series that the group touched.</summary>
    public void Flush()
    {
        var all = _deltas.Sorted();
        if (!all.IsEmpty)
            target.WriteLatest(all);
    }

    public void Clear() => _deltas.Clear();

    public void Dispose() => _encoder.Dispose();

    private void FindKeys(MetricBatch batch)
    {
        var count = batch.Keys.Count;
        if (_keyIds.Length < count)
            (_keyIds, _places) = (new long[count], new int[count]);
        for (var i = 0; i < count; i++)
        {
            _keyIds[i] = target.KeyId(batch.Keys[i]);
            _places[i] = -1;
        }
    }

    private static bool HasUnset(ReadOnlySpan<MetricPoint> points)
    {
        foreach (ref readonly var point in points)
        {
            if (!point.Step.IsSet)
                return true;
        }

        return false;
    }

    /// <summary>Adds the points to the newest values; <paramref name="counted"/> is the copy that takes the steps the store gives.</summary>
    private void Merge(ReadOnlySpan<MetricPoint> points, MetricPoint[]? counted, RunState state)
    {
        for (var i = 0; i < points.Length; i++)
        {
            var key = points[i].Key;
            if (_places[key] < 0)
                _places[key] = _deltas.Place(state.Number, _keyIds[key], state.Run.ExperimentId);
            ref var delta = ref _deltas.At(_places[key]);
            if (counted is not null && !points[i].Step.IsSet)
            {
                ReadStoredStep(ref delta);
                counted[i] = counted[i] with { Step = delta.NextStep() };
            }

            delta.Add(in points[i]);
        }
    }

    private void ReadStoredStep(ref SeriesDelta delta)
    {
        if (delta.StoredStepKnown)
            return;
        delta.StoredStep = target.LastStep(delta.RunNo, delta.KeyId);
        delta.StoredStepKnown = true;
    }

    private void Append(ReadOnlySpan<byte> payload, RunState state)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(payload, digest);
        target.AppendLog(state, payload, digest);
        state.NextSequence++;
    }
}
