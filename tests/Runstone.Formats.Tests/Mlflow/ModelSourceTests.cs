using CsCheck;
using Runstone.Core.Errors;
using Runstone.Core.Runs;
using Runstone.Formats.Mlflow;

namespace Runstone.Formats.Tests.Mlflow;

public sealed class ModelSourceTests
{
    [Theory]
    [InlineData("models:/income/3", "income", 3)]
    [InlineData("models:/income%20model/12", "income model", 12)]
    public void A_version_is_named_by_model_and_number(string source, string name, int version) =>
        Assert.Equal(new ModelReference(name, version), ModelSource.Reference(source));

    [Theory]
    [InlineData("models:/income")]
    [InlineData("models:/income/latest")]
    [InlineData("models:/income@champion")]
    [InlineData("models:/a/1/2")]
    [InlineData("models:/m-f3d43b6d50714217a8e66f36bb93205c/x")]
    public void Any_other_reference_is_refused(string source) =>
        Assert.Equal(ErrorCode.Invalid, Assert.Throws<RunstoneException>(() => ModelSource.Reference(source)).Error.Code);

    [Theory]
    [InlineData("mlflow-artifacts:/1/r/artifacts/model")]
    [InlineData("s3://bucket/model")]
    [InlineData("dummy-source")]
    public void The_address_of_files_is_no_reference(string source) => Assert.Null(ModelSource.Reference(source));

    [Theory]
    [InlineData("mlflow-artifacts:/1/r/artifacts/model")]
    [InlineData("s3://bucket/some..thing/model")]
    [InlineData("https://example.org/model?version=1")]
    public void An_absolute_address_is_accepted(string source) => ModelSource.Check(source, null);

    [Theory]
    [InlineData("mlflow-artifacts:/1/r/../../other")]
    [InlineData("s3://bucket/%2e%2e/other")]
    [InlineData("s3://bucket/%252e%252e%252fother")]
    [InlineData("s3://bucket/%252525252525252525252e./other")]
    [InlineData("s3://bucket/..\\other")]
    [InlineData("https://example.org/model?path=/../etc")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("C:\\models")]
    [InlineData("relative/model")]
    public void An_address_that_climbs_or_a_path_on_the_disk_is_refused(string source) =>
        Assert.Equal("source", Assert.Throws<RunstoneException>(() => ModelSource.Check(source, null)).Error.Field);

    [Fact]
    public void Whatever_is_accepted_has_a_scheme_and_does_not_climb() =>
        Gen.String[Gen.Char["a:/.%2eEfF5cC\\?#"], 0, 40].Sample(text =>
        {
            var source = "s3:" + text;
            try
            {
                ModelSource.Check(source, null);
            }
            catch (RunstoneException)
            {
                return;
            }

            for (var round = 0; round < 20; round++)
                source = Uri.UnescapeDataString(source);
            Assert.DoesNotContain(source.Split('/', '\\', '?', '#'), part => part is "..");
        });

    [Fact]
    public void A_path_is_accepted_inside_the_artifacts_of_the_run_only()
    {
        var run = new Run { Id = "r", ExperimentId = 1, Name = "n", ArtifactUri = "file:///data/1/r/artifacts" };
        ModelSource.Check("/data/1/r/artifacts/model", run);
        ModelSource.Check("file:///data/1/r/artifacts", run);

        Assert.Throws<RunstoneException>(() => ModelSource.Check("/data/1/r/artifacts-of-another", run));
        Assert.Throws<RunstoneException>(() => ModelSource.Check("/data/1/r/artifacts/../../other", run));
        Assert.Throws<RunstoneException>(() => ModelSource.Check("/data/1/r/artifacts/model", run with { ArtifactUri = null }));
    }
}
