using System.Globalization;
using System.Net;
using Runstone.Client.Api;
using Runstone.Protocol;

namespace Runstone.Client;

/// <summary>Reads and erases metrics on the server. All methods throw <see cref="RunstoneApiException"/>.</summary>
public sealed class MetricsClient
{
    private readonly ApiTransport _api;

    internal MetricsClient(ApiTransport api) => _api = api;

    /// <summary>The summary of every series of the run, by key.</summary>
    public Task<IReadOnlyDictionary<string, MetricSummaryInfo>> ListAsync(string runId, CancellationToken cancellationToken = default) =>
        _api.GetAsync(
            RunsClient.PathOf(runId) + "/metrics", RunstoneJson.Default.IReadOnlyDictionaryStringMetricSummaryInfo, cancellationToken);

    /// <summary>Every point of a series, ordered by step, time, value; those with steps from and to (inclusive) when given.</summary>
    public Task<HistoryInfo> GetHistoryAsync(
        string runId, string key, decimal? from = null, decimal? to = null, CancellationToken cancellationToken = default) =>
        _api.GetAsync(
            ApiTransport.WithQuery(
                RunsClient.PathOf(runId) + "/metrics/history", ("key", key),
                ("from", from?.ToString(CultureInfo.InvariantCulture)), ("to", to?.ToString(CultureInfo.InvariantCulture))),
            RunstoneJson.Default.HistoryInfo, cancellationToken);

    /// <summary>Draws series in buckets, as charts need them.</summary>
    public async Task<IReadOnlyList<FrameInfo>> DrawAsync(FramesRequest request, CancellationToken cancellationToken = default)
    {
        var response = await _api.SendAsync(
            HttpMethod.Post, "metrics/frames", request, RunstoneJson.Default.FramesRequest, RunstoneJson.Default.FramesResponse,
            cancellationToken);
        return response.Frames;
    }

    /// <summary>Draws groups of runs together by one metric: mean, deviation, least and greatest a bucket.</summary>
    public Task<GroupsResponse> AggregateAsync(GroupsRequest request, CancellationToken cancellationToken = default) =>
        _api.SendAsync(
            HttpMethod.Post, "metrics/groups", request, RunstoneJson.Default.GroupsRequest, RunstoneJson.Default.GroupsResponse,
            cancellationToken);

    /// <summary>Erases every point of a series and its summary for good; the reason is kept. Null when there was nothing to erase.</summary>
    public Task<ErasureInfo?> EraseAsync(string runId, string key, string reason, CancellationToken cancellationToken = default) =>
        EraseAsync(ApiTransport.WithQuery(RunsClient.PathOf(runId) + "/metrics", ("key", key), ("reason", reason)), cancellationToken);

    /// <summary>Erases all series of a run and their summaries for good; the reason is kept. Null when there was nothing to erase.</summary>
    public Task<ErasureInfo?> EraseAllAsync(string runId, string reason, CancellationToken cancellationToken = default) =>
        EraseAsync(ApiTransport.WithQuery(RunsClient.PathOf(runId) + "/metrics", ("all", "true"), ("reason", reason)), cancellationToken);

    /// <summary>What was erased of the metrics of a run, in the order in which it was done.</summary>
    public Task<IReadOnlyList<ErasureInfo>> ListErasuresAsync(string runId, CancellationToken cancellationToken = default) =>
        _api.GetAsync(RunsClient.PathOf(runId) + "/metrics/erasures", RunstoneJson.Default.IReadOnlyListErasureInfo, cancellationToken);

    /// <summary>No time limit: the log of a long run is sealed first.</summary>
    private async Task<ErasureInfo?> EraseAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await _api.SendRawAsync(new HttpRequestMessage(HttpMethod.Delete, path), cancellationToken);
        return response.StatusCode == HttpStatusCode.NoContent
            ? null
            : await _api.ReadAsync(response, RunstoneJson.Default.ErasureInfo, cancellationToken);
    }
}
