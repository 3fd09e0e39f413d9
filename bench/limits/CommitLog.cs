using System.Threading.Channels;

namespace Runstone.Limits;

/// <summary>
/// The least that a durable write costs: payloads are appended to one table, all that wait share one transaction, and each call
/// completes after the commit.
/// </summary>
public abstract class CommitLog : IAsyncDisposable
{
    private const int MaxGroup = 1024;

    private readonly record struct Pending(ReadOnlyMemory<byte> Payload, TaskCompletionSource Done);

    private readonly Channel<Pending> _queue = Channel.CreateBounded<Pending>(new BoundedChannelOptions(8192) { SingleReader = true });
    private Task _writer = Task.CompletedTask;

    /// <summary>A log in a SQLite file of the folder, or in a PostgreSQL database when a connection string is given.</summary>
    public static async Task<CommitLog> OpenAsync(string folder, string? database)
    {
        CommitLog log = database is null ? new SqliteCommitLog(Path.Combine(folder, "limits.db")) : await PostgresCommitLog.ConnectAsync(database);
        log._writer = Task.Run(log.RunAsync);
        return log;
    }

    /// <summary>Completes after the payload is durable.</summary>
    public async Task AppendAsync(ReadOnlyMemory<byte> payload)
    {
        var pending = new Pending(payload, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await _queue.Writer.WriteAsync(pending);
        await pending.Done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writer;
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Appends the payloads in one transaction.</summary>
    protected abstract ValueTask CommitAsync(IReadOnlyList<ReadOnlyMemory<byte>> payloads);

    protected abstract ValueTask CloseAsync();

    private async Task RunAsync()
    {
        var (group, payloads) = (new List<Pending>(MaxGroup), new List<ReadOnlyMemory<byte>>(MaxGroup));
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (group.Count < MaxGroup && _queue.Reader.TryRead(out var pending))
            {
                group.Add(pending);
                payloads.Add(pending.Payload);
            }

            await CommitAsync(payloads);
            foreach (var pending in group)
                pending.Done.SetResult();
            group.Clear();
            payloads.Clear();
        }
    }
}
