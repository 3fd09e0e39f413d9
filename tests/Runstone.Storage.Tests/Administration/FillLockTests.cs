using Microsoft.Extensions.Logging.Abstractions;
using Runstone.Core.Errors;
using Runstone.Storage.Administration;
using Runstone.Storage.Postgres;
using Runstone.Storage.Tests.Postgres;

namespace Runstone.Storage.Tests.Administration;

/// <summary>One copy or restore at a time writes to a store; the others are told who does, and change nothing.</summary>
public sealed class FillLockTests
{
    private readonly StoreAdministration _administration = new(TimeProvider.System, NullLoggerFactory.Instance);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Copies_and_restores_to_one_database_exclude_each_other()
    {
        await using var source = await SampleStore.OpenAsync();
        await using var target = await EmptyPlace.PostgresAsync();
        await using var backups = EmptyPlace.Folder();
        await source.FillAsync(1, 10);
        await _administration.BackupAsync(source.Options, backups.Options.Data, null, Token);

        using var gate = new Gate();
        var first = Task.Run(() => _administration.CopyAsync(source.Options, target.Options, gate, Token), Token);
        await gate.Reached.WaitAsync(Token);
        var said = $"at this moment (process {Environment.ProcessId} on {Environment.MachineName}). Wait until it has ended";
        await RefusedAsync(said, () => _administration.CopyAsync(source.Options, target.Options, null, Token));
        await RefusedAsync(said, () => _administration.RestoreAsync(backups.Options.Data, target.Options, null, Token));
        gate.Open();

        Assert.True((await first).Complete);
        Assert.True((await _administration.CopyAsync(source.Options, target.Options, null, Token)).Complete);
    }

