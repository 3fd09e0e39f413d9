using CsCheck;
using Runstone.Protocol.Data;

namespace Runstone.Protocol.Tests.Data;

/// <summary>Bytes of pages and versions are accepted exactly as they would be written, or refused with the place.</summary>
public sealed class DataDecoderTests
{
    private static readonly Gen<string> Text = Gen.OneOf(Gen.String[Gen.Char['a', 'z'], 1, 20], Gen.Const("\u00E9\U0001F642"));

    private static readonly Gen<VersionRecord> Version = Gen.Select(Gen.Int[0, 2], Text, Gen.Long[0, VersionRecord.MaxTime], Gen.OneOf(Text, Gen.Const(""), Gen.Const("a\n\tb")), Gen.OneOf(Text, Gen.Const("")))
        .Select((parents, author, time, message, run) => new VersionRecord
        {
            Root = DataObjectId.Of("root"u8),
            Parents = [.. Enumerable.Range(0, parents).Select(i => DataObjectId.Of([(byte)i]))],
            Author = author,
            Time = time,
            Message = message,
            RunId = run.Length == 0 ? null : run,
        });

    private static readonly Gen<(int At, byte Value)[]> Changes = Gen.Select(Gen.OneOf(Gen.Int[0, 40], Gen.Int[0, 1 << 20]), Gen.OneOf(Gen.Byte, Gen.Byte[0, 3])).Array[1, 4];

    [Fact]
    public async Task Tree_pages_are_what_they_were() => await SampleTree.Entries.SampleAsync(async entries =>
    {
        var objects = new MemoryObjects();
        await SampleTree.BuildAsync(objects, entries.Values);
        Assert.All(objects.All, page => Assert.Equal(page.Value.ToArray(), TreePage.Decode(page.Value.Span).Encode()));
    }, iter: 20);

    [Fact]
    public async Task Changed_tree_pages_are_read_as_written_or_refused() => await Gen.Select(SampleTree.Entries, Changes, Gen.Int[0, 60]).SampleAsync(async (entries, changes, cut) =>
    {
        var objects = new MemoryObjects();
        await SampleTree.BuildAsync(objects, entries.Values);
        foreach (var (_, page) in objects.All)
            ReadOrRefuse(Change(page.ToArray(), changes, cut), bytes => TreePage.Decode(bytes).Encode());
    }, iter: 60);

    [Fact]
    public void Any_tree_page_is_read_as_written_or_refused() => Gen.Select(Gen.Byte[0, 2], Gen.Byte[0, 4], Gen.OneOf(Gen.Byte, Gen.Byte[0, 3]).Array[0, 120])
        .Sample((level, count, rest) => ReadOrRefuse([1, level, count, 0, .. rest], bytes => TreePage.Decode(bytes).Encode()), iter: 5000);

    [Fact]
    public void Recipe_pages_are_read_as_written_or_refused() => Gen.Select(Gen.Byte[0, 16], Gen.Byte[0, 4], Gen.OneOf(Gen.Byte, Gen.Byte[0, 3]).Array[0, 170])
        .Sample((level, count, rest) => ReadOrRefuse([1, level, count, 0, .. rest], bytes => RecipePage.Decode(bytes).Encode()), iter: 5000);

    [Fact]
    public void Versions_are_read_back() => Version.Sample(version =>
    {
        var read = VersionRecord.Decode(version.Encode());
        Assert.Equal(version, read);
        Assert.Equal(version.Id(), DataObjectId.Of(read.Encode()));
    });

    [Fact]
    public void Changed_versions_are_read_as_written_or_refused() => Gen.Select(Version, Changes, Gen.Int[0, 60]).Sample((version, changes, cut) =>
        ReadOrRefuse(Change(version.Encode(), changes, cut), bytes => VersionRecord.Decode(bytes).Encode()), iter: 2000);

    [Theory]
    [InlineData("", "byte 0", "the version")]
    [InlineData("02 00 00 00", "byte 0", "version is 2")]
    [InlineData("01 10 01 00", "byte 1", "level is 16")]
    [InlineData("01 01 00 00", "byte 2", "0 items")]
    [InlineData("01 00 01 04", "byte 2", "1025 items")]
    [InlineData("01 00 00 04", "byte 2", "1024 items in 0 bytes")]
    [InlineData("01 00 00 00 00", "byte 4", "1 bytes are left over")]
    [InlineData("01 00 01 00 01 01 61", "byte 4", "shares with the one before is 1")]
    [InlineData("01 00 01 00 00 00 61", "byte 5", "length of the rest of a path is 0")]
    [InlineData("01 00 01 00 80 00 61", "byte 4", "needless bytes")]
    [InlineData("01 00 01 00 00 FF FF FF FF FF FF FF FF FF 01", "byte 5", "more than 63 bits")]
    [InlineData("01 00 01 00 00 FF FF", "byte 5", "ends inside")]
    [InlineData("01 00 01 00 00 04 61", "byte 6", "4 bytes, where 1 are left")]
    [InlineData("01 00 01 00 00 01 FF", "byte 4", "not UTF-8")]
    [InlineData("01 00 01 00 00 01 2E", "byte 4", "\".\"")]
    [InlineData("01 00 01 00 00 01 61 03 00", "byte 7", "unknown kind 3")]
    [InlineData("01 00 01 00 00 01 61 02 80 80 80 80 80 80 80 10 01 61", "byte 8", "size of a file is 9007199254740992")]
    [InlineData("01 00 01 00 00 01 61 02 00 00", "byte 9", "length of an address is 0")]
    [InlineData("01 00 01 00 00 01 61 02 00 01 0A", "byte 9", "control character")]
    [InlineData("01 00 02 00 00 01 62 02 00 01 61 00 01 61 02 00 01 61", "byte 11", "before the one before")]
    [InlineData("01 00 02 00 00 01 62 02 00 01 61 00 02 62 63 02 00 01 61", "byte 11", "shares more")]
    [InlineData("01 00 02 00 00 01 62 02 00 01 61 01 01", "byte 13", "rest of a path")]
    public void A_refused_tree_page_says_where_and_what(string hex, params string[] words) => AssertRefused(() => TreePage.Decode(Bytes(hex)), words);

