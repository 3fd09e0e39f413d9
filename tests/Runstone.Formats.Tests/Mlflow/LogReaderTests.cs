using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Core.Models;
using Runstone.Core.Runs;
using Runstone.Formats.Mlflow;

namespace Runstone.Formats.Tests.Mlflow;

/// <summary>The two calls of the hot path: what they accept, what they refuse and in which words.</summary>
public sealed class LogReaderTests
{
    [Fact]
    public void A_batch_holds_points_params_and_tags()
    {
        var batch = Batch("""
            {"run_id": "r1", "metrics": [{"key": "loss", "value": 0.5, "timestamp": 7, "step": 1}, {"key": "acc", "value": 1, "timestamp": 8},
             {"key": "loss", "value": 0.25, "timestamp": 9, "step": 2, "run_id": "r1", "dataset_name": "d"}],
             "params": [{"key": "lr", "value": "0.1"}], "tags": [{"key": "t", "value": "v"}], "unknown": {"a": [1]}}
            """);
        Assert.Equal("r1", batch.RunId);
        Assert.Equal(["loss", "acc"], batch.Metrics.Keys);
        Assert.Equal(
            [new(0, new Step(1), 7, 0.5), new(1, new Step(0), 8, 1), new MetricPoint(0, new Step(2), 9, 0.25)], batch.Metrics.Points.ToArray());
        Assert.Equal([new Param("lr", "0.1")], batch.Params);
        Assert.Equal([new Tag("t", "v")], batch.Tags);
    }

    [Fact]
    public void A_point_may_be_the_result_of_a_model()
    {
        var batch = Batch("""
            {"run_id": "r", "metrics": [{"key": "a", "value": 1, "timestamp": 1, "model_id": null, "dataset_name": "d"}, {"key": "a", "value": 2, "timestamp": 1, "model_id": "m-1"},
             {"key": "a", "value": 3, "timestamp": 1, "dataset_digest": "x", "dataset_name": "d", "model_id": "m-2"}, {"key": "a", "value": 4, "timestamp": 1, "model_id": ""}]}
            """);
        Assert.Equal([new MetricModel(1, "m-1", null), new(2, "m-2", new DatasetName("d", "x"))], batch.Metrics.Models);
        Assert.Equal(
            [new MetricModel(0, "m-1", null)], Metric("""{"run_id": "r", "key": "a", "value": 1, "timestamp": 1, "model_id": "m-1"}""").Metrics.Models);
    }

    [Fact]
    public void Tags_that_are_facts_change_the_run()
    {
        var batch = Batch("""{"run_id": "r", "tags": [{"key": "mlflow.runName", "value": "n"}, {"key": "mlflow.note.content", "value": "w"}, {"key": "x", "value": ""}]}""");
        Assert.Equal(new RunPatch { Name = "n", Notes = "w" }, batch.Patch);
        Assert.Equal([new Tag("x", "")], batch.Tags);
    }

    [Theory]
    [InlineData("1.5", 1.5)]
    [InlineData("\"1.5\"", 1.5)]
    [InlineData("\"NaN\"", double.NaN)]
    [InlineData("NaN", double.NaN)]
    [InlineData("\"Infinity\"", double.PositiveInfinity)]
    [InlineData("Infinity", double.PositiveInfinity)]
    [InlineData("-Infinity", double.NegativeInfinity)]
    [InlineData("true", 1)]
    [InlineData("false", 0)]
    [InlineData("5e-324", 5e-324)]
    [InlineData("1.7976931348623157e+308", double.MaxValue)]
    public void A_value_may_be_spelled_in_many_ways(string json, double value) => Assert.Equal(
        value, Metric($$"""{"run_uuid": "r", "key": "NaN", "value": {{json}}, "timestamp": "12", "step": 3.0}""").Metrics.Points.Span[0].Value);

