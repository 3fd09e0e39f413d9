using System.Threading.Channels;
using Runstone.Core.Ingest;

namespace Runstone.Core.Tests.Ingest;

/// <summary>Joins nodes of one process as a real bus does, and fails on demand.</summary>
internal sealed class MemoryBus
{
    private readonly Lock _lock = new();
    private readonly List<Node> _nodes = [];

    /// <summary>Thrown by every call while it is set.</summary>
    public Exception? Fault { get; set; }

    public Node Join()
    {
        var node = new Node(this);
        lock (_lock)
            _nodes.Add(node);
        return node;
    }

    /// <summary>Breaks the connections on which nodes listen; each hears afterwards that it may have missed something.</summary>
    public void Interrupt()
    {
        lock (_lock)
            _nodes.ForEach(n => n.Inbox.Writer.TryWrite([]));
    }

    internal sealed class Node(MemoryBus bus) : IChangeBus
    {
        public Channel<IReadOnlyCollection<RunChange>> Inbox { get; } = Channel.CreateUnbounded<IReadOnlyCollection<RunChange>>();

        /// <summary>Messages sent, attempts that failed included.</summary>
        public Channel<IReadOnlyCollection<RunChange>> Sent { get; } = Channel.CreateUnbounded<IReadOnlyCollection<RunChange>>();

        public Task SendAsync(IReadOnlyCollection<RunChange> changes, CancellationToken cancellationToken)
        {
            Sent.Writer.TryWrite(changes);
            if (bus.Fault is { } fault)
                throw fault;
            lock (bus._lock)
                bus._nodes.Where(n => n != this).ToList().ForEach(n => n.Inbox.Writer.TryWrite(changes));
            return Task.CompletedTask;
        }

        public async Task ListenAsync(Action<IReadOnlyCollection<RunChange>> receive, CancellationToken cancellationToken)
        {
            if (bus.Fault is { } fault)
                throw fault;
            await foreach (var changes in Inbox.Reader.ReadAllAsync(cancellationToken))
                receive(changes);
        }
    }
}
