using CsCheck;
using Runstone.Core.Artifacts;
using Runstone.Core.Experiments;
using Runstone.Core.Media;
using Runstone.Core.Metrics;
using Runstone.Formats.Mlflow;

namespace Runstone.Formats.Tests.Mlflow;

public sealed class MediaNamingTests
{
    private static readonly MediaNaming Naming = new();
    private static readonly Tag User = new("mlflow.user", "ana");

    [Theory]
    [InlineData('+')]
    [InlineData('%')]
    public void A_picture_of_a_step_is_known_by_its_name_with_its_small_one(char separator)
    {
        var picture = "images/val#dog+step+12+timestamp+1764000000123+0b5c-11".Replace('+', separator);
        var found = Assert.Single(Read([User], picture + ".png", $"{picture}{separator}compressed.webp"));
        Assert.Equal(new MediaItem("val/dog", new Step(12), 1_764_000_000_123, MediaType.Image) { Path = picture + ".png" }, found.Item);
        Assert.Equal($"{picture}{separator}compressed.webp", found.Preview);
        Assert.Null(Assert.Single(Read([User], picture + ".png")).Preview);
    }

    [Theory]
    [InlineData("images/a%b%step%-3%timestamp%5%u.png", "a%b", -3)]
    [InlineData("images/step%step%0%timestamp%0%u.webp", "step", 0)]
    [InlineData("images/a%b+c+step+7+timestamp+5+u.png", "a%b+c", 7)]
    [InlineData("images/a+b%step%7%timestamp%5%u.png", "a+b", 7)]
    public void A_key_may_hold_anything(string path, string key, long step) =>
        Assert.Equal((key, new Step(step)), MediaNaming.ReadImage(path) is { } found ? (found.Item.Key, found.Item.Step) : default);

    [Theory]
    [InlineData("images/a.png")]
    [InlineData("images/%step%1%timestamp%1%u.png")]
    [InlineData("images/a%step%1%timestamp%1%.png")]
    [InlineData("images/a%step%one%timestamp%1%u.png")]
    [InlineData("images/a%step%99999999999999999999%timestamp%1%u.png")]
    [InlineData("images/a%step%1%timestamp%1%u")]
    [InlineData("elsewhere/a%step%1%timestamp%1%u.png")]
    [InlineData("images/a%step%1%timestamp%1%u%compressed.webp")]
    [InlineData("images/a+step+1+timestamp+1+u+compressed.webp")]
    [InlineData("images/a+step%1+timestamp%1+u.png")]
    public void Any_other_name_tells_of_no_step(string path) => Assert.Null(MediaNaming.ReadImage(path));

    [Fact]
    public void Figures_are_pictures_and_pages_outside_of_models()
    {
        var found = Read([User], "roc.PNG", "plots/a.html", "notes.txt", "model/MLmodel", "model/in.png", "modelled.svg", "media/own.png");
        Assert.Equal(
            [("plots/a.html", MediaType.Html), ("modelled.svg", MediaType.Image), ("roc.PNG", MediaType.Image)],
            found.Select(f => (f.Item.Key, f.Item.Type)).OrderBy(f => f.Type == MediaType.Image).ThenBy(f => f.Key, StringComparer.Ordinal));
        Assert.All(found, f => Assert.Equal((f.Item.Key, new Step(0), 7L), (f.Item.Path, f.Item.Step, f.Item.Time)));
    }

    [Fact]
    public void Tables_stand_in_a_tag()
    {
        Tag[] tags = [new("mlflow.loggedArtifacts", """[{"path": "t/a.json", "type": "table"}, {"path": "b.json", "type": "other"}, {"path": "../c", "type": "table"}, 5]""")];
        Assert.Equal<string[]>(["", "t/a.json"], [.. Naming.FoldersOf(tags).Select(f => f.Path)]);
        Assert.Equal(new MediaItem("t/a.json", new Step(0), 7, MediaType.Table) { Path = "t/a.json" }, Assert.Single(Read(tags, "t/a.json", "b.json")).Item);
    }

    [Fact]
    public void Runs_of_other_clients_are_not_looked_at() => Assert.Empty(Naming.FoldersOf([]));

    [Fact]
    public void Pictures_are_looked_for_where_the_run_says_that_it_has_some() =>
        Assert.Equal<string[]>(["", "images"], [.. Naming.FoldersOf([new("mlflow.loggedImages", "True")]).Select(f => f.Path)]);

    [Fact]
    public void Any_tag_and_any_path_are_read_or_passed_over() =>
        Gen.Select(Gen.String[Gen.Char["[]{}\":,pathtyeble ./\\ud8"], 0, 50], Gen.String[Gen.Char["images/#%+steptimestamp019.pngwebp"], 0, 60]).Sample((tag, path) =>
        {
            Tag[] tags = [new("mlflow.loggedArtifacts", tag)];
            Assert.All(Naming.FoldersOf(tags), folder => Assert.Null(ArtifactPath.Check(folder.Path, folder: true)));
            Assert.True(Read(tags, path).Count <= 1);
            Assert.True(MediaNaming.ReadImage("images/" + path) is null or { Item.Key.Length: > 0 });
        });

    private static IReadOnlyList<NamedMedia> Read(Tag[] tags, params string[] paths) =>
        Naming.Read(tags, [.. paths.Select(p => new Artifact(p, new BlobRef("", 0), 7))]);
}
