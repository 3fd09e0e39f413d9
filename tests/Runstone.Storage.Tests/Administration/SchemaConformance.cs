using Microsoft.Extensions.Logging.Abstractions;
using Runstone.Core.Errors;
using Runstone.Storage.Administration;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Tests.Administration;

/// <summary>Administration never changes the schema of a store that it looks at: it refuses any but its own and says what to do.</summary>
public abstract class SchemaConformance : IAsyncLifetime
{
    private readonly StoreAdministration _administration = new(TimeProvider.System, NullLoggerFactory.Instance);
    private SampleStore _store = null!;
    private EmptyPlace _other = null!;

    private protected abstract SchemaRule Rule { get; }

    private protected abstract Task<SampleStore> OpenAsync();

    private protected abstract Task<EmptyPlace> OpenPlaceAsync();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = await OpenAsync();
        _other = await OpenPlaceAsync();
        await _store.FillAsync(1, 2);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _other.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_newer_schema_is_refused_though_it_allows_servers_of_this_version()
    {
        await _store.ExecuteAsync("insert into schemaversions (scriptname, applied) values ('0999-future', '2030-01-01')");
        await _store.ExecuteAsync("update store_info set value = '9.9.9' where name = 'program_version'");
        await RefusedAsync(ErrorCode.Unavailable, "was written by Runstone 9.9.9 (schema 0999-future)", "Use Runstone 9.9.9");
    }

    [Fact]
    public async Task An_older_schema_is_refused_and_stays_as_it_is()
    {
        await _store.ExecuteAsync($"delete from schemaversions where scriptname like '%{Rule.Known[^1]}%'");
        if (Rule.Known.Count == 1)
            await RefusedAsync(ErrorCode.NotFound, "There is no store in", "Check the address");
        else
            await RefusedAsync(ErrorCode.Unavailable, $"(schema {Rule.Known[^2]})", "Start a server of this version on it once");
    }

    [Fact]
    public async Task A_place_without_a_store_is_refused_and_stays_empty()
    {
        foreach (var work in Work(_other.Options))
            Assert.Equal(ErrorCode.NotFound, (await Assert.ThrowsAsync<RunstoneException>(work)).Error.Code);
        Assert.False(Directory.Exists(_other.Options.Data));
        if (_other.Database is { } database)
            Assert.Empty(await database.QueryAsync<string>("select tablename::text from pg_tables where schemaname = 'public'"));
    }

    [Fact]
    public async Task The_own_schema_is_welcome()
    {
        foreach (var work in Work(_store.Options))
            await work();
    }

    private async Task RefusedAsync(ErrorCode code, params string[] said)
    {
        var before = await SchemaAsync();
        foreach (var work in Work(_store.Options))
        {
            var refusal = await Assert.ThrowsAsync<RunstoneException>(work);
            Assert.Equal(code, refusal.Error.Code);
            Assert.All(said, text => Assert.Contains(text, refusal.Message, StringComparison.Ordinal));
        }

        // Not as the target of a copy either.
        await using var sound = await SampleStore.OpenAsync();
        await Assert.ThrowsAsync<RunstoneException>(() => _administration.CopyAsync(sound.Options, _store.Options, null, Token));
        Assert.Equal(before, await SchemaAsync());
    }

    private Func<Task>[] Work(StorageOptions store) =>
    [
        () => _administration.CheckAsync(store, fast: true, null, Token),
        () => _administration.CollectAsync(store, TimeSpan.FromDays(1), delete: false, null, Token),
        () => _administration.CollectAsync(store, TimeSpan.FromDays(1), delete: true, null, Token),
        async () =>
        {
            var folder = Directory.CreateTempSubdirectory("runstone-schema-");
            try
            {
                await _administration.BackupAsync(store, Path.Combine(folder.FullName, "backup"), null, Token);
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        },
        async () =>
        {
            await using var target = EmptyPlace.Folder();
            await _administration.CopyAsync(store, target.Options, null, Token);
        },
    ];

    private Task<List<string>> SchemaAsync() =>
        _store.Parts.Database.QueryAsync(SqlText.Fixed("select scriptname from schemaversions order by 1"), row => row.Text(0), Token);
}

public sealed class SqliteSchemaTests : SchemaConformance
{
    private protected override SchemaRule Rule { get; } = new("Sqlite");

    private protected override Task<SampleStore> OpenAsync() => SampleStore.OpenAsync();

    private protected override Task<EmptyPlace> OpenPlaceAsync() => Task.FromResult(EmptyPlace.Folder());
}

public sealed class PostgresSchemaTests : SchemaConformance
{
    private protected override SchemaRule Rule { get; } = new("Postgres");

    private protected override Task<SampleStore> OpenAsync() => SampleStore.OpenPostgresAsync();

    private protected override Task<EmptyPlace> OpenPlaceAsync() => EmptyPlace.PostgresAsync();
}
