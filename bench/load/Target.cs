using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Runstone.Load.Http;

namespace Runstone.Load;

/// <summary>Servers under load that share a store: where they are, and the few calls that prepare a measurement.</summary>
internal abstract class Target(IReadOnlyList<IPEndPoint> addresses)
{
    private int _connections;

    /// <summary>A connection to the next of the servers.</summary>
    public Connection Connect() => new(addresses[Interlocked.Increment(ref _connections) % addresses.Count]);

    /// <summary>A new run: its id and the path of its artifacts below the artifact proxy.</summary>
    public abstract RunPlace NewRun(Connection connection);
}

internal sealed record RunPlace(string RunId, string ArtifactPath);

/// <summary>The bare server of bench/limits, which keeps bytes and knows no runs.</summary>
internal sealed class LimitTarget(IPEndPoint address) : Target([address])
{
    public override RunPlace NewRun(Connection connection) => new("0123456789abcdef0123456789abcdef", "0/0123456789abcdef0123456789abcdef/artifacts");
}

/// <summary>A tracking server that speaks MLflow's REST interface.</summary>
internal sealed class TrackingTarget(IReadOnlyList<IPEndPoint> addresses) : Target(addresses)
{
    public const string Api = "/api/2.0/mlflow/";
    private const string Experiment = "bench";
    private readonly ConcurrentBag<string> _runs = [];
    private string? _experimentId;

    /// <summary>The ids of the runs made so far.</summary>
    public IReadOnlyCollection<string> Runs => _runs;

    public override RunPlace NewRun(Connection connection)
    {
        _experimentId ??= ExperimentId(connection, Experiment);
        var place = NewRun(connection, _experimentId, "load");
        _runs.Add(place.RunId);
        return place;
    }

    public static RunPlace NewRun(Connection connection, string experimentId, string name)
    {
        using var answer = Call(connection, "POST", "runs/create", new { experiment_id = experimentId, start_time = 1_700_000_000_000, run_name = name });
        var info = answer.RootElement.GetProperty("run").GetProperty("info");
        var uri = info.GetProperty("artifact_uri").GetString()!;
        var path = uri.StartsWith("mlflow-artifacts:", StringComparison.Ordinal) ? uri["mlflow-artifacts:".Length..].TrimStart('/') : "";
        return new RunPlace(info.GetProperty("run_id").GetString()!, path);
    }

    /// <summary>The id of the experiment of this name, which is created when there is none.</summary>
    public static string ExperimentId(Connection connection, string name)
    {
        connection.Exchange(Requests.Build("GET", $"{Api}experiments/get-by-name?experiment_name={Uri.EscapeDataString(name)}"), [], keepBody: true);
        if (connection.Status == 200)
        {
            using var found = Parse(connection);
            return found.RootElement.GetProperty("experiment").GetProperty("experiment_id").GetString()!;
        }

        using var created = Call(connection, "POST", "experiments/create", new { name });
        return created.RootElement.GetProperty("experiment_id").GetString()!;
    }

    public static JsonDocument Call(Connection connection, string method, string call, object body)
    {
        connection.Send(Requests.Build(method, Api + call, JsonSerializer.Serialize(body)));
        return Parse(connection);
    }

    public static JsonDocument Parse(Connection connection) => JsonDocument.Parse(Encoding.UTF8.GetString(connection.Body));
}

/// <summary>Text of numbers and times in requests.</summary>
internal static class Text
{
    public static string Of(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
