using System.Runtime.CompilerServices;
using Runstone.Client.Api;
using Runstone.Protocol;

namespace Runstone.Client;

/// <summary>Which experiments, in which order.</summary>
public sealed record ExperimentSearch
{
    /// <summary>A condition, for example <c>name ilike "%census%"</c> (docs/formats/filter.md); null matches all.</summary>
    public string? Filter { get; init; }

    /// <summary>For example <c>name asc</c>; null for newest first.</summary>
    public IReadOnlyList<string>? OrderBy { get; init; }

    /// <summary>"active" (default), "archived", "deleted" or "all".</summary>
    public string? Lifecycle { get; init; }

    /// <summary>Experiments a page, 1 to 1,000. Default 100.</summary>
    public int PageSize { get; init; } = 100;

    /// <summary>Also ask for the run counts. Default false.</summary>
    public bool Summary { get; init; }
}

/// <summary>Reads and changes experiments. All methods throw <see cref="RunstoneApiException"/>.</summary>
public sealed class ExperimentsClient
{
    private readonly ApiTransport _api;

    internal ExperimentsClient(ApiTransport api) => _api = api;

    /// <summary>All experiments that match, page by page as they are enumerated.</summary>
    public async IAsyncEnumerable<ExperimentInfo> SearchAsync(
        ExperimentSearch? search = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? token = null;
        do
        {
            var page = await SearchPageAsync(search ?? new ExperimentSearch(), token, cancellationToken);
            foreach (var experiment in page.Experiments)
                yield return experiment;
            token = page.NextPageToken;
        }
        while (token is not null);
    }

    /// <summary>One page; pass the token of the page before for the next one.</summary>
    public Task<ExperimentPage> SearchPageAsync(ExperimentSearch search, string? pageToken = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(search);
        var query = new List<(string, string?)>
        {
            ("filter", search.Filter), ("lifecycle", search.Lifecycle), ("limit", ApiTransport.Text(search.PageSize)),
            ("pageToken", pageToken), ("summary", search.Summary ? "true" : null),
        };
        query.AddRange((search.OrderBy ?? []).Select(o => ("orderBy", (string?)o)));
        return _api.GetAsync(ApiTransport.WithQuery("experiments", [.. query]), RunstoneJson.Default.ExperimentPage, cancellationToken);
    }

    /// <summary>The experiment with this id.</summary>
    public Task<ExperimentInfo> GetAsync(string id, bool summary = false, CancellationToken cancellationToken = default) =>
        _api.GetAsync(
            ApiTransport.WithQuery("experiments/" + Uri.EscapeDataString(id), ("summary", summary ? "true" : null)),
            RunstoneJson.Default.ExperimentInfo, cancellationToken);

    /// <summary>The experiment of exactly this name; null when there is none or it is deleted.</summary>
    public async Task<ExperimentInfo?> FindByNameAsync(string name, bool summary = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        var search = new ExperimentSearch { Filter = $"name = '{name.Replace("'", "''", StringComparison.Ordinal)}'", PageSize = 1, Lifecycle = "all", Summary = summary };
        var page = await SearchPageAsync(search, null, cancellationToken);
        return page.Experiments is [{ Lifecycle: not "deleted" } found, ..] ? found : null;
    }

    /// <summary>Creates an experiment, or finds it when the request says so.</summary>
    public Task<ExperimentInfo> CreateAsync(CreateExperimentRequest request, CancellationToken cancellationToken = default) =>
        _api.SendAsync(
            HttpMethod.Post, "experiments", request, RunstoneJson.Default.CreateExperimentRequest, RunstoneJson.Default.ExperimentInfo,
            cancellationToken);

    /// <summary>Renames, archives, deletes, restores or tags an experiment.</summary>
    public Task<ExperimentInfo> UpdateAsync(string id, UpdateExperimentRequest request, CancellationToken cancellationToken = default) =>
        _api.SendAsync(
            HttpMethod.Patch, "experiments/" + Uri.EscapeDataString(id), request, RunstoneJson.Default.UpdateExperimentRequest,
            RunstoneJson.Default.ExperimentInfo, cancellationToken);

    /// <summary>The metric, param and tag keys in use, those that contain a text when one is given.</summary>
    public Task<KeyList> ListKeysAsync(string id, string? contains = null, int? limit = null, CancellationToken cancellationToken = default) =>
        _api.GetAsync(
            ApiTransport.WithQuery(
                $"experiments/{Uri.EscapeDataString(id)}/keys", ("contains", contains), ("limit", ApiTransport.Text(limit))),
            RunstoneJson.Default.KeyList, cancellationToken);
}
