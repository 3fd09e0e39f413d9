using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using Runstone.Core.Datasets;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Core.Runs;
using Runstone.Formats.Mlflow;

namespace Runstone.Formats.Tests.Mlflow;

/// <summary>Between wire and domain: names, tags that are facts, addresses, pages, answers.</summary>
public sealed class MappingTests
{
    private static readonly Experiment Census = new() { Id = 12, Name = "census" };

    [Fact]
    public void Creating_a_run_takes_its_facts_from_the_tags()
    {
        var batch = RunMapping.Create(Request("""
            {"experiment_id": "12", "user_id": "ada", "start_time": 5, "tags": [{"key": "mlflow.runName", "value": "base"},
             {"key": "mlflow.parentRunId", "value": "p"}, {"key": "mlflow.note.content", "value": "**n**"}, {"key": "t", "value": "v"}]}
            """), "r1", Census);
        Assert.Equal(
            new NewRun(12) { Name = "base", User = "ada", StartTime = 5, ParentId = "p", Notes = "**n**", ArtifactUri = "mlflow-artifacts:/12/r1/artifacts" },
            batch.Create);
        Assert.Equal([new Tag("t", "v")], batch.Tags);
    }

    [Fact]
    public void Name_and_name_tag_must_agree() => Assert.Equal(
        "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values (run_name='a', mlflow.runName='b').",
        Assert.Throws<RunstoneException>(() => RunMapping.Create(
            Request("""{"run_name": "a", "tags": [{"key": "mlflow.runName", "value": "b"}]}"""), "r", Census)).Error.Message);

    [Fact]
    public void Facts_are_shown_as_tags()
    {
        var run = new Run { Id = "r", ExperimentId = 1, Name = "n", ParentId = "p", Notes = "w" };
        Assert.Equal(
            [new("a", "1"), new("mlflow.runName", "n"), new("mlflow.parentRunId", "p"), new Tag("mlflow.note.content", "w")],
            RunMapping.TagsOf(run, [new Tag("a", "1"), new Tag("mlflow.runName", "stale")]));
    }

    [Fact]
    public void An_unknown_status_is_ignored() => Assert.Equal(
        new RunPatch { EndTime = 9, Name = "x" }, RunMapping.Update(Request("""{"run_id": "r", "status": "DONE", "end_time": "9", "run_name": "x"}""")).Patch);

