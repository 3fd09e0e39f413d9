using System.Globalization;
using Runstone.Client.Api;
using Runstone.Protocol;

namespace Runstone.Client;

/// <summary>Reads metrics from the server. All methods throw <see cref="RunstoneApiException"/>.</summary>
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
}
