using Runstone.Core.Experiments;

namespace Runstone.Core.Ingest;

/// <summary>What a batch takes of memory while it waits, roughly: points by their number, all else by the length of its texts.</summary>
internal static class BatchMemory
{
    private const int Fixed = 400;
    private const int Point = 40;
    private const int Text = 24;

    public static long Estimate(IngestBatch batch)
    {
        var bytes = Fixed + Of(batch.RunId) + ((long)batch.Metrics.Points.Length * Point);
        foreach (var key in batch.Metrics.Keys)
            bytes += Of(key);
        for (var i = 0; i < batch.Metrics.Texts.Count; i++)
            bytes += Of(batch.Metrics.Texts[i].Text);
        for (var i = 0; i < batch.Metrics.Models.Count; i++)
            bytes += Point + Of(batch.Metrics.Models[i].ModelId) + Of(batch.Metrics.Models[i].Dataset?.Name) + Of(batch.Metrics.Models[i].Dataset?.Digest);
        foreach (var param in batch.Params)
            bytes += Of(param.Key) + Of(param.Value);
        bytes += Of(batch.Tags);
        foreach (var key in batch.RemoveTags)
            bytes += Of(key);
        foreach (var artifact in batch.Artifacts)
            bytes += Of(artifact.Path) + Of(artifact.Blob.Sha256);
        foreach (var path in batch.RemoveArtifacts)
            bytes += Of(path);
        foreach (var chunk in batch.Console?.Chunks ?? [])
            bytes += Fixed + chunk.Payload.Length;
        foreach (var item in batch.Media)
            bytes += Of(item.Key) + Of(item.Path) + Of(item.Data) + Of(item.Caption);
        foreach (var link in batch.Models)
            bytes += Of(link.ModelId);
        return bytes + OfInputs(batch) + OfDocuments(batch);
    }

    private static long OfInputs(IngestBatch batch)
    {
        var bytes = 0L;
        foreach (var (dataset, tags) in batch.Inputs)
        {
            bytes += Of(dataset.Name) + Of(dataset.Digest) + Of(dataset.SourceType) + Of(dataset.Source) + Of(dataset.Schema)
                + Of(dataset.Profile) + Of(tags);
        }

        return bytes;
    }

    private static long OfDocuments(IngestBatch batch) =>
        Of(batch.Create?.Name) + Of(batch.Create?.User) + Of(batch.Create?.Notes) + Of(batch.Create?.Environment) + Of(batch.Create?.ArtifactUri)
        + Of(batch.Patch?.Name) + Of(batch.Patch?.Notes) + Of(batch.Patch?.Environment);

    private static long Of(IReadOnlyList<Tag> tags)
    {
        var bytes = 0L;
        foreach (var tag in tags)
            bytes += Of(tag.Key) + Of(tag.Value);
        return bytes;
    }

    private static long Of(string? text) => text is null ? 0 : Text + (2L * text.Length);
}
