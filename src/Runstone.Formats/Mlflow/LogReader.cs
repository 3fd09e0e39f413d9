using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Core.Models;
using Runstone.Core.Runs;

namespace Runstone.Formats.Mlflow;

/// <summary>
/// Reads the two calls that training loops make all the time, from the bytes straight into a batch: no document, no record a
/// point, one string a distinct key.
/// </summary>
public static class LogReader
{
    /// <summary>A body with up to 1,000 points, 100 params and 100 tags.</summary>
    public static IngestBatch ReadBatch(in ReadOnlySequence<byte> body) => Read(body, single: false);

    /// <summary>A body with one point.</summary>
    public static IngestBatch ReadMetric(in ReadOnlySequence<byte> body) => Read(body, single: true);

    private static IngestBatch Read(in ReadOnlySequence<byte> body, bool single)
    {
        using var points = new PointCollector();
        try
        {
            return Read(new Utf8JsonReader(body), single, points);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // What strict JSON refuses, the clients' own dialect may allow; if not, the repair says what is wrong.
            var repaired = LenientJson.Repair(body);
            points.Clear();
            try
            {
                return Read(new Utf8JsonReader(repaired.Span), single, points);
            }
            catch (Exception second) when (second is JsonException or InvalidOperationException)
            {
                throw LenientJson.Malformed(second.Message);
            }
        }
    }

    private static IngestBatch Read(Utf8JsonReader reader, bool single, PointCollector points)
    {
        var builder = new Builder();
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("not an object");
        if (single)
        {
            ReadPoint(ref reader, "", ref builder, points);
        }
        else
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                ReadMember(ref reader, ref builder, points);
        }

