using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Runstone.Core.Metrics;
using Runstone.Protocol;

namespace Runstone.Server.Api;

/// <summary>The values of a request to log, and what was written where no double holds it.</summary>
internal sealed class ValueColumn(int capacity) : List<double>(capacity)
{
    private List<MetricText>? _texts;

    public IReadOnlyList<MetricText> Texts => (IReadOnlyList<MetricText>?)_texts ?? [];

    /// <summary>Has the values of requests read as columns of this kind.</summary>
    public static void Modify(JsonTypeInfo type)
    {
        if (type.Type != typeof(MetricColumns))
            return;
        foreach (var property in type.Properties)
        {
            if (property.PropertyType == typeof(IReadOnlyList<double>))
                property.CustomConverter = new Converter();
        }
    }

    private void Add(double value, string? text)
    {
        if (text is not null)
            (_texts ??= []).Add(new MetricText(Count, text));
        Add(value);
    }

    private sealed class Converter : JsonConverter<IReadOnlyList<double>>
    {
        public override IReadOnlyList<double> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartArray)
                throw Unconvertible("$.metrics.value", "System.Collections.Generic.IReadOnlyList`1[System.Double]");
            var column = new ValueColumn(16);
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var value = Read(ref reader, column.Count);
                column.Add(value, reader.TokenType == JsonTokenType.Number && ExactInteger.MayHaveText(value) ? TextBeside(ref reader, value) : null);
            }

            return column;
        }

        public override void Write(Utf8JsonWriter writer, IReadOnlyList<double> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value, RunstoneJson.Default.IReadOnlyListDouble);

        private static double Read(ref Utf8JsonReader reader, int index) => reader.TokenType switch
        {
            JsonTokenType.Number => reader.GetDouble(),
            JsonTokenType.String when reader.ValueTextEquals("NaN"u8) => double.NaN,
            JsonTokenType.String when reader.ValueTextEquals("Infinity"u8) => double.PositiveInfinity,
            JsonTokenType.String when reader.ValueTextEquals("-Infinity"u8) => double.NegativeInfinity,
            _ => throw Unconvertible($"$.metrics.value[{index}]", "System.Double"),
        };

        private static string? TextBeside(ref Utf8JsonReader reader, double value) =>
            ExactInteger.TextBeside(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan, value);

        // The serialiser does not look into columns that it does not read itself, so the place is named here.
        private static JsonException Unconvertible(string path, string type) =>
            new($"The JSON value could not be converted to {type}. Path: {path}", path, null, null);
    }
}
