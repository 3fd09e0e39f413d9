namespace Runstone.Client;

/// <summary>One line to log from a script: a process-wide client of the server that the environment names.</summary>
/// <example>
/// <code>
/// await using var run = await Tracking.StartRunAsync("census");
/// </code>
/// </example>
public static class Tracking
{
    private static readonly Lazy<TrackingClient> Shared = new(() => TrackingClient.FromEnvironment());

    /// <summary>The process-wide client (<see cref="TrackingClient.FromEnvironment"/>), made at its first use.</summary>
    public static TrackingClient Client => Shared.Value;

    /// <summary>Starts a run on the process-wide client.</summary>
    /// <inheritdoc cref="TrackingClient.StartRunAsync"/>
    public static Task<Run> StartRunAsync(string experiment, RunOptions? options = null, CancellationToken cancellationToken = default) =>
        Client.StartRunAsync(experiment, options, cancellationToken);

    /// <summary>Runs a body in a run on the process-wide client.</summary>
    /// <inheritdoc cref="TrackingClient.RunAsync(string, Func{Run, Task}, RunOptions?, CancellationToken)"/>
    public static Task RunAsync(string experiment, Func<Run, Task> body, RunOptions? options = null, CancellationToken cancellationToken = default) =>
        Client.RunAsync(experiment, body, options, cancellationToken);
}
