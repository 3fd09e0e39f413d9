using System.Globalization;
using System.Text;
using Runstone.Core.Errors;
using Runstone.Core.Ingest;
using Runstone.Core.Query;

namespace Runstone.Core.Experiments;

/// <summary>Use cases of experiments.</summary>
public sealed class ExperimentService(IExperimentStore store, ChangeFeed feed, TimeProvider time)
{
    public const int MaxNameLength = 500;
    public const int MaxLimit = 50_000;

    /// <summary>Characters of an experiment's notes: they travel with lists of other clients.</summary>
    public const int MaxNotesLength = 262_144;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public async Task<Experiment> GetAsync(long id, CancellationToken cancellationToken) =>
        await store.GetAsync(id, cancellationToken)
        ?? throw new RunstoneException(new ExperimentNotFound(id.ToString(CultureInfo.InvariantCulture)));

    public async Task<Experiment> GetByNameAsync(string name, CancellationToken cancellationToken) =>
        await store.GetByNameAsync(name, cancellationToken) ?? throw new RunstoneException(new ExperimentNameNotFound(name));

    public Task<Experiment> CreateAsync(NewExperiment experiment, CancellationToken cancellationToken)
    {
        RequireName(experiment.Name);
        StoredText.Require("artifact_location", experiment.ArtifactLocation);
        RequireTags(experiment.Tags);
        RequireNotes(experiment.Notes);
        return store.CreateAsync(experiment, Now, cancellationToken);
    }

    /// <summary>The experiment of this name, made active if there is none. A deleted one is <see cref="ExperimentNotActive"/>.</summary>
    public async Task<Experiment> GetOrCreateAsync(string name, CancellationToken cancellationToken)
    {
        RequireName(name);
        var experiment = await store.GetByNameAsync(name, cancellationToken);
        try
        {
            experiment ??= await store.CreateAsync(new NewExperiment(name), Now, cancellationToken);
        }
        catch (RunstoneException e) when (e.Error is ExperimentNameTaken)
        {
            // Two first runs of one experiment started together; the other one made it.
            experiment = await GetByNameAsync(name, cancellationToken);
        }

        return experiment.Lifecycle != Lifecycle.Deleted ? experiment : throw new RunstoneException(new ExperimentNotActive(experiment.Id));
    }

    public async Task<Experiment> UpdateAsync(long id, ExperimentPatch patch, CancellationToken cancellationToken)
    {
        if (patch.Name is not null)
            RequireName(patch.Name);
        RequireTags(patch.SetTags);
        RequireNotes(patch.Notes);
        RequireKey("pinnedMetric", patch.PinnedMetric ?? "", "The key of a metric");
        var changed = await store.UpdateAsync(id, patch, Now, cancellationToken);
        feed.Publish(RunChange.OfExperiment(id, ChangeKinds.Facts));
        return changed;
    }

    public Task<SearchPage<Experiment>> SearchAsync(ExperimentQuery query, CancellationToken cancellationToken)
    {
        if (query.Limit is < 1 or > MaxLimit)
            throw new RunstoneException(Error.Invalid("limit", $"{query.Limit} is not a page size: use 1 to {MaxLimit}."));
        return store.SearchAsync(query, cancellationToken);
    }

    public Task<IReadOnlyList<ExperimentSummary>> SummariseAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken) =>
        store.SummariseAsync(ids, cancellationToken);

    private static void RequireTags(IReadOnlyList<Tag> tags)
    {
        foreach (var (key, value) in tags)
        {
            RequireKey("tags", key, "The key of a tag");
            StoredText.Require("tags", value);
        }
    }

    private static void RequireKey(string field, string key, string what)
    {
        if (Encoding.UTF8.GetByteCount(key) > IngestValidation.MaxKeyBytes)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, $"{what} is longer than {IngestValidation.MaxKeyBytes} bytes.", field));
        StoredText.Require(field, key);
    }

    private static void RequireNotes(string? notes)
    {
        StoredText.Require("notes", notes);
        if (notes?.Length > MaxNotesLength)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, $"The notes have {notes.Length} characters; at most {MaxNotesLength} are allowed.", "notes"));
    }

    private static void RequireName(string name)
    {
        StoredText.Require("name", name);
        if (string.IsNullOrWhiteSpace(name))
            throw new RunstoneException(Error.Invalid("name", "The experiment's name is empty."));
        if (name.Length > MaxNameLength)
            throw new RunstoneException(new Error(ErrorCode.TooLarge, $"The experiment's name has {name.Length} characters; at most {MaxNameLength} are allowed.", "name"));
    }
}
