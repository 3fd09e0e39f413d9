using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Runstone.Core.Artifacts;
using Runstone.Protocol.Data;

namespace Runstone.Server.Tests.Api;

public sealed class DatasetEndpointsTests
{
    [Fact]
    public async Task What_is_committed_comes_back_byte_by_byte()
    {
        await using var server = await StartAsync();
        var sender = new DataSender(server);
        var large = Noise(1, 1_000_000);
        (string Path, byte[] Bytes)[] files =
        [
            ("raw/groß.csv", large), ("raw/empty", []), ("one", Encoding.UTF8.GetBytes("a,b\n1,2\n")), ("raw/deep/er/same", Encoding.UTF8.GetBytes("a,b\n1,2\n")),
        ];
        var version = await SendAsync(sender, files, "first");
        Assert.Equal(200, (await sender.CommitAsync(version, expected: null)).Status);
        var id = version.Id().ToString();

        foreach (var (path, bytes) in files)
        {
            using var response = await server.Client.GetAsync(FileOf("main", path));
            Assert.Equal(bytes, await response.Content.ReadAsByteArrayAsync());
            Assert.Equal($"\"{DataObjectId.Of(bytes)}\"", response.Headers.ETag!.Tag);
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, FileOf(id[..8], "raw/groß.csv")) { Headers = { Range = new RangeHeaderValue(300_001, 700_000) } };
        using var part = await server.Client.SendAsync(request);
        Assert.Equal((206, "bytes 300001-700000/1000000"), ((int)part.StatusCode, part.Content.Headers.ContentRange!.ToString()));
        Assert.Equal(large[300_001..700_001], await part.Content.ReadAsByteArrayAsync());

        var root = (await server.GetAsync("/datasets/d/tree?version=main")).Json.GetProperty("items").EnumerateArray();
        Assert.Equal<string[]>(["one 1 8", "raw 3 1000008"], [.. root.Select(i => $"{i.GetProperty("name")} {i.GetProperty("files")} {i.GetProperty("bytes")}")]);
        var raw = (await server.GetAsync("/datasets/d/tree?version=main&folder=raw&limit=2")).Json;
        Assert.Equal<string[]>(["deep", "empty"], [.. raw.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("name").GetString()!)]);
        var rest = (await server.GetAsync($"/datasets/d/tree?version=main&folder=raw&from={Uri.EscapeDataString(raw.GetProperty("next").GetString()!)}")).Json;
        Assert.Equal("raw/groß.csv", Assert.Single(rest.GetProperty("items").EnumerateArray()).GetProperty("file").GetProperty("path").GetString());