    [Fact]
    public async Task Two_that_begin_together_on_an_empty_database_leave_one_sound_copy()
    {
        await using var source = await SampleStore.OpenAsync();
        await using var target = await EmptyPlace.PostgresAsync();
        await source.FillAsync(1, 10);

        var results = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(TryAsync, Token)));
        Assert.Contains(results, r => r is { Complete: true });
        Assert.True((await _administration.CopyAsync(source.Options, target.Options, null, Token)).Complete);
        Assert.Empty((await _administration.CheckAsync(target.Options, fast: false, null, Token)).Findings);

        async Task<CopyReport?> TryAsync()
        {
            try
            {
                return await _administration.CopyAsync(source.Options, target.Options, null, Token);
            }
            catch (RunstoneException e) when (e.Error.Code == ErrorCode.Conflict)
            {
                return null;
            }
        }
    }

    [Fact]
    public async Task A_lock_that_was_lost_ends_the_copy_which_goes_on_later()
    {
        await using var source = await SampleStore.OpenAsync();
        await using var target = await EmptyPlace.PostgresAsync();
        await source.FillAsync(1, 10);

        using var gate = new Gate();
        var first = Task.Run(() => _administration.CopyAsync(source.Options, target.Options, gate, Token), Token);
        await gate.Reached.WaitAsync(Token);
        Assert.Equal([true], await target.Database!.QueryAsync<bool>("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())"));
        gate.Open();
        // It may have come to its end before it heard of the loss.
        var refusal = await Record.ExceptionAsync(() => first);
        if (refusal is not null)
            Assert.Contains("that keeps others away was lost", Assert.IsType<RunstoneException>(refusal).Message, StringComparison.Ordinal);

        Assert.True((await _administration.CopyAsync(source.Options, target.Options, null, Token)).Complete);
    }

    [Fact]
    public async Task A_server_on_the_empty_database_is_noticed()
    {
        await using var source = await SampleStore.OpenAsync();
        await using var target = await EmptyPlace.PostgresAsync();
        await using var backups = EmptyPlace.Folder();
        await source.FillAsync(1, 10);
        await _administration.BackupAsync(source.Options, backups.Options.Data, null, Token);

        await using (var server = await Server.StartAsync(target))
        {
            await server.ListeningAsync(target.Database!);
            var said = "A server uses '";
            await RefusedAsync(said, () => _administration.CopyAsync(source.Options, target.Options, null, Token));
            await RefusedAsync(said, () => _administration.RestoreAsync(backups.Options.Data, target.Options, null, Token));
        }

        Assert.True((await _administration.CopyAsync(source.Options, target.Options, null, Token)).Complete);
    }

    [Fact]
    public async Task A_server_that_was_opened_before_the_copy_began_keeps_it_from_becoming_complete()
    {
        await using var source = await SampleStore.OpenAsync();
        await using var target = await EmptyPlace.PostgresAsync();
        await source.FillAsync(1, 10);

        await using (var server = await Server.OpenAsync(target))
        {
            using var gate = new Gate();
            var copy = Task.Run(() => _administration.CopyAsync(source.Options, target.Options, gate, Token), Token);
            await gate.Reached.WaitAsync(Token);
            server.Listen();
            await server.ListeningAsync(target.Database!);
            gate.Open();
            await RefusedAsync("Stop it, and run the same command again", () => copy);
        }

        var refusal = await Assert.ThrowsAsync<RunstoneException>(() => Server.OpenAsync(target));
        Assert.Contains("is an incomplete copy", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(source.Folder, await IncompleteCopyOfAsync(target));
        Assert.True((await _administration.CopyAsync(source.Options, target.Options, null, Token)).Complete);
        Assert.Null(await IncompleteCopyOfAsync(target));
    }

    [Fact]
    public async Task A_server_on_the_empty_folder_is_noticed()
    {
        await using var source = await SampleStore.OpenAsync();
        await using var target = EmptyPlace.Folder();
        await source.FillAsync(1, 10);

        await using (await Server.OpenAsync(target))
        {
            var refusal = await Assert.ThrowsAsync<RunstoneException>(() => _administration.CopyAsync(source.Options, target.Options, null, Token));
            Assert.Contains($"'{target.Options.Data}' is in use by process", refusal.Message, StringComparison.Ordinal);
        }

        Assert.True((await _administration.CopyAsync(source.Options, target.Options, null, Token)).Complete);
    }

    /// <summary>As doctor tells it.</summary>
    private static async Task<string?> IncompleteCopyOfAsync(EmptyPlace place) =>
        (await DatabaseFacts.ReadAsync(place.Options.Database!, TimeProvider.System, Token)).IncompleteCopyOf;

    private static async Task RefusedAsync(string said, Func<Task> work)
    {
        var refusal = await Assert.ThrowsAsync<RunstoneException>(work);
        Assert.Equal(ErrorCode.Conflict, refusal.Error.Code);
        Assert.Contains(said, refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>A store as a server has it open, which hears of other nodes once it listens.</summary>
    private sealed class Server(RunstoneStorage storage) : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private Task _listening = Task.CompletedTask;

        public static async Task<Server> OpenAsync(EmptyPlace place) =>
            new(await RunstoneStorage.OpenAsync(place.Options, TimeProvider.System, NullLoggerFactory.Instance, Token));

        public static async Task<Server> StartAsync(EmptyPlace place)
        {
            var server = await OpenAsync(place);
            server.Listen();
            return server;
        }

        public void Listen() => _listening = storage.Changes!.ListenAsync(_ => { }, _stop.Token);

        public async Task ListeningAsync(PostgresTestDatabase database)
        {
            while ((await database.QueryAsync<long>(
                $"select count(*) from pg_stat_activity where datname = '{database.Name}' and query ilike 'listen%' and state = 'idle'"))[0] == 0)
            {
                Token.ThrowIfCancellationRequested();
                if (_listening.IsCompleted)
                    await _listening;
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _listening.ContinueWith(_ => { }, TaskScheduler.Default);
            _stop.Dispose();
            await storage.DisposeAsync();
        }
    }

    /// <summary>Holds a copy at its first report.</summary>
    private sealed class Gate : IProgress<AdminProgress>, IDisposable
    {
        private readonly ManualResetEventSlim _open = new();
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        public void Open() => _open.Set();

        public void Report(AdminProgress value)
        {
            _reached.TrySetResult();
            _open.Wait();
        }

        public void Dispose()
        {
            _open.Set();
            _open.Dispose();
        }
    }
}
