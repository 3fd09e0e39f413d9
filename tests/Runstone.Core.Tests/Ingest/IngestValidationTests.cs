using Runstone.Core.Artifacts;
using Runstone.Core.Datasets;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;
using Runstone.Core.Metrics;
using Runstone.Core.Models;
using Runstone.Core.Runs;

namespace Runstone.Core.Tests.Ingest;

public sealed class IngestValidationTests
{
    private static readonly string LongKey = new('k', IngestValidation.MaxKeyBytes + 1);

    public static TheoryData<IngestBatch, string, ErrorCode> Wrong => new()
    {
        { new IngestBatch(""), "run_id", ErrorCode.Invalid },
        { new IngestBatch("a/b"), "run_id", ErrorCode.Invalid },
        { new IngestBatch("-a"), "run_id", ErrorCode.Invalid },
        { new IngestBatch(new string('a', 257)), "run_id", ErrorCode.Invalid },
        { new IngestBatch("r") { Params = [new Param("ok", "v"), new Param("", "v")] }, "params[1].key", ErrorCode.Invalid },
        { new IngestBatch("r") { Params = [new Param(LongKey, "v")] }, "params[0].key", ErrorCode.TooLarge },
        { new IngestBatch("r") { Params = [new Param(new string('é', 513), "v")] }, "params[0].key", ErrorCode.TooLarge },
        { new IngestBatch("r") { Params = [new Param("k", new string('v', IngestValidation.MaxParamLength + 1))] }, "params[0].value", ErrorCode.TooLarge },
        { new IngestBatch("r") { Tags = [new Tag("k", new string('v', IngestValidation.MaxTagLength + 1))] }, "tags[0].value", ErrorCode.TooLarge },
        { new IngestBatch("r") { Patch = new RunPatch { Name = new string('n', 1001) } }, "name", ErrorCode.TooLarge },
        { new IngestBatch("r") { Create = new NewRun(0) { User = new string('n', 1001) } }, "user", ErrorCode.TooLarge },
        { Points(["m"], new MetricPoint(1, new Step(0), 0, 0)), "metrics[0].key", ErrorCode.Invalid },
        { Points(["m"], new MetricPoint(-1, new Step(0), 0, 0)), "metrics[0].key", ErrorCode.Invalid },
        { Points(["m"], new MetricPoint(0, new Step(0, 1_000_000), 0, 0)), "metrics[0].step", ErrorCode.Invalid },
        { Texts(9007199254740992, new MetricText(1, "9007199254740993")), "metrics.texts[0]", ErrorCode.Invalid },
        { Texts(9007199254740992, new MetricText(0, "9007199254740993.0")), "metrics.texts[0]", ErrorCode.Invalid },
        { Texts(9007199254740992, new MetricText(0, "")), "metrics.texts[0]", ErrorCode.Invalid },
        { Texts(1e64, new MetricText(0, "1" + new string('0', 64))), "metrics.texts[0]", ErrorCode.Invalid },
        { Texts(7, new MetricText(0, "7")), "metrics.texts[0]", ErrorCode.Invalid },
        { Texts(double.NaN, new MetricText(0, "9007199254740993")), "metrics.texts[0]", ErrorCode.Invalid },
        { Results(new MetricModel(1, "m-1", null)), "metrics.models[0]", ErrorCode.Invalid },
        { Results(new MetricModel(-1, "m-1", null)), "metrics.models[0]", ErrorCode.Invalid },
        { Results(new MetricModel(0, "", null)), "metrics.models[0].model_id", ErrorCode.Invalid },
        { Results(new MetricModel(0, "m\0", null)), "metrics.models[0].model_id", ErrorCode.Invalid },
        { Results(new MetricModel(0, "m-1", new DatasetName(new string('d', 501), null))), "metrics.models[0].dataset_name", ErrorCode.TooLarge },
        { Results(new MetricModel(0, "m-1", new DatasetName("d", new string('d', 129)))), "metrics.models[0].dataset_digest", ErrorCode.TooLarge },
        { Points([LongKey]), "metrics.key", ErrorCode.TooLarge },
        { new IngestBatch("r") { Inputs = [new DatasetInput(new Dataset("", "d", "", ""), [])] }, "inputs[0].dataset.name", ErrorCode.Invalid },
        { new IngestBatch("r") { Artifacts = [new ArtifactFile("../x", new BlobRef("", 0))] }, "path", ErrorCode.Invalid },
        { new IngestBatch("r") { RemoveArtifacts = ["/x"] }, "path", ErrorCode.Invalid },
        { new IngestBatch("r") { Sequence = new BatchSequence("s", -1) }, "sequence.number", ErrorCode.Invalid },
        { new IngestBatch("r") { Params = [new Param("a\0", "v")] }, "params[0].key", ErrorCode.Invalid },
        { new IngestBatch("r") { Params = [new Param("a", "\0")] }, "params[0].value", ErrorCode.Invalid },
        { new IngestBatch("r") { Tags = [new Tag("a", "x\ud800")] }, "tags[0].value", ErrorCode.Invalid },
        { new IngestBatch("r") { Patch = new RunPatch { Notes = "\0" } }, "notes", ErrorCode.Invalid },
        { new IngestBatch("r") { Create = new NewRun(0) { ArtifactUri = "s3://\0" } }, "artifact_uri", ErrorCode.Invalid },
        { new IngestBatch("r") { Create = new NewRun(0) { ParentId = new string('p', 257) } }, "parent_id", ErrorCode.TooLarge },
        { new IngestBatch("r") { Models = [new ModelLink("m\0", ModelDirection.Input, 0)] }, "models[0].model_id", ErrorCode.Invalid },
        { new IngestBatch("r") { Inputs = [new DatasetInput(new Dataset("n", "d", "", "\0"), [])] }, "inputs[0].dataset.source", ErrorCode.Invalid },
        { Points(["m\ude00"]), "metrics.key", ErrorCode.Invalid },
        { new IngestBatch("r") { Sequence = new BatchSequence("", 1) }, "sequence.source", ErrorCode.Invalid },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_wrong_is_named(IngestBatch batch, string field, ErrorCode code)
    {
        var error = IngestValidation.Check(batch);
        Assert.Equal((field, code), (error?.Field, error!.Code));
    }

    [Fact]
    public void Limits_themselves_are_allowed()
    {
        var batch = Points([new string('k', IngestValidation.MaxKeyBytes)], new MetricPoint(0, Step.Unset, long.MinValue, double.NaN)) with
        {
            Params = [new Param(new string('é', 512), new string('v', IngestValidation.MaxParamLength))],
            Sequence = new BatchSequence(new string('s', 128), long.MaxValue),
            Artifacts = [new ArtifactFile("a/b c/ü.txt", new BlobRef("", 0))],
        };
        Assert.Null(IngestValidation.Check(batch));
    }

    private static IngestBatch Results(MetricModel model) =>
        new("r") { Metrics = new MetricBatch(["m"], new[] { new MetricPoint(0, new Step(1), 1, 1) }) { Models = [model] } };

    private static IngestBatch Texts(double value, MetricText text) => new("r")
    {
        Metrics = new MetricBatch(["m"], new MetricPoint[] { new(0, new Step(0), 0, value) }) { Texts = [text] },
    };

    private static IngestBatch Points(string[] keys, params MetricPoint[] points) => new("r") { Metrics = new MetricBatch(keys, points) };
}
