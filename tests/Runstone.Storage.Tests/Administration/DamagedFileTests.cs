using Microsoft.Extensions.Logging.Abstractions;
using Runstone.Core.Errors;
using Runstone.Storage.Administration;

namespace Runstone.Storage.Tests.Administration;

/// <summary>A database file with pages that the disk lost is examined as far as it can be read; every answer is a finding.</summary>
public sealed class DamagedFileTests : IAsyncLifetime
{
    private const int PageLength = 4096;

    private readonly StoreAdministration _administration = new(TimeProvider.System, NullLoggerFactory.Instance);
    private SampleStore _store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Database => Path.Combine(_store.Folder, "runstone.db");

    public async ValueTask InitializeAsync()
    {
        _store = await SampleStore.OpenAsync();
        await _store.FillAsync(1, 80);
        // Closing moves everything from the log into the file.
        await _store.CloseAsync();
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Every_page_that_was_overwritten_is_reported()
    {
        var sound = await File.ReadAllBytesAsync(Database, Token);
        for (var page = 0; page < sound.Length / PageLength; page++)
        {
            var bytes = sound.ToArray();
            Array.Fill(bytes, (byte)0xa5, page * PageLength, PageLength);
            await CheckAsync(bytes, $"page {page + 1}");
        }
    }

    [Fact]
    public async Task A_file_that_was_cut_is_reported()
    {
        var sound = await File.ReadAllBytesAsync(Database, Token);
        foreach (var part in (int[])[2, 3, 10])
            await CheckAsync(sound[..(sound.Length / part / PageLength * PageLength)], $"1/{part}");
        await CheckAsync(sound[..1000], "1000 bytes");
    }

    [Fact]
    public async Task Bytes_that_flipped_anywhere_end_in_a_report()
    {
        var sound = await File.ReadAllBytesAsync(Database, Token);
        var random = new Random(11);
        var found = 0;
        for (var i = 0; i < 60; i++)
        {
            var bytes = sound.ToArray();
            for (var flip = 0; flip < 40; flip++)
                bytes[100 + random.Next(bytes.Length - 100)] ^= (byte)(1 + random.Next(255));
            await File.WriteAllBytesAsync(Database, bytes, Token);
            try
            {
                found += (await _administration.CheckAsync(_store.Options, fast: false, null, Token)).FindingCount > 0 ? 1 : 0;
            }
            catch (RunstoneException e)
            {
                // What says which schema it is can be hit too.
                Assert.Contains("(schema ", e.Message, StringComparison.Ordinal);
            }
        }

        // Texts that nothing else repeats are not covered by any sum.
        Assert.True(found > 30, $"{found} of 60");
    }

    private async Task CheckAsync(byte[] damaged, string what)
    {
        await File.WriteAllBytesAsync(Database, damaged, Token);
        var report = await _administration.CheckAsync(_store.Options, fast: false, null, Token);
        Assert.True(report.Findings.Any(f => f.Where is "database" && f.Advice.Contains("restore the store from a backup", StringComparison.Ordinal)), what);
        Assert.Equal(damaged, await File.ReadAllBytesAsync(Database, Token));
    }
}
