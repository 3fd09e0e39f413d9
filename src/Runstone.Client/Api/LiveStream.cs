using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Runstone.Protocol;

namespace Runstone.Client.Api;

/// <summary>The server's changes as they happen.</summary>
internal static class LiveStream
{
    public static async IAsyncEnumerable<LiveChanges> ReadAsync(
        ApiTransport api, IReadOnlyList<string> experimentIds, IReadOnlyList<string> runIds,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var query = experimentIds.Select(e => ("experiment", (string?)e)).Concat(runIds.Select(r => ("run", (string?)r)));
        var request = new HttpRequestMessage(HttpMethod.Get, ApiTransport.WithQuery("live", [.. query]));
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var response = await api.SendRawAsync(request, cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var parser = SseParser.Create(stream, (_, data) => Parse(api, data));
        await using var events = parser.EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(api, events))
        {
            if (string.Equals(events.Current.EventType, "changes", StringComparison.Ordinal) && events.Current.Data is { } changes)
                yield return changes;
        }
    }

    private static async ValueTask<bool> NextAsync(ApiTransport api, IAsyncEnumerator<SseItem<LiveChanges?>> events)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw RunstoneApiException.NotReachable(api.Address, e);
        }
    }

    private static LiveChanges? Parse(ApiTransport api, ReadOnlySpan<byte> data)
    {
        try
        {
            return JsonSerializer.Deserialize(data, RunstoneJson.Default.LiveChanges);
        }
        catch (JsonException e)
        {
            throw RunstoneApiException.Unexpected($"{api.Address} sent a change that is not JSON: {e.Message}", null, e);
        }
    }
}
