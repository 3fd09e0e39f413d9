using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Runstone.Protocol;

namespace Runstone.Client.Upload;

/// <summary>Values of points, and the integers among them that no double holds, of which the list has the nearest one.</summary>
internal sealed class ExactValues : List<double>
{
    private Dictionary<int, long>? _integers;

    /// <summary>Writes requests with all digits of these integers.</summary>
    public static JsonTypeInfo<LogRequest> Json { get; } = MakeJson();

    public void Add(long value)
    {
        (_integers ??= []).Add(Count, value);
        Add((double)value);
    }

    public new void Clear()
    {
        base.Clear();
        _integers = null;
    }

    /// <summary>The values as they are now, for a request that outlives this list.</summary>
    public ExactValues Copy()
    {
        var copy = new ExactValues { _integers = _integers };
        copy.AddRange(this);
        return copy;
    }

    private static JsonTypeInfo<LogRequest> MakeJson()
    {
        var options = new JsonSerializerOptions(RunstoneJson.Default.Options) { TypeInfoResolver = RunstoneJson.Default.WithAddedModifier(Modify) };
        return (JsonTypeInfo<LogRequest>)options.GetTypeInfo(typeof(LogRequest));
    }

    private static void Modify(JsonTypeInfo type)
    {
        if (type.Type != typeof(MetricColumns))
            return;
        foreach (var property in type.Properties)
        {
            if (property.PropertyType == typeof(IReadOnlyList<double>))
                property.CustomConverter = new Converter();
        }
    }

    private sealed class Converter : JsonConverter<IReadOnlyList<double>>
    {
        public override IReadOnlyList<double>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize(ref reader, RunstoneJson.Default.IReadOnlyListDouble);

        public override void Write(Utf8JsonWriter writer, IReadOnlyList<double> value, JsonSerializerOptions options)
        {
            if (value is not ExactValues { _integers: { } integers })
            {
                JsonSerializer.Serialize(writer, value, RunstoneJson.Default.IReadOnlyListDouble);
                return;
            }

            writer.WriteStartArray();
            for (var i = 0; i < value.Count; i++)
            {
                if (integers.TryGetValue(i, out var integer))
                    writer.WriteNumberValue(integer);
                else
                    JsonSerializer.Serialize(writer, value[i], RunstoneJson.Default.Double);
            }

            writer.WriteEndArray();
        }
    }
}
