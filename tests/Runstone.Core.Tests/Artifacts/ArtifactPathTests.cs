using CsCheck;
using Runstone.Core.Artifacts;
using Runstone.Core.Errors;

namespace Runstone.Core.Tests.Artifacts;

public sealed class ArtifactPathTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("a/b/c.txt")]
    [InlineData("...")]
    [InlineData(".hidden/..a")]
    [InlineData("ünï/日本 x")]
    public void Plain_paths_are_accepted(string path) => Assert.Null(ArtifactPath.Check(path));

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("..")]
    [InlineData("a/../b")]
    [InlineData("./a")]
    [InlineData("a\\b")]
    [InlineData("C:/a")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    public void Others_are_refused(string path) => Assert.Equal(ErrorCode.Invalid, ArtifactPath.Check(path)?.Code);

    [Fact]
    public void Length_is_bounded_in_bytes()
    {
        Assert.Null(ArtifactPath.Check(new string('a', 255)));
        Assert.Equal(ErrorCode.TooLarge, ArtifactPath.Check(new string('a', 256))?.Code);
        Assert.Equal(ErrorCode.TooLarge, ArtifactPath.Check(new string('é', 128))?.Code);
        Assert.Equal(ErrorCode.TooLarge, ArtifactPath.Check(string.Join('/', Enumerable.Repeat("abc", 300)))?.Code);
    }

    [Fact]
    public void An_accepted_path_stays_below_its_folder() =>
        Gen.Char["ab./\\:\0 é"].Array[0, 12].Select(c => new string(c)).Sample(path =>
        {
            if (ArtifactPath.Check(path) is null)
                Assert.StartsWith("/root/", Path.GetFullPath(path, "/root"), StringComparison.Ordinal);
        });
}
