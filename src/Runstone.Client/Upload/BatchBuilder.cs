using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Runstone.Client.Outbox;
using Runstone.Protocol;

namespace Runstone.Client.Upload;

/// <summary>
/// Merges consecutive records into requests. Creation, environment and end stand alone; files are left to the file lane.
/// </summary>
internal sealed class BatchBuilder(OutboxReader reader, string runId, string source, PointsCall points)
{
    /// <summary>Bytes of records with lines of the console in one request.</summary>
    private const int MaxConsoleBytes = 1 << 20;

    /// <summary>Lines of one request; a record has far fewer than may be added to these.</summary>
    private const int MaxConsoleLines = 5_000;

    private const int MaxFactBytes = 512 * 1024;

    /// <summary>Media items that the server takes in a request.</summary>
    private const int MaxMedia = 1000;

    /// <summary>So many points may travel with facts, in JSON; more of them go in a request of their own, as bytes.</summary>
    private const int PointsWithFacts = 256;

    /// <summary>Points of a request in JSON, which a server that is older than the bytes parses one by one.</summary>
    private const int PointsInJson = 5_000;

    // The two requests of a batch have sources of their own: when one is kept and the other refused, the halves of the refused one
    // have lower numbers than the one that was kept, and would pass for its replays.
    private readonly string _steppedSource = source + ".s";
    private readonly string _consoleSource = source + ".c";
    private readonly PointColumns _stepped = new(withSteps: true);
    private readonly PointColumns _unstepped = new(withSteps: false);
    private readonly Dictionary<string, string> _params = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _tags = new(StringComparer.Ordinal);
    private readonly List<DatasetInputInfo> _inputs = [];
    private readonly List<NewConsoleLine> _lines = [];
    private readonly List<MediaItemRequest> _media = [];
    private LogRequest _facts = new();
    private int _factBytes;
    private int _consoleBytes;
    private int _maxPoints;
    private bool _hasIntegers;

    private int PointCount => _stepped.Count + _unstepped.Count;

    /// <summary>
    /// The next batch: at most <paramref name="maxRecords"/> with <paramref name="maxPoints"/> points, or exactly up to <paramref name="until"/> when that is given; null
    /// at the present end of the log.
    /// </summary>
    public UploadBatch? Next(int maxRecords, int maxPoints, OutboxPosition? until)
    {
        var batch = new UploadBatch(reader.Position);
        Clear();
        _maxPoints = points.IsMissing ? Math.Min(maxPoints, PointsInJson) : maxPoints;
        while (batch.Records < maxRecords && (until is null || batch.End.Ordinal < until.Value.Ordinal))
        {
            var before = reader.Position;
            if (!reader.TryRead(out var record))
                break;
            if (!TryTake(batch, record, until is not null))
            {
                reader.Rewind(before);
                break;
            }

            batch.End = reader.Position;
            batch.LastType = record.Type;
            if (batch.Records == 1)
                batch.Text = Describe(record);
            if (batch.Create is not null || batch.Environment is not null || batch.EndsRun)
                break;
        }

        if (batch.End == batch.Start)
            return null;
        if (_lines.Count > 0)
            batch.Console = new AppendConsoleRequest { Lines = [.. _lines], Source = _consoleSource, Sequence = batch.Sequence(0) };
        if (_factBytes > 0 || _hasIntegers || points.IsMissing)
            UseJson(batch);
        else
            UseBytes(batch);
        return batch;
    }

    private bool TryTake(UploadBatch batch, in OutboxRecord record, bool ignoreLimits)
    {
        var isFirst = batch.End == batch.Start;
        switch (record.Type)
        {
            case RecordType.Point or RecordType.Integer:
                return TryTakePoint(record, ignoreLimits);
            case RecordType.Facts:
                return TryTakeFacts(record.Payload, ignoreLimits);
            case RecordType.Console:
                return TryTakeLines(record.Payload, ignoreLimits);
            case RecordType.Create when isFirst:
                batch.Create = Parse(record.Payload, RunstoneJson.Default.CreateRunRequest);
                return true;
            case RecordType.Environment when isFirst:
                batch.Environment = Parse(record.Payload, RunstoneJson.Default.RunEnvironment);
                return true;
            case RecordType.End when isFirst:
                batch.EndsRun = true;
                return TryTakeFacts(record.Payload, ignoreLimits: true);
            case RecordType.Create or RecordType.Environment or RecordType.End:
                return false;
            default:
                // Key names are taken by the reader, files by their own lane.
                return true;
        }
    }

    private bool TryTakePoint(in OutboxRecord record, bool ignoreLimits)
    {
        // Bytes have doubles only, so what comes with such an integer goes as JSON too.
        if (record.Type == RecordType.Integer && !_hasIntegers)
        {
            if (!ignoreLimits && PointCount >= PointsInJson)
                return false;
            _hasIntegers = true;
            _maxPoints = Math.Min(_maxPoints, PointsInJson);
        }


        if (!ignoreLimits && PointCount >= (_factBytes > 0 && !points.IsMissing ? Math.Min(_maxPoints, PointsWithFacts) : _maxPoints))
            return false;
        var point = System.Runtime.InteropServices.MemoryMarshal.Read<PointPayload>(record.Payload);
        var columns = point.Micros == PointPayload.NoStep ? _unstepped : _stepped;
        if (columns.TryAdd(point, record.Type) || reader.KeyName(point.Key) is not { } key)
            return true;
        columns.AddKey(key, point.Key);
        return columns.TryAdd(point, record.Type);
    }

