using System.Globalization;
using Runstone.Client.Api;
using Runstone.Protocol;

namespace Runstone.Client;

/// <summary>Reads and appends to the consoles of runs on the server. All methods throw <see cref="RunstoneApiException"/>.</summary>
public sealed class ConsoleClient
{
    private readonly ApiTransport _api;

    internal ConsoleClient(ApiTransport api) => _api = api;

    /// <summary>Appends lines at once, without an outbox: for tools. A program's own console is captured by <see cref="RunOptions.CaptureConsole"/>.</summary>
    public Task<AppendConsoleResponse> AppendAsync(string runId, AppendConsoleRequest request, CancellationToken cancellationToken = default) =>
        _api.SendAsync(
            HttpMethod.Post, PathOf(runId), request, RunstoneJson.Default.AppendConsoleRequest, RunstoneJson.Default.AppendConsoleResponse, cancellationToken);

    /// <summary>Lines from a number on.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="from">The number of the first line, from 0.</param>
    /// <param name="limit">1 to 5,000; the answer may have fewer when lines are long.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<ConsolePage> ReadAsync(string runId, long from = 0, int limit = 1000, CancellationToken cancellationToken = default) => _api.GetAsync(
        string.Create(CultureInfo.InvariantCulture, $"{PathOf(runId)}?from={from}&limit={limit}"), RunstoneJson.Default.ConsolePage, cancellationToken);

    /// <summary>The last lines.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="lines">1 to 5,000; the answer may have fewer when lines are long.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<ConsolePage> TailAsync(string runId, int lines = 1000, CancellationToken cancellationToken = default) => _api.GetAsync(
        string.Create(CultureInfo.InvariantCulture, $"{PathOf(runId)}?tail={lines}"), RunstoneJson.Default.ConsolePage, cancellationToken);

    /// <summary>Lines that match; search on from <see cref="ConsoleMatchList.Next"/> as long as there is one.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="text">A text of 1 to 500 characters, or a regular expression of .NET without what needs backtracking.</param>
    /// <param name="regex">Whether it is a regular expression.</param>
    /// <param name="ignoreCase">Whether letters match in either case.</param>
    /// <param name="from">The line to begin with, from 0.</param>
    /// <param name="limit">Matches of an answer at most, 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<ConsoleMatchList> SearchAsync(
        string runId, string text, bool regex = false, bool ignoreCase = false, long from = 0, int limit = 100, CancellationToken cancellationToken = default) =>
        _api.GetAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{PathOf(runId)}/search?q={Uri.EscapeDataString(text)}&regex={(regex ? "true" : "false")}&ignoreCase={(ignoreCase ? "true" : "false")}&from={from}&limit={limit}"),
            RunstoneJson.Default.ConsoleMatchList, cancellationToken);

    private static string PathOf(string runId) => RunsClient.PathOf(runId) + "/console";
}
