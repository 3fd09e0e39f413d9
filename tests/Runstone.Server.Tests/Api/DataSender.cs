using System.Security.Cryptography;
using System.Text.Json;
using Runstone.Protocol.Data;

namespace Runstone.Server.Tests.Api;

/// <summary>Sends files and trees as a client does: what is missing in packs, then the files, then the version.</summary>
internal sealed class DataSender(RunningServer server) : IDataObjectSink
{
    private readonly Dictionary<DataObjectId, (DataObjectKind Kind, byte[] Bytes)> _objects = [];

    /// <summary>Objects that were sent.</summary>
    public int Sent { get; private set; }

    public ValueTask WriteAsync(DataObjectKind kind, DataObjectId id, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        _objects.TryAdd(id, (kind, bytes.ToArray()));
        return ValueTask.CompletedTask;
    }

    /// <summary>Cuts the content; returns what registers it.</summary>
    public async Task<(TreeEntry Entry, object File)> AddAsync(string path, byte[] content)
    {
        var recipe = new RecipeBuilder(this);
        using var chunks = new ChunkReader(new MemoryStream(content));
        for (var chunk = await chunks.ReadAsync(); chunk.Length > 0; chunk = await chunks.ReadAsync())
        {
            var id = DataObjectId.Of(chunk.Span);
            await WriteAsync(DataObjectKind.Chunk, id, chunk, CancellationToken.None);
            await recipe.AddAsync(id, chunk.Length);
        }

        var sha256 = new DataObjectId(SHA256.HashData(content));
        var top = await recipe.EndAsync() ?? sha256;
        return (TreeEntry.File(path, content.Length, sha256), new { sha256 = sha256.ToString(), size = content.Length, recipe = top.ToString() });
    }

    /// <summary>Builds the tree and the record of a version.</summary>
    public async Task<VersionRecord> VersionAsync(IEnumerable<TreeEntry> entries, string message, params string[] parents)
    {
        var tree = new TreeBuilder(this);
        foreach (var entry in entries.OrderBy(e => e.Path, DataPath.Order))
            await tree.AddAsync(entry);
        DataObjectId[] ids = [.. parents.Select(p => DataObjectId.TryParse(p, out var id) ? id : throw new InvalidOperationException(p))];
        return new VersionRecord { Root = (await tree.EndAsync()).Page, Author = "ada", Time = 5, Message = message, Parents = ids };
    }

    /// <summary>Sends the objects that the server lacks, but for those left out.</summary>
    public async Task SendAsync(Func<DataObjectKind, bool>? but = null)
    {
        var ids = _objects.Where(o => but?.Invoke(o.Value.Kind) != true).Select(o => o.Key.ToString());
        var missing = (await server.PostAsync("/data/objects/missing", JsonSerializer.Serialize(new { sha256 = ids }))).Json.GetProperty("sha256").Deserialize<string[]>()!;
        var pack = new MemoryStream();
        var writer = new PackWriter(pack);
        foreach (var text in missing)
        {
            Assert.True(DataObjectId.TryParse(text, out var id));
            var (kind, bytes) = _objects[id];
            await writer.AddAsync(kind, PackFlags.None, id, bytes.Length, bytes);
        }

        await writer.EndAsync();
        Sent += missing.Length;
        Assert.Equal(200, (await PackAsync(server, pack.ToArray())).Status);
    }

    public static async Task<Answer> PackAsync(RunningServer server, byte[] bytes)
    {
        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new("application/vnd.runstone.pack");
        using var response = await server.Client.PostAsync("/api/v1/data/packs", content);
        return new Answer((int)response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement, response.Headers);
    }

    public Task<Answer> RegisterAsync(params object[] files) => server.PostAsync("/data/files", JsonSerializer.Serialize(new { files }));

    public Task<Answer> CommitAsync(VersionRecord version, string? expected, string branch = "main", string dataset = "d") => server.PostAsync(
        $"/datasets/{dataset}/versions", JsonSerializer.Serialize(new { branch, expected, record = Convert.ToBase64String(version.Encode()) }));
}