    [Theory]
    [InlineData("9007199254740993", "9007199254740993", 9007199254740992)]
    [InlineData("\"-9007199254740993\"", "-9007199254740993", -9007199254740992)]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567890", 1.2345678901234568e29)]
    [InlineData("9007199254740994", null, 9007199254740994)]
    [InlineData("9007199254740993.0", null, 9007199254740992)]
    [InlineData("1e30", null, 1e30)]
    [InlineData("\" 9007199254740993\"", null, 9007199254740992)]
    public void An_integer_that_no_double_holds_keeps_its_text(string json, string? text, double value)
    {
        var body = $$"""{"run_id": "r", "key": "k", "value": {{json}}, "timestamp": 12}""";
        foreach (var metrics in new[] { Metric(body).Metrics, Batch($$"""{"run_id": "r", "metrics": [{"key": "k", "value": NaN, "timestamp": 1}, {{body}}]}""").Metrics })
        {
            Assert.Equal(value, metrics.Points.Span[^1].Value);
            MetricText[] expected = text is null ? [] : [new MetricText(metrics.Points.Length - 1, text)];
            Assert.Equal(expected, metrics.Texts);
        }
    }

    [Fact]
    public void The_last_value_of_a_point_counts()
    {
        Assert.Empty(Metric("""{"run_id": "r", "key": "k", "value": 9007199254740993, "timestamp": 12, "value": 1}""").Metrics.Texts);
        Assert.Empty(Batch("""{"run_id": "r", "metrics": [{"key": "k", "value": 9007199254740993, "timestamp": 1}], "metrics": [{"key": "k", "value": 2, "timestamp": 1}]}""").Metrics.Texts);
    }

    [Fact]
    public void A_body_inside_a_string_is_read_again()
    {
        var inner = """{"run_id": "r", "key": "k", "value": NaN, "timestamp": 1, "step": "-5"}""";
        var point = Metric(JsonSerializer.Serialize(inner)).Metrics.Points.Span[0];
        Assert.Equal(new MetricPoint(0, new Step(-5), 1, double.NaN), point);
    }

    [Fact]
    public void Steps_and_times_cover_int64()
    {
        var batch = Metric($$"""{"run_id": "r", "key": "k", "value": 1, "timestamp": {{long.MaxValue}}, "step": {{long.MinValue}}}""");
        Assert.Equal(new MetricPoint(0, new Step(long.MinValue), long.MaxValue, 1), batch.Metrics.Points.Span[0]);
    }

    [Theory]
    [InlineData("""{"key": "k", "value": 1, "timestamp": 1}""", "Missing value for required parameter 'run_id'. See the API docs for more information about request parameters.")]
    [InlineData("""{"run_id": "r", "value": 1, "timestamp": 1}""", "Missing value for required parameter 'key'. See the API docs for more information about request parameters.")]
    [InlineData("""{"run_id": "r", "key": "k", "timestamp": 1}""", "Missing value for required parameter 'value'. See the API docs for more information about request parameters.")]
    [InlineData("""{"run_id": "r", "key": "k", "value": 1}""", "Missing value for required parameter 'timestamp'. See the API docs for more information about request parameters.")]
    [InlineData("", "Missing value for required parameter 'key'. See the API docs for more information about request parameters.")]
    [InlineData("""{"run_id": "r", "key": "k", "value": "abc", "timestamp": 1}""", "Invalid value \"abc\" for parameter 'value' supplied:  Hint: Value was of type 'str'. See the API docs for more information about request parameters.")]
    [InlineData("""{"run_id": "r", "key": "k", "value": [1], "timestamp": 1}""", "Invalid value [1] for parameter 'value' supplied:  Hint: Value was of type 'list'. See the API docs for more information about request parameters.")]
    [InlineData("""{"run_id": "r", "key": "k", "value": 1, "timestamp": 1.5}""", "Invalid value 1.5 for parameter 'timestamp' supplied:  Hint: Value was of type 'float'. See the API docs for more information about request parameters.")]
    [InlineData("""{"run_id": "r", "key": "k", "value": 1, "timestamp": -1}""", "Invalid value -1 for parameter 'timestamp' supplied: Timestamp must be a nonnegative long (64-bit integer)")]
    [InlineData("""{"run_id": "../r", "key": "k", "value": 1, "timestamp": 1}""", "Invalid run ID: '../r'")]
    [InlineData("""{"run_id": "r", "key": "a$b", "value": 1, "timestamp": 1}""", "Invalid value \"a$b\" for parameter 'name' supplied: Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).")]
    [InlineData("""{"run_id": "r", "key": "../up", "value": 1, "timestamp": 1}""", "Invalid value \"../up\" for parameter 'name' supplied: Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to '../up'")]
    [InlineData("""{"run_id": "r", "key": "a//b", "value": 1, "timestamp": 1}""", "Invalid value \"a//b\" for parameter 'name' supplied: Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to 'a/b'")]
    [InlineData("[1]", "The request body must be a JSON object.")]
    public void A_wrong_point_says_what_is_wrong(string json, string message)
    {
        var error = Assert.Throws<RunstoneException>(() => Metric(json)).Error;
        Assert.Equal((ErrorCode.Invalid, message), (error.Code, error.Message));
    }

