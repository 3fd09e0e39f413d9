using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Runstone.Core.Artifacts;
using Runstone.Core.Experiments;
using Runstone.Core.Query;
using Runstone.Core.Runs;

namespace Runstone.Core.Media;

/// <summary>The media that clients put among the files of runs, as if they had been logged as such.</summary>
public sealed class NamedMediaReader(IEnumerable<IMediaNaming> namings, IRunStore runs, IArtifactStore artifacts)
{
    private const int PageSize = 10_000;

    private readonly IMediaNaming[] _namings = [.. namings];

    /// <summary>Of each run, in the order of the runs, what was found, by position.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<StoredMedia>>> ReadAsync(IReadOnlyList<string> runIds, CancellationToken cancellationToken)
    {
        if (_namings.Length == 0 || runIds.Count == 0)
            return [.. runIds.Select(_ => Array.Empty<StoredMedia>())];
        var tags = await ReadTagsAsync(runIds, cancellationToken);
        var found = new List<IReadOnlyList<StoredMedia>>(runIds.Count);
        foreach (var run in runIds)
            found.Add(await ReadAsync(run, tags.GetValueOrDefault(run, []), cancellationToken));
        return found;
    }

    /// <summary>
    /// Above the ids of items that are kept as such, by time and then by path: the same whenever the run is read, so that a page can go on behind it.
    /// </summary>
    public static long IdOf(MediaItem item)
    {
        var time = (ulong)Math.Clamp(item.Time, 0, (1L << 42) - 1);
        var hash = BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(item.Path!)));
        return (long)((1UL << 62) | (time << 20) | (hash & 0xFFFFF));
    }

    private async Task<Dictionary<string, IReadOnlyList<Tag>>> ReadTagsAsync(IReadOnlyList<string> runIds, CancellationToken cancellationToken)
    {
        var query = new RunQuery
        {
            Filter = new Filter.In(new Field(FieldKind.Attribute, RunFields.Id), runIds, Negated: false),
            Lifecycle = LifecycleView.All,
            Limit = runIds.Count,
            Columns = RunProjection.Nothing with { Tags = [.. _namings.SelectMany(n => n.TagKeys).Distinct(StringComparer.Ordinal)] },
        };
        return (await runs.SearchAsync(query, cancellationToken)).Items.ToDictionary(r => r.Run.Id, r => r.Tags, StringComparer.Ordinal);
    }

    private async Task<IReadOnlyList<StoredMedia>> ReadAsync(string runId, IReadOnlyList<Tag> tags, CancellationToken cancellationToken)
    {
        var items = new Dictionary<string, NamedMedia>(StringComparer.Ordinal);
        foreach (var naming in _namings)
        {
            var files = new List<Artifact>();
            foreach (var folder in naming.FoldersOf(tags))
                await ListAsync(runId, folder, files, cancellationToken);
            foreach (var named in files.Count == 0 ? [] : naming.Read(tags, files))
                items.TryAdd(named.Item.Path!, named);
        }

        return [.. items.Values.Select(n => new StoredMedia(IdOf(n.Item), n.Item) { Preview = n.Preview }).OrderBy(m => m.Position)];
    }

    private async Task ListAsync(string runId, MediaFolder folder, List<Artifact> files, CancellationToken cancellationToken)
    {
        var (after, left) = ("", folder.MaxFiles);
        while (left > 0)
        {
            var page = await artifacts.ListAllAsync(runId, folder.Path, after, Math.Min(left, PageSize), cancellationToken);
            files.AddRange(page);
            if (page.Count < PageSize)
                return;
            (after, left) = (page[^1].Path, left - page.Count);
        }
    }
}
