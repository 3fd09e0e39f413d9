using System.Runtime.InteropServices;
using Runstone.Client.Outbox;
using Runstone.Protocol;

namespace Runstone.Client.Upload;

/// <summary>Points of a batch, in columns.</summary>
internal sealed class PointColumns(bool withSteps)
{
    private readonly List<string> _keys = [];
    private readonly Dictionary<uint, int> _indexes = [];
    private readonly List<int> _key = [];
    private readonly List<long> _whole = [];
    private readonly List<int> _micros = [];
    private readonly List<long> _time = [];
    private readonly ExactValues _value = [];
    private MetricBatchWriter _writer = new();

    public int Count => _key.Count;

    public static decimal StepOf(in PointPayload point) => StepOf(point.Step, point.Micros);

    /// <summary>Adds a point whose key is among those of the batch; false when it is not.</summary>
    public bool TryAdd(in PointPayload point, RecordType type)
    {
        if (!_indexes.TryGetValue(point.Key, out var index))
            return false;
        _key.Add(index);
        if (withSteps)
        {
            _whole.Add(point.Step);
            _micros.Add(point.Micros);
        }

        _time.Add(point.Time);
        if (type == RecordType.Integer)
            _value.Add(point.Whole);
        else
            _value.Add(point.Value);
        return true;
    }

    /// <summary>Adds a key to those of the batch; it has one number all over an outbox.</summary>
    public void AddKey(string name, uint number)
    {
        _indexes.Add(number, _keys.Count);
        _keys.Add(name);
    }

    /// <summary>For a request in JSON; null when there are no points.</summary>
    public MetricColumns? ToColumns() => Count == 0 ? null : new MetricColumns
    {
        Keys = [.. _keys],
        Key = [.. _key],
        Step = withSteps ? [.. _whole.Select((whole, i) => StepOf(whole, _micros[i]))] : null,
        Time = [.. _time],
        Value = _value.Copy(),
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

    /// <summary>Gives back what more points than these needed, once they are cleared.</summary>
    public void Trim(int points)
    {
        if (_key.Capacity <= points * 2)
            return;
        _key.Capacity = _whole.Capacity = _micros.Capacity = _time.Capacity = _value.Capacity = 0;
        _writer = new MetricBatchWriter();
    }

    private static decimal StepOf(long whole, int micros) => micros <= 0 ? whole : whole + (micros / 1_000_000m);
}
