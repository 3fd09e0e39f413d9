using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Runstone.Core.Ingest;

namespace Runstone.Server.Tests.Load;

/// <summary>The server's own store behind a gate: commits wait while it is closed.</summary>
internal sealed class GatedIngestStore : IIngestStore
{
    private IIngestStore? _inner;
    private TaskCompletionSource _gate = Opened();

    /// <summary>Puts the gate in front of the store that the server was given.</summary>
    public void Install(WebApplicationBuilder builder)
    {
        var real = builder.Services.Last(s => s.ServiceType == typeof(IIngestStore));
        _inner = (IIngestStore)real.ImplementationInstance!;
        builder.Services.Remove(real);
        builder.Services.AddSingleton<IIngestStore>(this);
    }

    public void Close() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => _gate.TrySetResult();

    public async ValueTask CommitAsync(
        IReadOnlyList<IngestBatch> batches, Memory<IngestOutcome> outcomes, long now, CancellationToken cancellationToken)
    {
        await _gate.Task;
        await _inner!.CommitAsync(batches, outcomes, now, cancellationToken);
    }

    private static TaskCompletionSource Opened()
    {
        var gate = new TaskCompletionSource();
        gate.SetResult();
        return gate;
    }
}
