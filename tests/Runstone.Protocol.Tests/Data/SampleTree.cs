using System.Text;
using CsCheck;
using Runstone.Protocol.Data;

namespace Runstone.Protocol.Tests.Data;

/// <summary>
/// Trees of few entries that have many pages on three levels: a good part of the names are such that a page ends with them, on the lowest level or on the two lowest, by the definition in
/// docs/formats/data-versions.md.
/// </summary>
internal static class SampleTree
{
    private static readonly Lazy<string[]> AllNames = new(MakeNames);

    /// <summary>2,400 names in an order of no meaning; every 3rd ends a page of level 0, every 20th one of level 1 too.</summary>
    public static string[] Names => AllNames.Value;

    /// <summary>A content of few, so that some files have the same.</summary>
    public static readonly Gen<(int Seed, bool IsReference)> Content = Gen.Select(Gen.Int[0, 30], Gen.Int[0, 9].Select(n => n == 0));

    public static readonly Gen<TreeEntry> Entry = Gen.Select(Gen.Int[0, 2399], Content).Select((name, content) => MakeEntry(Names[name], content));

    /// <summary>Any number of entries, none to all names.</summary>
    public static readonly Gen<SortedDictionary<string, TreeEntry>> Entries =
        Gen.OneOf(Gen.Int[0, 40], Gen.Int[0, 2400]).SelectMany(count => Gen.Select(Entry.Array[count], _ => _)).Select(Sort);

    /// <summary>Entries, and the same after some are added, replaced and removed, of all or of a small part of the names.</summary>
    public static readonly Gen<(SortedDictionary<string, TreeEntry> Before, SortedDictionary<string, TreeEntry> After)> Pair =
        Gen.Select(Entries, Entry.Array[0, 12], Gen.Int[0, 12], Gen.Int[0, 1 << 20]).Select((before, puts, removes, at) => (before, Change(before, puts, removes, at)));

    public static SortedDictionary<string, TreeEntry> Change(SortedDictionary<string, TreeEntry> before, TreeEntry[] puts, int removes, int at)
    {
        var after = new SortedDictionary<string, TreeEntry>(before, DataPath.Order);
        var paths = before.Keys.ToArray();
        for (var i = 0; i < removes && paths.Length > 0; i++)
            after.Remove(paths[(at + i) % paths.Length]);
        foreach (var put in puts)
            after[put.Path] = put;
        return after;
    }

    public static SortedDictionary<string, TreeEntry> Sort(IEnumerable<TreeEntry> entries)
    {
        var sorted = new SortedDictionary<string, TreeEntry>(DataPath.Order);
        foreach (var entry in entries)
            sorted[entry.Path] = entry;
        return sorted;
    }

    public static async Task<TreeRoot> BuildAsync(MemoryObjects objects, IEnumerable<TreeEntry> entries)
    {
        var builder = new TreeBuilder(objects);
        foreach (var entry in entries)
            await builder.AddAsync(entry);
        return await builder.EndAsync();
    }

    public static async Task<List<TreeEntry>> ReadAsync(MemoryObjects objects, DataObjectId root)
    {
        var entries = new List<TreeEntry>();
        await foreach (var entry in new TreeReader(objects, root).RangeAsync())
            entries.Add(entry);
        return entries;
    }

    public static TreeEntry MakeEntry(string path, (int Seed, bool IsReference) content)
    {
        var sha256 = DataObjectId.Of([(byte)content.Seed]);
        return content.IsReference
            ? TreeEntry.Reference(path, content.Seed, content.Seed % 2 == 0 ? sha256 : null, $"s3://bucket/{content.Seed}")
            : TreeEntry.File(path, content.Seed * 1000L, sha256);
    }

    private static string[] MakeNames()
    {
        var (plain, ending, endingTwice) = (new List<string>(), new List<string>(), new List<string>());
        for (var i = 0; endingTwice.Count < 120; i++)
        {
            var name = $"{"abc"[i % 3]}/{(i % 5 == 0 ? "x/" : "")}{i:x}";
            if (!Ends(0, name))
            {
                if (plain.Count < 1600)
                    plain.Add(name);
            }
            else if (Ends(1, name))
            {
                endingTwice.Add(name);
            }
            else if (ending.Count < 680)
            {
                ending.Add(name);
            }
        }

        return [.. plain, .. ending, .. endingTwice];
    }

    private static bool Ends(int level, string path)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in (byte[])[(byte)level, .. Encoding.UTF8.GetBytes(path)])
            hash = (hash ^ b) * 1099511628211UL;
        hash ^= hash >> 32;
        return (hash * 11400714819323198485UL) >> 56 == 0;
    }
}
