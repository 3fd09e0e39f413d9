using System.Runtime.CompilerServices;
using Runstone.Client.Api;
using Runstone.Client.Upload;
using Runstone.Protocol;

namespace Runstone.Client;

/// <summary>Reads and changes runs on the server. All methods throw <see cref="RunstoneApiException"/>.</summary>
public sealed class RunsClient
{
    private readonly ApiTransport _api;

    internal RunsClient(ApiTransport api) => _api = api;

    /// <summary>All runs that match, page by page as they are enumerated; the request's page token is where it begins.</summary>
    public async IAsyncEnumerable<RunRow> SearchAsync(
        SearchRunsRequest? request = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        request ??= new SearchRunsRequest();
        do
        {
            var page = await SearchPageAsync(request, cancellationToken);
            foreach (var run in page.Runs)
                yield return run;
            request = request with { PageToken = page.NextPageToken, Count = false };
        }
        while (request.PageToken is not null);
    }

    /// <summary>One page of the runs that match.</summary>
    public Task<RunPage> SearchPageAsync(SearchRunsRequest request, CancellationToken cancellationToken = default) =>
        _api.SendAsync(
            HttpMethod.Post, "runs/search", request, RunstoneJson.Default.SearchRunsRequest, RunstoneJson.Default.RunPage, cancellationToken);

    /// <summary>The run with all it has but histories and files.</summary>
    public Task<RunDetailsInfo> GetAsync(string runId, CancellationToken cancellationToken = default) =>
        _api.GetAsync(PathOf(runId), RunstoneJson.Default.RunDetailsInfo, cancellationToken);

    /// <summary>Creates a run at once, without an outbox: for tools. Training code uses <see cref="TrackingClient.StartRunAsync"/>.</summary>
    public Task<RunInfo> CreateAsync(CreateRunRequest request, CancellationToken cancellationToken = default) =>
        _api.SendAsync(
            HttpMethod.Post, "runs", request, RunstoneJson.Default.CreateRunRequest, RunstoneJson.Default.RunInfo, cancellationToken);

    /// <summary>Changes the facts of a run.</summary>
    public Task<RunInfo> UpdateAsync(string runId, UpdateRunRequest request, CancellationToken cancellationToken = default) =>
        _api.SendAsync(
            HttpMethod.Patch, PathOf(runId), request, RunstoneJson.Default.UpdateRunRequest, RunstoneJson.Default.RunInfo, cancellationToken);

    /// <summary>Logs to a run at once, without an outbox: for tools. Kept as a whole or not at all.</summary>
    public Task<LogResponse> LogAsync(string runId, LogRequest request, CancellationToken cancellationToken = default) =>
        _api.SendAsync(
            HttpMethod.Post, PathOf(runId) + "/log", request, ExactValues.Json, RunstoneJson.Default.LogResponse, cancellationToken);

    internal static string PathOf(string runId)
    {
        ArgumentException.ThrowIfNullOrEmpty(runId);
        return "runs/" + Uri.EscapeDataString(runId);
    }
}