        var read = (await server.GetAsync("/datasets/d/version?version=main")).Json;
        Assert.Equal((id, "ada", "first", 4, 1_000_016), (Text(read, "id"), Text(read, "author"), Text(read, "message"), read.GetProperty("files").GetInt32(), read.GetProperty("bytes").GetInt32()));
        Assert.Equal(version.Encode().Length > 0, (await server.Client.GetByteArrayAsync($"/api/v1/data/objects/{version.Root}")).Length > 0);
    }

    [Fact]
    public async Task A_changed_row_costs_a_chunk_and_the_difference_is_named()
    {
        await using var server = await StartAsync();
        var sender = new DataSender(server);
        var table = Noise(2, 3_000_000);
        var first = await SendAsync(sender, [("table", table), ("gone", [1]), ("kept", [2])], "first");
        await sender.CommitAsync(first, expected: null);
        var before = sender.Sent;

        byte[] changed = [.. table[..1_500_000], 9, 9, 9, .. table[1_500_000..]];
        var second = await SendAsync(sender, [("table", changed), ("new", [3]), ("kept", [2])], "second", first.Id().ToString());
        Assert.Equal(200, (await sender.CommitAsync(second, first.Id().ToString())).Status);
        Assert.InRange(sender.Sent - before, 4, 8);

        var differences = (await server.GetAsync($"/datasets/d/diff?from={first.Id()}&to=main")).Json.GetProperty("differences").EnumerateArray();
        Assert.Equal<string[]>(["removed gone", "added new", "changed table"], [.. differences.Select(Shown)]);
        var page = (await server.GetAsync($"/datasets/d/diff?from={first.Id()}&to=main&limit=1")).Json;
        Assert.Equal("added new", Shown((await server.GetAsync($"/datasets/d/diff?from={first.Id()}&to=main&limit=1&after={Text(page, "next")}")).Json.GetProperty("differences")[0]));

        var history = (await server.GetAsync("/datasets/d/history?version=main&limit=1")).Json;
        Assert.Equal("second", Text(history.GetProperty("versions")[0], "message"));
        Assert.Equal("first", Text((await server.GetAsync($"/datasets/d/history?version=main&limit=1&pageToken={Text(history, "nextPageToken")}")).Json.GetProperty("versions")[0], "message"));

        static string Shown(JsonElement one) => $"{Text(one, "kind")} {Text(one.GetProperty(one.TryGetProperty("after", out _) ? "after" : "before"), "path")}";
    }

    [Fact]
    public async Task Branches_move_by_who_knows_where_they_are_and_tags_stay()
    {
        await using var server = await StartAsync();
        var sender = new DataSender(server);
        var first = await SendAsync(sender, [("a", [1])], "first");
        var (mine, theirs) = (await SendAsync(sender, [("a", [2])], "mine", first.Id().ToString()), await SendAsync(sender, [("a", [3])], "theirs", first.Id().ToString()));
        await sender.CommitAsync(first, expected: null);
        Assert.Equal(200, (await sender.CommitAsync(theirs, first.Id().ToString())).Status);

        var late = await sender.CommitAsync(mine, first.Id().ToString());
        Assert.Equal((409, "expected"), (late.Status, late.Field));
        Assert.Contains(theirs.Id().ToString(), late.Detail, StringComparison.Ordinal);
        Assert.Equal(200, (await sender.CommitAsync(mine, expected: null, branch: "feature/x")).Status);

        Assert.Equal(200, (await server.PutAsync("/datasets/d/tags/v1.0", """{"version":"main"}""")).Status);
        Assert.Equal(409, (await server.PutAsync("/datasets/d/tags/v1.0", """{"version":"feature/x"}""")).Status);
        Assert.Equal(200, (await server.PutAsync("/datasets/d/branches/other", """{"version":"v1.0"}""")).Status);
        Assert.Equal(204, (await server.DeleteAsync($"/datasets/d/branches/feature/x?expected={mine.Id()}")).Status);
        var names = (await server.GetAsync("/datasets/d/names")).Json;
        Assert.Equal<string[]>(["main", "other"], [.. names.GetProperty("branches").EnumerateArray().Select(b => Text(b, "name"))]);
        Assert.Equal(theirs.Id().ToString(), Text(names.GetProperty("tags")[0], "version"));
    }

    [Fact]
    public async Task Nothing_is_kept_of_what_is_not_whole()
    {
        await using var server = await StartAsync();
        var sender = new DataSender(server);
        var (entry, file) = await sender.AddAsync("table", Noise(3, 500_000));
        var version = await sender.VersionAsync([entry], "first");

        await sender.SendAsync(but: kind => kind == DataObjectKind.Chunk);
        var without = await sender.RegisterAsync(file);
        Assert.Equal((400, "files[0]"), (without.Status, without.Field));
        Assert.Contains("missing", without.Detail, StringComparison.Ordinal);
        var early = await sender.CommitAsync(version, expected: null);
        Assert.Equal((400, "record"), (early.Status, early.Field));
        Assert.Contains("'table'", early.Detail, StringComparison.Ordinal);

        await sender.SendAsync();
        Assert.Equal(204, (await sender.RegisterAsync(file)).Status);
        var lie = await sender.RegisterAsync(new { sha256 = DataObjectId.Of([7]).ToString(), size = 500_000, recipe = JsonSerializer.SerializeToElement(file).GetProperty("recipe").GetString() });
        Assert.Contains("are said", lie.Detail, StringComparison.Ordinal);
        var wrong = await sender.CommitAsync(await sender.VersionAsync([entry with { Size = 4 }], "wrong"), expected: null);
        Assert.Equal((400, "record"), (wrong.Status, wrong.Field));
        Assert.Equal(404, (await server.GetAsync("/datasets/d/version?version=main")).Status);
        Assert.Equal(200, (await sender.CommitAsync(version, expected: null)).Status);
    }

    [Fact]
    public async Task A_pack_that_is_wrong_leaves_no_blob()
    {
        await using var server = await StartAsync();
        var (right, wrong) = (await PackAsync([1]), await PackAsync([2]));
        foreach (var (bytes, said) in new[] { (wrong, "SHA-256"), ("no pack at all"u8.ToArray(), "begins with"), (right[..^3], "ends inside"), (Array.Empty<byte>(), "ends inside") })
        {
            var answer = await DataSender.PackAsync(server, bytes);
            Assert.Equal((400, "pack"), (answer.Status, answer.Field));
            Assert.Contains(said, answer.Detail, StringComparison.Ordinal);
        }

        Assert.Empty(await server.Get<IBlobStore>().ListAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));

        static async Task<byte[]> PackAsync(byte[] content)
        {
            var pack = new MemoryStream();
            var writer = new PackWriter(pack);
            await writer.AddAsync(DataObjectKind.Chunk, PackFlags.None, DataObjectId.Of([1]), 1, content);
            await writer.EndAsync();
            return pack.ToArray();
        }
    }

    [Fact]
    public async Task What_is_wrong_is_named()
    {
        await using var server = await StartAsync();
        Assert.Equal((409, "name"), Seen(await server.PostAsync("/datasets", """{"name":"d"}""")));
        Assert.Equal((400, "name"), Seen(await server.PostAsync("/datasets", """{"name":"a/b"}""")));
        Assert.Equal((404, "name"), Seen(await server.GetAsync("/datasets/none/names")));
        Assert.Equal((404, "version"), Seen(await server.GetAsync("/datasets/d/version?version=main")));
        Assert.Equal((404, "version"), Seen(await server.GetAsync("/datasets/d/version?version=0123456789")));
        Assert.Equal((400, "tag"), Seen(await server.PutAsync("/datasets/d/tags/deadbeef", """{"version":"main"}""")));
        Assert.Equal((400, "sha256"), Seen(await server.PostAsync("/data/objects/missing", """{"sha256":["x"]}""")));
        Assert.Equal((404, "sha256"), Seen(await server.GetAsync($"/data/objects/{DataObjectId.Of([1])}")));
        Assert.Equal((400, "files[0]"), Seen(await server.PostAsync("/data/files", """{"files":[{"sha256":"x","size":1,"recipe":"x"}]}""")));
        Assert.Equal((400, "record"), Seen(await server.PostAsync("/datasets/d/versions", """{"branch":"main","record":"AAAA"}""")));
        Assert.Equal((400, "branch"), Seen(await server.PostAsync("/datasets/d/versions", """{"branch":"a b","record":"AAAA"}""")));
        var archived = await server.PatchAsync("/datasets/d", """{"lifecycle":"archived","description":"old"}""");
        Assert.Equal(("archived", "old"), (Text(archived.Json, "lifecycle"), Text(archived.Json, "description")));
        Assert.Equal(0, (await server.GetAsync("/datasets")).Json.GetProperty("datasets").GetArrayLength());
        Assert.Equal(1, (await server.GetAsync("/datasets?lifecycle=all")).Json.GetProperty("datasets").GetArrayLength());
    }

    private static async Task<RunningServer> StartAsync()
    {
        var server = await RunningServer.StartAsync();
        Assert.Equal(201, (await server.PostAsync("/datasets", """{"name":"d"}""")).Status);
        return server;
    }

    private static async Task<VersionRecord> SendAsync(DataSender sender, (string Path, byte[] Bytes)[] files, string message, params string[] parents)
    {
        var added = new List<(TreeEntry Entry, object File)>();
        foreach (var (path, bytes) in files)
            added.Add(await sender.AddAsync(path, bytes));
        var version = await sender.VersionAsync(added.Select(a => a.Entry), message, parents);
        await sender.SendAsync();
        Assert.Equal(204, (await sender.RegisterAsync([.. added.Select(a => a.File)])).Status);
        return version;
    }

    private static string FileOf(string version, string path) => $"/api/v1/datasets/d/file?version={version}&path={Uri.EscapeDataString(path)}";

    private static byte[] Noise(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static string Text(JsonElement owner, string name) => owner.GetProperty(name).GetString()!;

    private static (int Status, string? Field) Seen(Answer answer) => (answer.Status, answer.Field);
}