    private bool TryTakeLines(ReadOnlySpan<byte> payload, bool ignoreLimits)
    {
        if (!ignoreLimits && (_consoleBytes > MaxConsoleBytes || _lines.Count >= MaxConsoleLines))
            return false;
        _consoleBytes += payload.Length;
        _lines.AddRange(Parse(payload, RunstoneJson.Default.AppendConsoleRequest)?.Lines ?? []);
        return true;
    }

    private bool TryTakeFacts(ReadOnlySpan<byte> payload, bool ignoreLimits)
    {
        if (!ignoreLimits && ((_factBytes > 0 && _factBytes + payload.Length > MaxFactBytes) || (!points.IsMissing && PointCount > PointsWithFacts)))
            return false;
        var facts = Parse(payload, RunstoneJson.Default.LogRequest);
        if (facts is null)
            return true;
        if (!ignoreLimits && facts.Media is not null && _media.Count >= MaxMedia)
            return false;
        // A param with two values is one refusal; it must not take the first value with it.
        if (facts.Params is { } added && added.Any(p => _params.TryGetValue(p.Key, out var value) && !string.Equals(value, p.Value, StringComparison.Ordinal)))
            return false;
        _factBytes += payload.Length;
        foreach (var (key, value) in facts.Params ?? new Dictionary<string, string>(StringComparer.Ordinal))
            _params[key] = value;
        foreach (var (key, value) in facts.Tags ?? new Dictionary<string, string?>(StringComparer.Ordinal))
            _tags[key] = value;
        _inputs.AddRange(facts.Inputs ?? []);
        _media.AddRange(facts.Media ?? []);
        _facts = _facts with { Status = facts.Status ?? _facts.Status, EndTime = facts.EndTime ?? _facts.EndTime, Notes = facts.Notes ?? _facts.Notes };
        return true;
    }

    /// <summary>Fills the requests in JSON of the batch that was made last, instead of those in bytes.</summary>
    public void UseJson(UploadBatch batch)
    {
        batch.SteppedBytes = batch.UnsteppedBytes = default;
        if (_factBytes > 0 || _stepped.Count > 0)
        {
            batch.Log = _facts with
            {
                Params = _params.Count == 0 ? null : new Dictionary<string, string>(_params, StringComparer.Ordinal),
                Tags = _tags.Count == 0 ? null : new Dictionary<string, string?>(_tags, StringComparer.Ordinal),
                Inputs = _inputs.Count == 0 ? null : [.. _inputs],
                Media = _media.Count == 0 ? null : [.. _media],
                Metrics = _stepped.ToColumns(),
                Source = _steppedSource,
                Sequence = batch.Sequence(0),
            };
        }

        if (_unstepped.Count > 0)
            batch.Unstepped = new LogRequest { Metrics = _unstepped.ToColumns(), Source = source, Sequence = batch.Sequence(1) };
    }

    /// <summary>Gives back the memory of batches with more points than these. No batch is under way.</summary>
    public void Trim(int points)
    {
        Clear();
        _stepped.Trim(points);
        _unstepped.Trim(points);
    }

    private void UseBytes(UploadBatch batch)
    {
        batch.SteppedBytes = _stepped.ToBytes(runId, _steppedSource, batch.Sequence(0));
        batch.UnsteppedBytes = _unstepped.ToBytes(runId, source, batch.Sequence(1));
    }

    private void Clear()
    {
        _stepped.Clear();
        _unstepped.Clear();
        _params.Clear();
        _tags.Clear();
        _inputs.Clear();
        _lines.Clear();
        _media.Clear();
        _facts = new LogRequest();
        _factBytes = _consoleBytes = 0;
        _hasIntegers = false;
    }

    private string Describe(in OutboxRecord record)
    {
        if (record.Type is not (RecordType.Point or RecordType.Integer))
            return Encoding.UTF8.GetString(record.Type == RecordType.Key ? record.Payload[sizeof(uint)..] : record.Payload);
        var point = System.Runtime.InteropServices.MemoryMarshal.Read<PointPayload>(record.Payload);
        var step = point.Micros == PointPayload.NoStep ? "" : PointColumns.StepOf(point).ToString(CultureInfo.InvariantCulture);
        var value = record.Type == RecordType.Integer ? point.Whole.ToString(CultureInfo.InvariantCulture) : point.Value.ToString("R", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"key={reader.KeyName(point.Key)} step={step} time={point.Time} value={value}");
    }

    private static T? Parse<T>(ReadOnlySpan<byte> payload, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(payload, type);
        }
        catch (JsonException)
        {
            // The checksum held, so this was written by a client with another idea of the record; there is nothing to send.
            return null;
        }
    }
}
