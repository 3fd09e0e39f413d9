using System.Runtime.InteropServices;
using Runstone.Client.Outbox;
using Runstone.Protocol;

namespace Runstone.Client.Upload;

/// <summary>Points of a batch, in columns.</summary>
internal sealed class PointColumns(bool withSteps)
{
    private readonly List<string> _keys = [];
    private readonly Dictionary<string, int> _indexes = new(StringComparer.Ordinal);
    private readonly List<int> _key = [];
    private readonly List<long> _whole = [];
    private readonly List<int> _micros = [];
    private readonly List<long> _time = [];
    private readonly List<double> _value = [];
    private readonly MetricBatchWriter _writer = new();

    public int Count => _key.Count;

    public static decimal StepOf(in PointPayload point) => StepOf(point.Step, point.Micros);

    public void Add(string key, in PointPayload point)
    {
        if (!_indexes.TryGetValue(key, out var index))
        {
            _indexes.Add(key, index = _keys.Count);
            _keys.Add(key);
        }

        _key.Add(index);
        if (withSteps)
        {
            _whole.Add(point.Step);
            _micros.Add(point.Micros);
        }

        _time.Add(point.Time);
        _value.Add(point.Value);
    }

    /// <summary>For a request in JSON; null when there are no points.</summary>
    public MetricColumns? ToColumns() => Count == 0 ? null : new MetricColumns
    {
        Keys = [.. _keys],
        Key = [.. _key],
        Step = withSteps ? [.. _whole.Select((whole, i) => StepOf(whole, _micros[i]))] : null,
        Time = [.. _time],
        Value = [.. _value],
    };

    /// <summary>The body of a request in bytes, valid until the next call; empty when there are no points.</summary>
    public ReadOnlyMemory<byte> ToBytes(string runId, string source, long sequence)
    {
        _writer.Clear();
        if (Count == 0)
            return _writer.Written;
        _writer.Add(new MetricBatchColumns
        {
            RunId = runId,
            Source = source,
            Sequence = sequence,
            Keys = _keys,
            Key = CollectionsMarshal.AsSpan(_key),
            Steps = CollectionsMarshal.AsSpan(_whole),
            Micros = CollectionsMarshal.AsSpan(_micros),
            Times = CollectionsMarshal.AsSpan(_time),
            Values = CollectionsMarshal.AsSpan(_value),
        });
        return _writer.Written;
    }

    public void Clear()
    {
        _keys.Clear();
        _indexes.Clear();
        _key.Clear();
        _whole.Clear();
        _micros.Clear();
        _time.Clear();
        _value.Clear();
    }

    private static decimal StepOf(long whole, int micros) => micros <= 0 ? whole : whole + (micros / 1_000_000m);
}
