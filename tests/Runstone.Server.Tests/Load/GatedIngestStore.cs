using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Runstone.Core.Ingest;

namespace Runstone.Server.Tests.Load;

/// <summary>The server's own store behind a gate: commits wait while it is closed.</summary>
internal sealed class GatedIngestStore : IIngestStore
{
    private IIngestStore? _inner;
    private TaskCompletionSource _gate = Opened();
    private int _waiting;

    /// <summary>Puts the gate in front of the store that the server was given.</summary>
    public void Install(WebApplicationBuilder builder)
    {
        var real = builder.Services.Last(s => s.ServiceType == typeof(IIngestStore));
        _inner = (IIngestStore)real.ImplementationInstance!;
        builder.Services.Remove(real);
        builder.Services.AddSingleton<IIngestStore>(this);
    }

    /// <summary>Commits at the gate.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    public void Close() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => _gate.TrySetResult();

    public async ValueTask CommitAsync(
        IReadOnlyList<IngestBatch> batches, Memory<IngestOutcome> outcomes, long now, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        await _gate.Task;
        Interlocked.Decrement(ref _waiting);
        await _inner!.CommitAsync(batches, outcomes, now, cancellationToken);
    }

    private static TaskCompletionSource Opened()
    {
        var gate = new TaskCompletionSource();
        gate.SetResult();
        return gate;
    }
}
