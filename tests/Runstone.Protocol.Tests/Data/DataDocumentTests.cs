using System.Text.RegularExpressions;
using Runstone.Protocol.Data;

namespace Runstone.Protocol.Tests.Data;

/// <summary>The vectors in docs/formats/data-versions.md are what the code makes.</summary>
public sealed partial class DataDocumentTests
{
    private static readonly string Document = File.ReadAllText(FindDocument());

    [Fact]
    public async Task The_documented_bytes_are_true()
    {
        var vectors = Vector().Matches(Document).Select(v => (Bytes: Convert.FromHexString(Blanks().Replace(v.Groups["bytes"].Value, "")), Sha256: v.Groups["sha256"].Value)).ToArray();
        var made = await MakeAsync();
        Assert.Equal(made.ConvertAll(Convert.ToHexString), [.. vectors.Select(v => Convert.ToHexString(v.Bytes))]);
        Assert.All(vectors, v => Assert.Equal(v.Sha256, DataObjectId.Of(v.Bytes).ToString()));
    }

    [Fact]
    public async Task The_documented_roots_are_true()
    {
        var recipe = new RecipeBuilder(new MemoryObjects());
        for (var i = 0L; i < 100_000; i++)
            await recipe.AddAsync(Sha(i), (int)(70_000 + i));
        var roots = new[]
        {
            (await FilesAsync(5_000)).ToString(),
            (await FilesAsync(100_000)).ToString(),
            (await SampleTree.BuildAsync(new MemoryObjects(), Enumerable.Range(0, 300).Select(i => TreeEntry.Reference($"w/{i:d4}", i, null, "x:" + new string('a', 4000))))).Page.ToString(),
            (await recipe.EndAsync())!.Value.ToString(),
        };
        Assert.Equal<string[]>(roots, [.. Root().Matches(Document).Select(m => m.Groups["root"].Value)]);
    }

    private static async Task<List<byte[]>> MakeAsync()
    {
        var empty = await TreeAsync();
        var tree = await TreeAsync(
            TreeEntry.Reference("README.md", 300, DataObjectId.Of("x"u8), "https://example.org/r"), TreeEntry.File("data/a.csv", 0, DataObjectId.Of([])),
            TreeEntry.File("data/b.csv", 3, DataObjectId.Of("abc"u8)), TreeEntry.Reference("data/big.bin", 5_000_000_000, null, "s3://bucket/big.bin"));
        var recipes = new MemoryObjects();
        var recipe = new RecipeBuilder(recipes);
        await recipe.AddAsync(DataObjectId.Of("first"u8), 65_536);
        await recipe.AddAsync(DataObjectId.Of("second"u8), 5);
        await recipe.EndAsync();
        var pack = new MemoryStream();
        var writer = new PackWriter(pack);
        await writer.AddAsync(DataObjectKind.Chunk, PackFlags.None, DataObjectId.Of("abc"u8), 3, "abc"u8.ToArray());
        await writer.AddAsync(DataObjectKind.TreePage, PackFlags.None, DataObjectId.Of(empty), empty.Length, empty);
        await writer.EndAsync();
        var first = new VersionRecord { Root = DataObjectId.Of(empty), Author = "ann", Time = 1764000000000, Message = "first" };
        var second = new VersionRecord { Root = DataObjectId.Of(tree), Parents = [first.Id()], Author = "bob", Time = 1764000000001, RunId = "run1" };
        return [empty, tree, recipes.All.Single().Value.ToArray(), pack.ToArray(), first.Encode(), second.Encode()];
    }

    private static async Task<byte[]> TreeAsync(params TreeEntry[] entries)
    {
        var objects = new MemoryObjects();
        await SampleTree.BuildAsync(objects, entries);
        return objects.All.Single().Value.ToArray();
    }

    private static async Task<DataObjectId> FilesAsync(int count) =>
        (await SampleTree.BuildAsync(new MemoryObjects(), Enumerable.Range(0, count).Select(i => TreeEntry.File($"f/{i:d6}", i, Sha(i))))).Page;

    private static DataObjectId Sha(long number) => DataObjectId.Of(BitConverter.GetBytes(number));

    private static string FindDocument()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Runstone.slnx")))
            folder = folder.Parent;
        return Path.Combine(folder!.FullName, "docs", "formats", "data-versions.md");
    }

    [GeneratedRegex(@"^bytes:  (?<bytes>[0-9A-F \n]+)\nsha256: (?<sha256>[0-9a-f]{64})$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Vector();

    [GeneratedRegex(@"\| `(?<root>[0-9a-f]{64})` \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Root();

    [GeneratedRegex(@"\s", RegexOptions.None, 1000)]
    private static partial Regex Blanks();
}
