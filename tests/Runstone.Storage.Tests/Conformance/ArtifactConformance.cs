using Runstone.Core.Artifacts;
using Runstone.Core.Datasets;
using Runstone.Core.Experiments;
using Runstone.Core.Ingest;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>What every engine promises as <see cref="IArtifactStore"/> and <see cref="IDatasetStore"/>.</summary>
public abstract class ArtifactConformance : StoreConformance
{
    private static readonly BlobRef Ten = new(new string('a', 64), 10);

    [Fact]
    public async Task A_file_is_found_by_its_path_only()
    {
        await WriteAsync(Create("r1") with { Artifacts = [new("d/f", Ten)] });

        Assert.Equal(new Artifact("d/f", Ten, Now), await Store.Artifacts.GetAsync("r1", "d/f", Token));
        Assert.Null(await Store.Artifacts.GetAsync("r1", "d", Token));
        Assert.Null(await Store.Artifacts.GetAsync("r1", "D/F", Token));
        Assert.Null(await Store.Artifacts.GetAsync("r2", "d/f", Token));
    }

    [Fact]
    public async Task A_listing_shows_one_level_with_folders_summed()
    {
        await WriteAsync(Create("r1") with { Artifacts = [new("b", Ten), new("a.txt", Ten), new("a/x", Ten), new("a/y/z", Ten), new("a0", Ten), new("𝔎/k", Ten)] });

        var root = await Store.Artifacts.ListAsync("r1", "", Token);

        Assert.Equal<string[]>(["a", "a.txt", "a0", "b", "𝔎"], [.. root.Select(e => e.Path)]);
        Assert.Equal(new ArtifactEntry("a", true, 20, null, Now), root[0]);
        Assert.Equal(new ArtifactEntry("b", false, 10, Ten.Sha256, Now), root[3]);
        Assert.Equal([new ArtifactEntry("a/x", false, 10, Ten.Sha256, Now), new ArtifactEntry("a/y", true, 10, null, Now)], await Store.Artifacts.ListAsync("r1", "a", Token));
        Assert.Empty(await Store.Artifacts.ListAsync("r1", "b", Token));
        Assert.Empty(await Store.Artifacts.ListAsync("r1", "c", Token));
        Assert.Empty(await Store.Artifacts.ListAsync("r2", "", Token));
    }

    [Fact]
    public async Task Everything_below_is_listed_in_pages()
    {
        await WriteAsync(Create("r1") with { Artifacts = [new("a.txt", Ten), new("a/x", Ten), new("a/y/z", Ten), new("a0", Ten), new("b", Ten)] });

        Assert.Equal(["a.txt", "a/x", "a/y/z", "a0", "b"], await AllAsync("", "", 10));
        Assert.Equal(["a/x", "a/y/z"], await AllAsync("a", "", 10));
        Assert.Equal(["b"], await AllAsync("b", "", 10));
        Assert.Equal(["a.txt", "a/x"], await AllAsync("", "", 2));
        Assert.Equal(["a/y/z", "a0"], await AllAsync("", "a/x", 2));
        Assert.Empty(await AllAsync("", "b", 2));
    }

    [Fact]
    public async Task Removing_is_no_pattern()
    {
        await WriteAsync(Create("r1") with { Artifacts = [new("a%/x", Ten), new("ab/x", Ten), new("a_", Ten)] });

        await WriteAsync(new IngestBatch("r1") { RemoveArtifacts = ["a%", "a_"] });

        Assert.Equal(["ab/x"], await AllAsync("", "", 10));
    }

    [Fact]
    public async Task Dataset_uses_are_distinct_and_newest_first()
    {
        var other = await ExperimentAsync("other");
        var (old, young) = (new Dataset("old", "1", "local", ""), new Dataset("young", "2", "local", ""));
        await CommitAsync(
            Create("a") with { Inputs = [new(old, [new("c", "training")])] },
            Create("b") with { Inputs = [new(old, [new("c", "training")]), new(young, [new("x", "y")])] },
            Create("c") with { Inputs = [new(old, [new("c", "testing")])] },
            Create("d", other) with { Inputs = [new(old, [])] },
            Create("e") with { Inputs = [new(old with { Name = "deleted" }, [])], Patch = new RunPatch { Lifecycle = Lifecycle.Deleted } });

        DatasetUse[] here = [new(0, "young", "2", null), new(0, "old", "1", "testing"), new(0, "old", "1", "training")];
        Assert.Equal(here, await Store.Datasets.ListUsesAsync([0], "c", 10, Token));
        Assert.Equal(here[..1], await Store.Datasets.ListUsesAsync([0], "c", 1, Token));
        Assert.Equal([new(other, "old", "1", null), .. here], await Store.Datasets.ListUsesAsync([0, other], "c", 10, Token));
        Assert.Empty(await Store.Datasets.ListUsesAsync([99], "c", 10, Token));
    }

    private async Task<string[]> AllAsync(string path, string after, int limit) =>
        [.. (await Store.Artifacts.ListAllAsync("r1", path, after, limit, Token)).Select(a => a.Path)];
}