    [Theory]
    [InlineData("""{"run_id": "r", "metrics": [{"key": "k", "value": 1, "timestamp": 1}, {"key": "k", "value": 1}]}""", "Missing value for required parameter 'metrics[1].timestamp'. See the API docs for more information about request parameters.")]
    [InlineData("""{"run_id": "r", "metrics": [{"key": "a$", "value": 1, "timestamp": 1}]}""", "Invalid value \"a$\" for parameter 'metrics[0].name' supplied: Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).")]
    [InlineData("""{"run_id": "r", "params": [{"value": "1"}]}""", "Missing value for required parameter 'params[0].key'. See the API docs for more information about request parameters.")]
    [InlineData("""{"run_id": "r", "params": [{"key": "d", "value": "1"}, {"key": "d", "value": "1"}]}""", "Duplicate parameter keys have been submitted: ['d']. Please ensure the request contains only one param value per param key.")]
    [InlineData("""{"run_id": "r", "metrics": {"key": "d"}}""", "Invalid value {\"key\": \"d\"} for parameter 'metrics' supplied:  Hint: Value was of type 'dict'. See the API docs for more information about request parameters.")]
    public void A_wrong_batch_says_where(string json, string message) =>
        Assert.Equal(message, Assert.Throws<RunstoneException>(() => Batch(json)).Error.Message);

    [Theory]
    [InlineData(1001, 0, 0, "A batch logging request can contain at most 1000 metrics. Got 1001 metrics. Please split up metrics across multiple requests and try again.")]
    [InlineData(5000, 0, 0, "A batch logging request can contain at most 1000 metrics. Got 5000 metrics. Please split up metrics across multiple requests and try again.")]
    [InlineData(0, 101, 0, "A batch logging request can contain at most 100 params. Got 101 params. Please split up params across multiple requests and try again.")]
    [InlineData(0, 0, 101, "A batch logging request can contain at most 100 tags. Got 101 tags. Please split up tags across multiple requests and try again.")]
    [InlineData(901, 50, 50, "A batch logging request can contain at most 1000 metrics, params, and tags. Got 1001 metrics, params, and tags. Please split up metrics, params, and tags across multiple requests and try again.")]
    public void A_batch_has_limits(int metrics, int parameters, int tags, string message) =>
        Assert.Equal(message, Assert.Throws<RunstoneException>(() => Batch(Request(metrics, parameters, tags))).Error.Message);

    [Theory]
    [InlineData("{} {}")]
    [InlineData("{\"run_id\": ")]
    [InlineData("{\"run_id\": \"r\",}")]
    [InlineData("{\"run_id\": \"\\ud800\"}")]
    public void What_is_not_JSON_is_said_to_be_none(string json) => Assert.StartsWith(
        "The request body is not valid JSON", Assert.Throws<RunstoneException>(() => Batch(json)).Error.Message, StringComparison.Ordinal);