    [Theory]
    [InlineData("01 00 00 00", "byte 2", "0 items")]
    [InlineData("01 00 01 00 @ 00", "byte 36", "length of an item is 0")]
    [InlineData("01 00 01 00 @ 81 80 80 02", "byte 36", "length of an item is 4194305")]
    [InlineData("01 00 01 00 @ 05 00", "byte 37", "1 bytes are left over")]
    [InlineData("01 01 02 00 @ FF FF FF FF FF FF FF 0F @ 01", "byte 76", "more than 9007199254740991 bytes")]
    public void A_refused_recipe_page_says_where_and_what(string hex, params string[] words) => AssertRefused(() => RecipePage.Decode(Bytes(hex)), words);

    [Theory]
    [InlineData("02", "byte 0", "format is 2")]
    [InlineData("01 @ 03 @ @ @", "byte 33", "3 parents")]
    [InlineData("01 @ 02 @ @", "byte 33", "both parents are the same")]
    [InlineData("01 @ 00 80 80 80 80 80 80 80 01", "byte 34", "the time")]
    [InlineData("01 @ 00 00 00", "byte 35", "length of the author is 0")]
    [InlineData("01 @ 00 00 01 0A", "byte 35", "the author has the control character U+000A")]
    [InlineData("01 @ 00 00 01 61 00 01 0D", "byte 38", "the message has the control character U+000D")]
    [InlineData("01 @ 00 00 01 61 00 00 00", "byte 39", "left over")]
    public void A_refused_version_says_where_and_what(string hex, params string[] words) => AssertRefused(() => VersionRecord.Decode(Bytes(hex)), words);

    [Fact]
    public async Task A_tree_page_that_goes_on_where_it_ends_is_refused()
    {
        var ending = SampleTree.Names.Skip(1600).First(n => n.StartsWith('c'));
        var names = SampleTree.Names.Take(1600).Where(n => DataPath.Compare(n, ending) < 0).Take(15).Order(DataPath.Order).Append(ending);
        var (objects, last) = (new MemoryObjects(), new MemoryObjects());
        var entry = SampleTree.MakeEntry("z", (1, false));
        await SampleTree.BuildAsync(last, [entry]);
        await SampleTree.BuildAsync(objects, names.Select(n => SampleTree.MakeEntry(n, (1, false))));
        var page = objects.All.Single().Value.ToArray();
        Assert.Equal(16, TreePage.Decode(page).Count);

        // The path "z" shares nothing with the one before, so that its bytes are the same as in a page of its own.
        byte[] longer = [.. page, .. last.All.Single().Value.ToArray()[4..]];
        longer[2] = 17;
        AssertRefused(() => TreePage.Decode(longer), [$"byte {page.Length}", "behind item 15, which ends a page"]);
    }

    [Fact]
    public void A_version_that_cannot_be_read_is_not_written()
    {
        var version = new VersionRecord { Root = default, Author = "a", Time = 0 };
        foreach (var wrong in (VersionRecord[])[
            version with { Author = "" }, version with { Author = "\uD800" }, version with { Author = new string('\u00E9', 129) }, version with { Time = -1 }, version with { RunId = "" },
            version with { Message = "\r" }, version with { Message = new string('a', (64 << 10) + 1) }, version with { Parents = [default, default] },
            version with { Parents = [default, DataObjectId.Of([]), DataObjectId.Of([1])] }])
        {
            Assert.Throws<InvalidDataException>(wrong.Encode);
        }
    }

    [Fact]
    public void Ids_are_read_as_sha256sum_prints_them()
    {
        var id = DataObjectId.Of("abc"u8);
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", id.ToString());
        Assert.True(DataObjectId.TryParse(id.ToString(), out var read));
        Assert.Equal(id, read);
        Assert.All((string?[])[null, "", id.ToString().ToUpperInvariant(), id + "0", new string('g', 64)], text => Assert.False(DataObjectId.TryParse(text, out _)));
    }

    private static byte[] Change(byte[] bytes, (int At, byte Value)[] changes, int cut)
    {
        foreach (var (at, value) in changes)
            bytes[at % bytes.Length] = value;
        return bytes[..Math.Max(0, bytes.Length - Math.Max(0, cut - 50))];
    }

    private static void ReadOrRefuse(byte[] bytes, Func<byte[], byte[]> readAndWrite)
    {
        try
        {
            Assert.Equal(bytes, readAndWrite(bytes));
        }
        catch (InvalidDataException e)
        {
            Assert.Contains("damaged at byte", e.Message, StringComparison.Ordinal);
        }
    }

    private static void AssertRefused(Action decode, string[] words)
    {
        var refused = Assert.Throws<InvalidDataException>(decode);
        Assert.All(words, word => Assert.Contains(word, refused.Message, StringComparison.Ordinal));
    }

    private static byte[] Bytes(string hex) =>
        Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal).Replace("@", string.Concat(Enumerable.Repeat("11", 32)), StringComparison.Ordinal));
}