        return reader.Read() ? throw new JsonException("there is more after the end of the object") : builder.Build(points);
    }

    private static void ReadMember(ref Utf8JsonReader reader, ref Builder builder, PointCollector points)
    {
        if (ReadRunId(ref reader, ref builder))
            return;
        if (reader.ValueTextEquals("metrics"u8))
        {
            if (EnterList(ref reader, "metrics"))
            {
                points.Clear();
                for (var i = 0; NextObject(ref reader, "metrics"); i++)
                    ReadPoint(ref reader, null, ref builder, points);
            }
        }
        else if (reader.ValueTextEquals("params"u8))
        {
            builder.Params = ReadPairs(ref reader, "params");
        }
        else if (reader.ValueTextEquals("tags"u8))
        {
            builder.Tags = ReadPairs(ref reader, "tags");
        }
        else
        {
            reader.Skip();
        }
    }

    private static bool ReadRunId(ref Utf8JsonReader reader, ref Builder builder)
    {
        if (reader.ValueTextEquals("run_id"u8))
            builder.RunId = ReadText(ref reader, "run_id");
        else if (reader.ValueTextEquals("run_uuid"u8))
            builder.RunUuid = ReadText(ref reader, "run_uuid");
        else
            return false;
        return true;
    }

    /// <summary>
    /// Reads the members of one point up to the end of its object. <paramref name="path"/> begins names in messages; null is the
    /// present place in the list, whose text is made only when there is something to say.
    /// </summary>
    private static void ReadPoint(ref Utf8JsonReader reader, string? path, ref Builder builder, PointCollector points)
    {
        var key = -1;
        double? value = null;
        string? text = null;
        long? time = null;
        long step = 0;
        var model = default(PointModel);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("key"u8))
                key = points.ReadKey(ref reader, path);
            else if (reader.ValueTextEquals("value"u8))
                value = ReadDouble(ref reader, points, path, out text);
            else if (reader.ValueTextEquals("timestamp"u8))
                time = ReadInteger(ref reader, "timestamp", points, path);
            else if (reader.ValueTextEquals("step"u8))
                step = ReadInteger(ref reader, "step", points, path) ?? 0;
            else if (!model.Read(ref reader) && (path is null || !ReadRunId(ref reader, ref builder)))
                reader.Skip();
        }

        if (key < 0)
            throw MlflowRequest.MissingValue(points.Name("key", path));
        if (value is null)
            throw MlflowRequest.MissingValue(points.Name("value", path));
        if (time is null)
            throw MlflowRequest.MissingValue(points.Name("timestamp", path));
        if (time < 0)
        {
            throw MlflowRequest.InvalidValue(time.Value.ToString(CultureInfo.InvariantCulture), points.Name("timestamp", path),
                "Timestamp must be a nonnegative long (64-bit integer)");
        }

        points.Add(new MetricPoint(key, new Step(step), time.Value, value.Value), text, model);
    }

    private static List<Tag> ReadPairs(ref Utf8JsonReader reader, string list)
    {
        var pairs = new List<Tag>();
        if (!EnterList(ref reader, list))
            return pairs;
        while (NextObject(ref reader, list))
        {
            string? key = null;
            string? value = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("key"u8))
                    key = ReadText(ref reader, list);
                else if (reader.ValueTextEquals("value"u8))
                    value = ReadText(ref reader, list);
                else
                    reader.Skip();
            }

            if (string.IsNullOrEmpty(key))
                throw MlflowRequest.MissingValue(string.Create(CultureInfo.InvariantCulture, $"{list}[{pairs.Count}].key"));
            pairs.Add(new Tag(key, value ?? ""));
        }

        return pairs;
    }

    private static bool EnterList(ref Utf8JsonReader reader, string name)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.StartArray => true,
            JsonTokenType.Null => false,
            _ => throw WrongType(ref reader, name),
        };
    }

    private static bool NextObject(ref Utf8JsonReader reader, string list)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => true,
            JsonTokenType.EndArray => false,
            _ => throw WrongType(ref reader, list),
        };
    }

    private static string? ReadText(ref Utf8JsonReader reader, string parameter)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Null => null,
            JsonTokenType.Number => Encoding.UTF8.GetString(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan),
            JsonTokenType.True => "true",
            JsonTokenType.False => "false",
            _ => throw WrongType(ref reader, parameter),
        };
    }

    private static double? ReadDouble(ref Utf8JsonReader reader, PointCollector points, string? path, out string? text)
    {
        reader.Read();
        text = null;
        switch (reader.TokenType)
        {
            case JsonTokenType.Number:
                var number = reader.GetDouble();
                text = TextBeside(ref reader, number);
                return number;
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.True:
                return 1;
            case JsonTokenType.False:
                return 0;
            case JsonTokenType.String when TryParseDouble(reader.GetString()!, out var value):
                text = TextBeside(ref reader, value);
                return value;
            default:
                throw WrongType(ref reader, points.Name("value", path));
        }
    }

    /// <summary>The present token, which may stand in quotes, when it is an integer that no double holds.</summary>
    private static string? TextBeside(ref Utf8JsonReader reader, double value) => ExactInteger.MayHaveText(value)
        ? ExactInteger.TextBeside(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan, value) : null;

    private static bool TryParseDouble(string text, out double value)
    {
        (var known, value) = text switch
        {
            "NaN" => (true, double.NaN),
            "Infinity" => (true, double.PositiveInfinity),
            "-Infinity" => (true, double.NegativeInfinity),
            _ => (false, 0),
        };
        return known || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    private static long? ReadInteger(ref Utf8JsonReader reader, string name, PointCollector points, string? path)
    {
        reader.Read();
        switch (reader.TokenType)
        {
            case JsonTokenType.Number when reader.TryGetInt64(out var whole):
                return whole;
            case JsonTokenType.Number when MlflowRequest.Whole(reader.GetDouble()) is { } rounded:
                return rounded;
            case JsonTokenType.String when long.TryParse(reader.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed):
                return parsed;
            case JsonTokenType.Null:
                return null;
            default:
                throw WrongType(ref reader, points.Name(name, path));
        }
    }

    private static RunstoneException WrongType(ref Utf8JsonReader reader, string parameter)
    {
        var value = JsonElement.ParseValue(ref reader);
        return MlflowRequest.WrongType(value, parameter);
    }

    /// <summary>The logged model whose result a point is, and what it was measured on.</summary>
    private struct PointModel
    {
        public string? Id;
        private string? _name;
        private string? _digest;

        public readonly DatasetName? Dataset =>
            string.IsNullOrEmpty(_name) ? null : new DatasetName(_name, string.IsNullOrEmpty(_digest) ? null : _digest);

        /// <summary>Reads the member that comes next; false when it is another's.</summary>
        public bool Read(ref Utf8JsonReader reader)
        {
            if (reader.ValueTextEquals("model_id"u8))
                Id = ReadText(ref reader, "model_id");
            else if (reader.ValueTextEquals("dataset_name"u8))
                _name = ReadText(ref reader, "dataset_name");
            else if (reader.ValueTextEquals("dataset_digest"u8))
                _digest = ReadText(ref reader, "dataset_digest");
            else
                return false;
            return true;
        }
    }

    /// <summary>What was read of a request so far, apart from its points.</summary>
    private struct Builder
    {
        public string? RunId;
        public string? RunUuid;
        public List<Tag>? Params;
        public List<Tag>? Tags;

        public readonly IngestBatch Build(PointCollector points)
        {
            var id = string.IsNullOrEmpty(RunId) ? RunUuid : RunId;
            if (string.IsNullOrEmpty(id))
                throw MlflowRequest.MissingValue("run_id");
            MlflowLimits.RunId(id);
            MlflowLimits.CheckBatch(points.Count, Params?.Count ?? 0, Tags?.Count ?? 0);
            var batch = new IngestBatch(id) { Metrics = points.ToBatch() };
            if (Params is { Count: > 0 })
                batch = batch with { Params = CheckedParams(Params) };
            return Tags is { Count: > 0 } ? RunMapping.WithTags(batch, CheckedTags(Tags)) : batch;
        }

        private static List<Param> CheckedParams(List<Tag> pairs)
        {
            var parameters = new List<Param>(pairs.Count);
            foreach (var (key, value) in pairs)
                parameters.Add(MlflowLimits.Param(key, value, string.Create(CultureInfo.InvariantCulture, $"params[{parameters.Count}].")));
            MlflowLimits.CheckDuplicateParams(parameters);
            return parameters;
        }

        private static List<Tag> CheckedTags(List<Tag> pairs)
        {
            var tags = new List<Tag>(pairs.Count);
            foreach (var (key, value) in pairs)
                tags.Add(MlflowLimits.RunTag(key, value, string.Create(CultureInfo.InvariantCulture, $"tags[{tags.Count}].")));
            return tags;
        }
    }

    /// <summary>Gathers points in a rented array and gives each distinct key a number.</summary>
    private sealed class PointCollector : IDisposable
    {
        // Up to so many keys are found faster one by one.
        private const int FewKeys = 8;

        private List<string> _keys = new(4);
        private Dictionary<string, int>? _numbers;
        private MetricPoint[] _points = ArrayPool<MetricPoint>.Shared.Rent(16);
        private List<MetricText>? _texts;
        private List<MetricModel>? _models;

        /// <summary>Every point counts, but those above the limit of a batch are not kept: the batch is refused anyway.</summary>
        public int Count { get; private set; }

        public void Clear()
        {
            Count = 0;
            _keys = new(4);
            _numbers = null;
            _texts = null;
            _models = null;
        }

        /// <summary>Adds a point, and beside it what was written when no double holds it and the model whose result it is.</summary>
        public void Add(in MetricPoint point, string? text, in PointModel model)
        {
            if (Count == _points.Length && Count < MlflowLimits.MaxBatchMetrics)
                Grow();
            if (Count < _points.Length)
                _points[Count] = point;
            if (text is not null && Count < MlflowLimits.MaxBatchMetrics)
                (_texts ??= []).Add(new MetricText(Count, text));
            if (!string.IsNullOrEmpty(model.Id) && Count < MlflowLimits.MaxBatchMetrics)
                (_models ??= []).Add(new MetricModel(Count, model.Id, model.Dataset));
            Count++;
        }

        /// <summary>The number of the key that comes next; -1 when it is null or empty.</summary>
        public int ReadKey(ref Utf8JsonReader reader, string? path)
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
                return ReadText(ref reader, Name("key", path)) is { Length: > 0 } text ? NumberOf(text, path) : -1;
            var length = reader.HasValueSequence ? checked((int)reader.ValueSequence.Length) : reader.ValueSpan.Length;
            if (length > 1024)
                return NumberOf(reader.GetString()!, path);
            Span<char> buffer = stackalloc char[length];
            return length == 0 ? -1 : NumberOf(buffer[..reader.CopyString(buffer)], path);
        }

        /// <summary>The name of a member of the present point, for messages.</summary>
        public string Name(string member, string? path) => path is not null
            ? path + member
            : string.Create(CultureInfo.InvariantCulture, $"metrics[{Count}].{member}");

        public MetricBatch ToBatch() => Count == 0
            ? MetricBatch.Empty
            : new MetricBatch(_keys, _points.AsSpan(0, Count).ToArray())
            {
                Texts = (IReadOnlyList<MetricText>?)_texts ?? [],
                Models = (IReadOnlyList<MetricModel>?)_models ?? [],
            };

        public void Dispose() => ArrayPool<MetricPoint>.Shared.Return(_points);

        private int NumberOf(ReadOnlySpan<char> key, string? path)
        {
            var number = Find(key);
            if (number >= 0)
                return number;
            var text = key.ToString();
            MlflowLimits.CheckKey(text, "Metric name", Name("name", path));
            _keys.Add(text);
            if (_keys.Count > FewKeys)
                _numbers ??= _keys.Select((k, i) => (k, i)).ToDictionary(p => p.k, p => p.i, StringComparer.Ordinal);
            _numbers?.TryAdd(text, _keys.Count - 1);
            return _keys.Count - 1;
        }

        private int Find(ReadOnlySpan<char> key)
        {
            if (_numbers is not null)
                return _numbers.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out var number) ? number : -1;
            for (var i = 0; i < _keys.Count; i++)
            {
                if (key.SequenceEqual(_keys[i]))
                    return i;
            }

            return -1;
        }

        private void Grow()
        {
            var larger = ArrayPool<MetricPoint>.Shared.Rent(Math.Min(_points.Length * 4, 1024));
            _points.AsSpan(0, Count).CopyTo(larger);
            ArrayPool<MetricPoint>.Shared.Return(_points);
            _points = larger;
        }
    }
}
