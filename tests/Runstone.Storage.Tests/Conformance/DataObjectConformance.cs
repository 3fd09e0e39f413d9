using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Runstone.Core.Artifacts;
using Runstone.Core.Data;
using Runstone.Core.Errors;

namespace Runstone.Storage.Tests.Conformance;

/// <summary>What every engine promises as <see cref="IDataObjectStore"/>.</summary>
public abstract class DataObjectConformance : StoreConformance
{
    private IDataObjectStore Objects => Store.DataObjects;

    [Fact]
    public async Task Objects_are_found_where_their_pack_put_them_first()
    {
        var (one, two) = (new BlobRef(Hash("pack 1"), 900), new BlobRef(Hash("pack 2"), 800));
        var first = Enumerable.Range(0, 5).Select(i => Object(i, one)).ToArray();
        var second = Enumerable.Range(3, 5).Select(i => Object(i, two)).ToArray();
        Assert.Equal([Hash("3"), Hash("4")], await Objects.FindMissingAsync([Hash("3"), Hash("4")], Token));

        await Objects.AddPackAsync(one, first, Now, Token);
        await Objects.AddPackAsync(two, [.. second, .. second], Now, Token);
        await Objects.AddPackAsync(one, [Object(99, one)], Now, Token);

        Assert.Equal([Hash("99"), Hash("8")], await Objects.FindMissingAsync([Hash("99"), Hash("7"), Hash("8"), Hash("0")], Token));
        Assert.Equal([second[4], first[3], first[0]], await Objects.FindAsync([Hash("7"), Hash("9"), Hash("3"), Hash("0")], Token));
        Assert.Empty(await Objects.FindAsync([], Token));
        Assert.Equal(
            new[] { one, two }.OrderBy(p => p.Sha256, StringComparer.Ordinal), await Store.BlobReferences.ListAsync(Token).ToListAsync(Token));
    }

    [Fact]
    public async Task Many_who_send_the_same_keep_it_once()
    {
        var packs = Enumerable.Range(0, 8).Select(i => new BlobRef(Hash($"pack {i}"), i)).ToArray();
        await Task.WhenAll(packs.Select(pack => Task.Run(() => Objects.AddPackAsync(pack, [.. Enumerable.Range(0, 100).Select(i => Object(i, pack))], Now, Token), Token)));

        var found = await Objects.FindAsync([.. Enumerable.Range(0, 100).Select(i => Hash($"{i}"))], Token);
        Assert.Equal(100, found.Count);
        Assert.Equal([100L], await Store.Numbers("select count(*) from data_object"));
    }

    [Fact]
    public async Task A_pack_that_is_being_removed_is_not_linked_and_a_linked_one_is_not_removed()
    {
        var (unused, used) = (new BlobRef(Hash("unused"), 1), new BlobRef(Hash("used"), 1));
        await Objects.AddPackAsync(used, [Object(1, used)], Now, Token);

        Assert.Equal([unused.Sha256], await Store.BlobReferences.CondemnAsync([unused.Sha256, used.Sha256], Now, Token));
        var refused = await Assert.ThrowsAsync<RunstoneException>(() => Objects.AddPackAsync(unused, [Object(2, unused)], Now, Token));
        Assert.Equal(new BlobCondemned(unused.Sha256), refused.Error);
        Assert.Equal([Hash("2")], await Objects.FindMissingAsync([Hash("2")], Token));
    }

    [Fact]
    public async Task Files_that_were_hashed_are_known()
    {
        DataFile[] files = [new(Hash("a"), 7, Hash("recipe"), Now), new(Hash("b"), 0, Hash("b"), Now)];
        await Objects.AddFilesAsync([.. files, files[0]], Token);
        await Objects.AddFilesAsync([files[0] with { Recipe = Hash("another"), CheckedAt = Now + 1 }], Token);

        Assert.Equal([files[1], files[0]], await Objects.FindFilesAsync([Hash("b"), Hash("c"), Hash("a")], Token));
    }

    private static DataObject Object(int number, BlobRef pack) =>
        new(Hash(number.ToString(CultureInfo.InvariantCulture)), number % 3, number % 2, 100 + number, pack.Sha256, 8 + (number * 50), 50);

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
