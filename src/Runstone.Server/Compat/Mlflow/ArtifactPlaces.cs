using Runstone.Core.Artifacts;
using Runstone.Core.Errors;
using Runstone.Core.Models;
using Runstone.Core.Runs;
using Runstone.Formats.Mlflow;

namespace Runstone.Server.Compat.Mlflow;

/// <summary>A path of the artifact proxy, as its owner knows it.</summary>
/// <param name="Files">The files of the owner's kind.</param>
/// <param name="OwnerId">The run or the logged model.</param>
/// <param name="Path">The path in it; empty for its root.</param>
internal readonly record struct ArtifactPlace(ArtifactService Files, string OwnerId, string Path)
{
    /// <summary>The file; null when there is none.</summary>
    public async Task<Artifact?> GetAsync(CancellationToken cancellationToken) =>
        Path.Length == 0 ? null : await Files.GetAsync(OwnerId, Path, cancellationToken);
}

/// <summary>Whose artifacts lie at a path of the proxy: a run's or a logged model's.</summary>
internal sealed class ArtifactPlaces(ArtifactService artifacts, IRunStore runs, LoggedModelService models)
{
    /// <summary>The place; fails when the path leads to nobody's artifacts.</summary>
    public async Task<ArtifactPlace> RequireAsync(string path, CancellationToken cancellationToken) =>
        await FindAsync(path, cancellationToken) ?? throw new RunstoneException(NoOwner(path));

    public async Task<ArtifactPlace?> FindAsync(string path, CancellationToken cancellationToken)
    {
        foreach (var reading in ArtifactAddress.Readings(path))
        {
            if (await runs.GetAsync(reading.OwnerId, cancellationToken) is { } run && reading.LeadsTo(run))
                return new ArtifactPlace(artifacts, reading.OwnerId, reading.Path);
            if (await models.GetLocationAsync(reading.OwnerId, cancellationToken) is { } location && reading.LeadsTo(location))
                return new ArtifactPlace(models.Files, reading.OwnerId, reading.Path);
        }

        return null;
    }

    private static Error NoOwner(string path)
    {
        var segments = path.Split('/');
        return segments.Length > 2 && segments[^1].Length > 0 && segments[1] is "traces"
            ? new NotYet("PUT", path, "artifacts of traces")
            : new Error(
                ErrorCode.NotFound,
                $"The artifact path '{path}' belongs to no run and to no logged model. Use <experiment location>/<run id>/artifacts/<path>, or "
                + "<experiment location>/models/<model id>/artifacts/<path>.",
                "path");
    }
}
