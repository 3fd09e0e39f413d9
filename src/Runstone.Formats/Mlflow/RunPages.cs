using System.Buffers.Text;
using Runstone.Core.Query;

namespace Runstone.Formats.Mlflow;

/// <summary>
/// Where a page of runs begins. Tokens that this server gave say after which run; those in the original's own form (<see cref="PageToken"/>),
/// which clients make to jump to a row, say after how many. What is neither is refused in the original's words.
/// </summary>
public static class RunPages
{
    /// <summary>What a token is tied to: which runs in which order.</summary>
    public static string Fingerprint(MlflowRequest request) =>
        string.Join('\n', [request.Text("filter"), request.Text("run_view_type"), string.Join(',', request.Texts("experiment_ids")), .. request.Texts("order_by")]);

    public static RunQuery Begin(RunQuery query, string? token, string fingerprint) => PageToken.IsOffset(token) || !Base64Url.IsValid(token)
        ? query with { Offset = PageToken.Offset(token) }
        : query with { After = RunPageToken.Decode(token, fingerprint, query.OrderBy, "page_token") };
}