    [Theory]
    [InlineData("name", 501, "Dataset name exceeds the maximum length of 500")]
    [InlineData("digest", 37, "Dataset digest exceeds the maximum length of 36")]
    [InlineData("source", 65_536, "Dataset source exceeds the maximum length of 65535")]
    public void A_dataset_has_limits(string member, int length, string message)
    {
        var dataset = new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = "n", ["digest"] = "d", ["source_type"] = "t", ["source"] = "s" };
        dataset[member] = new string('x', length);
        var json = JsonSerializer.Serialize(new { run_id = "r", datasets = new[] { new { dataset } } });
        Assert.Equal(message, Assert.Throws<RunstoneException>(() => RunMapping.LogInputs(Request(json))).Error.Message);
    }

    [Fact]
    public void Inputs_and_models_are_read()
    {
        var batch = RunMapping.LogInputs(Request("""
            {"run_id": "r", "datasets": [{"tags": [{"key": "mlflow.data.context", "value": "training"}], "dataset": {"name": "n", "digest": "d",
             "source_type": "http", "source": "{}", "profile": "{}"}}], "models": [{"model_id": "m-1"}]}
            """));
        var input = Assert.Single(batch.Inputs);
        Assert.Equal(new Dataset("n", "d", "http", "{}", null, "{}"), input.Dataset);
        Assert.Equal([new Tag("mlflow.data.context", "training")], input.Tags);
        Assert.Equal([new ModelLink("m-1", ModelDirection.Input, 0)], batch.Models);
    }

    [Fact]
    public void A_page_token_is_what_the_original_makes()
    {
        Assert.Equal("eyJvZmZzZXQiOiA1fQ==", PageToken.Of(5));
        Assert.Equal(5, PageToken.Offset("eyJvZmZzZXQiOiA1fQ=="));
        Assert.Equal(0, PageToken.Offset(""));
    }

    [Theory]
    [InlineData("zzz", "Invalid page token, could not base64-decode")]
    [InlineData("e30=", "Invalid page token, it has no positive offset")]
    [InlineData("eyJvZmZzZXQiOiAwfQ==", "Invalid page token, it has no positive offset")]
    [InlineData("AAAA", "Invalid page token, could not be parsed as JSON")]
    public void A_wrong_page_token_is_refused(string token, string message) =>
        Assert.Equal(message, Assert.Throws<RunstoneException>(() => PageToken.Offset(token)).Error.Message);

    [Fact]
    public void An_artifact_path_is_read_by_the_run_it_names()
    {
        var run = new Run { Id = "r1", ExperimentId = 12, ArtifactUri = "mlflow-artifacts:/team/artifacts/a/r1/artifacts" };
        var readings = ArtifactAddress.Readings("team/artifacts/a/r1/artifacts/plots/artifacts/x.png").ToList();
        var place = Assert.Single(readings, r => r.OwnerId == "r1" && r.LeadsTo(run));
        Assert.Equal(new ArtifactAddress("team/artifacts/a", "r1", "plots/artifacts/x.png"), place);
        Assert.True(new ArtifactAddress("12", "r2", "").LeadsTo(new Run { Id = "r2", ExperimentId = 12 }));
        Assert.False(new ArtifactAddress("13", "r2", "").LeadsTo(new Run { Id = "r2", ExperimentId = 12 }));
        Assert.True(new ArtifactAddress("7", "r3", "").LeadsTo(new Run { Id = "r3", ExperimentId = 7, ArtifactUri = "mlflow-artifacts://host:5000/7/r3/artifacts" }));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/../../x")]
    [InlineData("/etc/passwd")]
    [InlineData("a\\b")]
    [InlineData("C:/x")]
    [InlineData("a/%2e%2e/x")]
    [InlineData("a/%252e%252e/x")]
    [InlineData("a\0b")]
    public void A_path_that_leaves_the_folder_is_refused(string path) =>
        Assert.StartsWith("Invalid path", Assert.Throws<RunstoneException>(() => ArtifactAddress.Check(path)).Error.Message, StringComparison.Ordinal);

    [Fact]
    public void Sampling_keeps_the_ends_of_every_run()
    {
        var steps = HistorySampling.Choose(Ranges([.. Enumerable.Range(0, 1000).Select(i => (long)i)]), [(0, 999), (333, 777)], 10);
        Assert.Equal([0L, 100, 200, 300, 333, 400, 500, 600, 700, 777, 800, 900, 999], steps.Order());
        Assert.Equal([1L, 2, 3], HistorySampling.Choose(Ranges([1, 2, 2, 3]), [(1, 3)], 3).Order());
    }

    [Fact]
    public void Steps_with_more_gaps_than_memory_allows_are_refused()
    {
        var ranges = new StepRanges();
        for (var i = 0L; i < StepRanges.MaxRanges; i++)
            ranges.Append(2 * i);
        ranges.Append((2 * StepRanges.MaxRanges) - 1);
        var error = Assert.Throws<RunstoneException>(() => ranges.Append(2L * StepRanges.MaxRanges + 5)).Error;
        Assert.Equal((ErrorCode.TooLarge, "run_ids"), (error.Code, error.Field));
        Assert.Contains("start_step", error.Message, StringComparison.Ordinal);
        Assert.Throws<RunstoneException>(() => ranges.Unite(Ranges([-7])));
    }

    [Fact]
    public void A_point_is_written_as_clients_read_it()
    {
        Assert.Equal("""{"key":"k","value":1.0,"timestamp":5,"step":2}""", Point(1));
        Assert.Equal("""{"key":"k","value":"NaN","timestamp":5,"step":2}""", Point(double.NaN));
        Assert.Equal("""{"key":"k","value":1.7976931348623157E+308,"timestamp":5,"step":2}""", Point(double.PositiveInfinity));
        Assert.Equal("""{"key":"k","value":-1.7976931348623157E+308,"timestamp":5,"step":2}""", Point(double.NegativeInfinity));
        Assert.Equal("""{"key":"k","value":5E-324,"timestamp":5,"step":2}""", Point(5e-324));
        Assert.Equal("""{"key":"k","run_id":"r","step":2,"timestamp":5,"value":NaN}""", Write(w => MlflowWriter.PlainPoint(w, "k", "r", new SeriesPoint(new Step(2), 5, double.NaN))));
    }

    [Theory]
    [InlineData("runs:/x", "Artifact location cannot be a runs:/ URI. Given: 'runs:/x'")]
    [InlineData("s3://b/x#y", "Artifact location cannot contain a fragment or parameters. Given: 's3://b/x#y'")]
    public void An_artifact_location_has_rules(string location, string message) =>
        Assert.Equal(message, Assert.Throws<RunstoneException>(() => MlflowLimits.CheckArtifactLocation(location)).Error.Message);

    private static string Point(double value) => Write(w => MlflowWriter.Point(w, "k", null, new SeriesPoint(new Step(2), 5, value)));

    private static string Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, MlflowWriter.Options))
            write(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static MlflowRequest Request(string json) => MlflowRequest.FromJson(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Ranges_are_the_distinct_steps_of_all_runs()
    {
        Gen.Select(Gen.Long[-40, 40].Array, Gen.OneOf(Gen.Long[-40, 40], Gen.Const(long.MinValue), Gen.Const(long.MaxValue)).Array).Sample((a, b) =>
        {
            var ranges = Ranges(a);
            ranges.Unite(Ranges(b));
            var expected = a.Concat(b).Distinct().Order().ToArray();

            Assert.Equal(expected.Length, ranges.Count);
            Assert.Equal(expected, ranges.At(Enumerable.Range(0, expected.Length).Select(i => (long)i)));
            if (expected.Length > 0)
                Assert.Equal((expected[0], expected[^1]), (ranges.Least, ranges.Greatest));
        });
    }

    [Fact]
    public void A_token_of_a_history_keeps_its_point()
    {
        var last = new SeriesPoint(new Step(long.MinValue, 250_000), -5, BitConverter.Int64BitsToDouble(-1));
        var token = PageToken.Of(7, last);

        Assert.Equal((7, last.Step, last.Time, -1L), (PageToken.Offset(token), PageToken.After(token)!.Value.Step, PageToken.After(token)!.Value.Time, BitConverter.DoubleToInt64Bits(PageToken.After(token)!.Value.Value)));
        Assert.Null(PageToken.After(PageToken.Of(7)));
    }

    private static StepRanges Ranges(long[] steps)
    {
        var ranges = new StepRanges();
        foreach (var step in steps.Order())
            ranges.Append(step);
        return ranges;
    }
}
