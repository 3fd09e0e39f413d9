using System.Net;
using System.Net.Http.Json;

namespace Runstone.Client.Api;

/// <summary>Which of a server's nodes is asked: one that answers, as long as it does.</summary>
internal sealed class ServerChoice(IReadOnlyList<Uri> addresses)
{
    private int _current;

    /// <summary>All of them.</summary>
    public IReadOnlyList<Uri> Addresses => addresses;

    /// <summary>The place of the node that is asked now.</summary>
    public int Current => Volatile.Read(ref _current);

    /// <summary>Asks the next node from now on, unless somebody else has moved on from this one before.</summary>
    public void Leave(int place) => Interlocked.CompareExchange(ref _current, (place + 1) % addresses.Count, place);

    /// <summary>Whether another node may answer what this one did not.</summary>
    public static bool MayDoBetter(RunstoneApiException e) => e.StatusCode is null or HttpStatusCode.ServiceUnavailable;

    /// <summary>Whether the request can be sent again at once, without reading its body anew and without doing anything twice.</summary>
    public static bool MayRepeat(HttpRequestMessage request, RunstoneApiException e)
    {
        if (request.Content is not (null or JsonContent or ReadOnlyMemoryContent))
            return false;
        var neverArrived = e.StatusCode is not null || e.InnerException is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
        };
        return neverArrived || request.Method == HttpMethod.Get || request.Method == HttpMethod.Head;
    }

    /// <summary>The request to the node at this place; a message can be sent only once.</summary>
    public HttpRequestMessage To(int place, HttpRequestMessage request)
    {
        var message = new HttpRequestMessage(request.Method, new Uri(new Uri(addresses[place].AbsoluteUri.TrimEnd('/') + "/api/v1/"), request.RequestUri!))
        {
            Content = request.Content,
        };
        foreach (var (name, values) in request.Headers)
            message.Headers.TryAddWithoutValidation(name, values);
        return message;
    }
}
