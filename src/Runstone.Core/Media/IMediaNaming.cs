using Runstone.Core.Artifacts;
using Runstone.Core.Experiments;

namespace Runstone.Core.Media;

/// <summary>
/// Knows under which names a client that has no media of its own puts pictures, tables and figures among the files of a run. Pure: it is
/// asked when media are read, so that runs logged long ago have them too.
/// </summary>
public interface IMediaNaming
{
    /// <summary>The tags of a run that tell whether the client wrote it, and what.</summary>
    IReadOnlyList<string> TagKeys { get; }

    /// <summary>Which files of a run with these tags are to be looked at; empty for a run of another client.</summary>
    IReadOnlyList<MediaFolder> FoldersOf(IReadOnlyList<Tag> tags);

    /// <summary>What the files are, in any order; those that are nothing to look at are left out.</summary>
    IReadOnlyList<NamedMedia> Read(IReadOnlyList<Tag> tags, IReadOnlyList<Artifact> files);
}

/// <summary>A folder with all below it, or a file.</summary>
/// <param name="Path">In the run; empty for all files.</param>
/// <param name="MaxFiles">How many are looked at, in the order of their paths.</param>
public sealed record MediaFolder(string Path, int MaxFiles);

/// <summary>A file that is a media item by its name.</summary>
/// <param name="Item">The item, with the path.</param>
/// <param name="Preview">The file that holds a smaller picture of it; null when there is none.</param>
public sealed record NamedMedia(MediaItem Item, string? Preview = null);