    [Fact]
    public void A_thousand_points_cost_little_more_than_their_own_memory()
    {
        var body = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(Request(1000, 0, 0)));
        for (var i = 0; i < 3; i++)
            LogReader.ReadBatch(body);
        var before = GC.GetAllocatedBytesForCurrentThread();
        LogReader.ReadBatch(body);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1000 * 40, (1000 * 40) + 8192);
    }

    [Fact]
    public void A_single_point_costs_less_than_a_kilobyte()
    {
        var body = new ReadOnlySequence<byte>("""{"run_id": "abcdefabcdefabcdefabcdefabcdefab", "key": "loss", "value": 0.5, "timestamp": 1795355957352, "step": 7}"""u8.ToArray());
        for (var i = 0; i < 3; i++)
            LogReader.ReadMetric(body);
        var before = GC.GetAllocatedBytesForCurrentThread();
        LogReader.ReadMetric(body);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024);
    }

    [Fact]
    public void A_thousand_points_of_many_keys_are_read_in_order()
    {
        var batch = Batch(Request(1000, 0, 0));
        Assert.Equal(1000, batch.Metrics.Points.Length);
        Assert.Equal(23, batch.Metrics.Keys.Count);
        for (var i = 0; i < 1000; i++)
        {
            var point = batch.Metrics.Points.Span[i];
            Assert.Equal((Key(i), (long)i), (batch.Metrics.Keys[point.Key], point.Step.Whole));
        }
    }

    [Fact]
    public void Values_that_are_too_long_are_cut()
    {
        var text = new string('v', 5999) + "\U0001F680\U0001F680" + new string('w', 3000);
        var batch = Batch($$"""{"run_id": "r", "params": [{"key": "p", "value": "{{text}}"}], "tags": [{"key": "t", "value": "{{text}}"}]}""");
        Assert.Equal(new string('v', 5999) + "\U0001F680", batch.Params[0].Value);
        Assert.Equal(text[..8002], batch.Tags[0].Value);
    }

    [Theory]
    [InlineData("größe")]
    [InlineData("精度")]
    [InlineData("a/b/c")]
    [InlineData("with space")]
    [InlineData("colon:key.-_")]
    public void A_key_may_hold_letters_of_any_script(string key) =>
        Assert.Equal([key], Metric($$"""{"run_id": "r", "key": "{{key}}", "value": 1, "timestamp": 1}""").Metrics.Keys);

    [Fact]
    public void A_key_has_250_characters_at_most()
    {
        Assert.Equal(250, Metric($$"""{"run_id": "r", "key": "{{new string('精', 250)}}", "value": 1, "timestamp": 1}""").Metrics.Keys[0].Length);
        Assert.Equal(
            "'Metric name' exceeds the maximum length of 250 characters",
            Assert.Throws<RunstoneException>(() => Metric($$"""{"run_id": "r", "key": "{{new string('k', 251)}}", "value": 1, "timestamp": 1}""")).Error.Message);
        Assert.Throws<RunstoneException>(() => Metric($$"""{"run_id": "r", "key": "{{new string('k', 100_000)}}", "value": 1, "timestamp": 1}"""));
    }

    [Fact]
    public void A_body_in_many_segments_reads_the_same() => Gen.Int[1, 40].Sample(size =>
    {
        var bytes = Encoding.UTF8.GetBytes(Request(30, 5, 5, """, "model_id": "m-1", "dataset_name": "d" """));
        var (whole, cut) = (LogReader.ReadBatch(new ReadOnlySequence<byte>(bytes)), LogReader.ReadBatch(Cut(bytes, size)));
        return whole.Metrics.Points.Span.SequenceEqual(cut.Metrics.Points.Span) && whole.Metrics.Keys.SequenceEqual(cut.Metrics.Keys, StringComparer.Ordinal)
            && whole.Metrics.Models.SequenceEqual(cut.Metrics.Models) && whole.Params.SequenceEqual(cut.Params) && whole.Tags.SequenceEqual(cut.Tags);
    });

    [Fact]
    public void Any_bytes_are_a_batch_or_a_known_error() => Bytes.Sample(bytes =>
    {
        foreach (var read in new Func<IngestBatch>[] { () => LogReader.ReadBatch(new(bytes)), () => LogReader.ReadMetric(new(bytes)) })
        {
            try
            {
                read();
            }
            catch (RunstoneException)
            {
                // The one way in which it may fail.
            }
        }

        return true;
    });

    [Fact]
    public void Bytes_that_are_not_unicode_are_a_malformed_body()
    {
        byte[] body = [.. "{\"metrics\":[{\"key\":\"a"u8, 0xFF, .. "\"}]}"u8];
        var error = Assert.Throws<RunstoneException>(() => MlflowRequest.FromJson(new ReadOnlySequence<byte>(body)).Texts("metrics"));
        Assert.Contains("UTF-8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_half_a_surrogate_pair_is_a_malformed_body()
    {
        var body = """{"run_uuid":"a","\ud800 and more":1}"""u8.ToArray();
        var error = Assert.Throws<RunstoneException>(() => MlflowRequest.FromJson(new ReadOnlySequence<byte>(body)).RunId());
        Assert.Contains("Unicode", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_bytes_are_a_request_or_a_known_error() => Bytes.Sample(bytes =>
    {
        try
        {
            var request = MlflowRequest.FromJson(new ReadOnlySequence<byte>(bytes));
            _ = (request.RunId(), request.Integer("step"), request.Texts("metrics"), request.Tags("tags"), RunMapping.LogInputs(request));
        }
        catch (RunstoneException)
        {
            // The one way in which it may fail.
        }

        return true;
    });

    // Bytes of any kind, and valid bodies with a piece replaced.
    private static readonly Gen<byte[]> Bytes = Gen.OneOf(
        Gen.Byte.Array[0, 60],
        Gen.Select(Gen.Int[0, 400], Gen.Int[0, 20], Pick("", "\"", "{", "}", "[", "]", ",", "null", "NaN", "-Infinity", "\\ud800", "1e999", "\\", "\u0000", "\u00ff"))
            .Select((at, remove, insert) =>
            {
                var text = Request(3, 2, 2, """, "model_id": "m-1", "dataset_name": "d" """);
                at = Math.Min(at, text.Length);
                return Encoding.Latin1.GetBytes(text[..at] + insert + text[Math.Min(at + remove, text.Length)..]);
            }));

    private static Gen<string> Pick(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static IngestBatch Batch(string json) => LogReader.ReadBatch(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json)));

    private static IngestBatch Metric(string json) => LogReader.ReadMetric(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json)));

    private static string Key(int i) => $"m{i % 23}";

    private static string Request(int metrics, int parameters, int tags, string model = "")
    {
        var points = Enumerable.Range(0, metrics).Select(i => FormattableString.Invariant($$"""{"key": "{{Key(i)}}", "value": {{i / 7.0}}, "timestamp": {{1000 + i}}, "step": {{i}}{{model}}}"""));
        return $$"""{"run_id": "r", "metrics": [{{string.Join(", ", points)}}], "params": [{{Pairs("p", parameters)}}], "tags": [{{Pairs("t", tags)}}]}""";
    }

    private static string Pairs(string prefix, int count) => string.Join(
        ", ", Enumerable.Range(0, count).Select(i => FormattableString.Invariant($$"""{"key": "{{prefix}}{{i}}", "value": "{{i}}"}""")));

    private static ReadOnlySequence<byte> Cut(byte[] bytes, int size)
    {
        var first = new Segment(bytes.AsMemory(0, Math.Min(size, bytes.Length)), 0);
        var last = first;
        for (var i = size; i < bytes.Length; i += size)
            last = last.Append(bytes.AsMemory(i, Math.Min(size, bytes.Length - i)));
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index) => (Memory, RunningIndex) = (memory, index);

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
