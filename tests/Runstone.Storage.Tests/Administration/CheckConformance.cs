using System.Text.RegularExpressions;
using Runstone.Storage.Administration;

namespace Runstone.Storage.Tests.Administration;

/// <summary>A sound store has no findings; each damage is found, and nothing else.</summary>
public abstract class CheckConformance : IAsyncLifetime
{
    private const string FirstLog = "position = 1 * 4294967296";

    private SampleStore _store = null!;

    private protected abstract Task<SampleStore> OpenAsync();

    /// <summary>The statement, written for the embedded engine, as this one spells it.</summary>
    private protected virtual string Spell(string sql) => sql;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = await OpenAsync();
        await _store.FillAsync(1, 80);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_sound_store_has_no_findings()
    {
        var report = await CheckAsync();
        Assert.Empty(report.Findings);
        Assert.True(report.Runs > 5, $"{report.Runs} runs");
        Assert.True(report.Points > 250, $"{report.Points} points");
        Assert.Equal(6, report.ConsoleLines);
        Assert.True(report.Series >= 10, $"{report.Series} series");
        Assert.Equal((new BlobTotals(4, 52), new BlobTotals(4, 52)), (report.Blobs, report.BlobsInUse));
    }

    [Fact]
    public async Task A_byte_of_a_blob_that_flipped_is_found_unless_only_sizes_are_compared()
    {
        await _store.DamageBlobAsync("content 1 of 1", "content 2 of 1");
        Assert.Contains("is not what its name says", await OneAsync("blob"), StringComparison.Ordinal);
        Assert.Empty((await CheckAsync(fast: true)).Findings);
    }

    [Theory]
    [InlineData("content 1 of 1", null, "is missing; 'a/b.txt' of run sample-1-1")]
    [InlineData("content 1 of 1", "content", "has 7 bytes; files say 14")]
    [InlineData("model of 1", null, "is missing; 'data/model.pkl' of logged model m-1")]
    [InlineData("model of 1", "model", "has 5 bytes; files say 10")]
    public async Task A_blob_that_is_gone_or_short_is_found(string content, string? damaged, string expected)
    {
        await _store.DamageBlobAsync(content, damaged);
        var report = await CheckAsync(fast: true);
        Assert.Contains(expected, Assert.Single(report.Findings).What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("update metric_log set payload = zeroblob(9) where " + FirstLog, "Row 0 of the metric log of run sample-1-0 does not fit its digest")]
    [InlineData(
        "update metric_log set payload = x'', digest = x'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' where " + FirstLog,
        "Row 0 of the metric log of run sample-1-0 cannot be read")]
    [InlineData("update metric_chunk set payload = zeroblob(9) where no = 0 and run_no = (select run_no from runs where run_id = 'sample-1-3')", "Chunk 0 of the metrics with key numbers 0 to 63 of run sample-1-3 does not fit its digest")]
    [InlineData("delete from metric_log where " + FirstLog, "Run sample-1-0 should have 1 rows in the metric log and has 0")]
    [InlineData("update runs set next_seq = 5 where run_no = 1", "Run sample-1-0 should have 5 rows in the metric log and has 1, the last with number 0")]
    [InlineData("update metric_latest set count = count + 1 where run_no = 1 and key_id = (select min(key_id) from metric_latest)", "The newest values of the metric")]
    [InlineData("update metric_latest set min_value = -2 where run_no = 1 and key_id = (select min(key_id) from metric_latest)", "The newest values of the metric")]
    [InlineData("update metric_latest set last = 0.5 where run_no = 1 and key_id = (select min(key_id) from metric_latest)", "The newest values of the metric")]
    [InlineData("delete from metric_latest where run_no = 1 and key_id = (select min(key_id) from metric_latest)", "The newest values of the metric")]
    [InlineData("insert into params (run_no, key_id, experiment_id, value) values (9999, 1, 0, 'x')", "1 rows of params belong to a row of runs that is not there, the first to 9999.")]
    [InlineData("update logged_model_file set model_no = 777", "1 rows of logged_model_file belong to a row of logged_model that is not there, the first to 777.")]
    [InlineData("update logged_model_metric set model_no = 777", "2 rows of logged_model_metric belong to a row of logged_model that is not there, the first to 777.")]
    [InlineData("insert into metric_log (position, payload, digest) values (9999 * 4294967296, x'00', x'00')", "1 rows of metric_log belong to a row of runs that is not there, the first to 9999.")]
    [InlineData("update tags set key_id = 777 where run_no = 1 and key_id = (select min(key_id) from tags where run_no = 1)", "1 rows of tags belong to a row of key_name that is not there, the first to 777.")]
    [InlineData("update run_text set text = text || 'x' where run_no = 1", "The text of run sample-1-0 in the table run_text is not that of its name and tags.")]
    [InlineData("update run_text set text = '' where run_no = 1", "The text of run sample-1-0 in the table run_text is not that of its name and tags.")]
    [InlineData("delete from run_text where run_no = 1", "Run sample-1-0 has no row in the table run_text.")]
    [InlineData("insert into run_text (experiment_id, run_no, text) values (0, 9999, 'x')", "1 rows of run_text are of runs that are not there in that experiment, the first of 9999.")]
    [InlineData("update console_chunk set payload = zeroblob(9) where first_line = 2", "The console of run sample-1-2 has a chunk at line 2 that does not fit its digest.")]
    [InlineData("delete from console_chunk where first_line = 2", "The console of run sample-1-2 has line 4 where line 2 belongs.")]
    [InlineData("delete from console_chunk where first_line = 4", "The console of run sample-1-2 counts 6 lines of 36 bytes, and its chunks have 4 of 24.")]
    [InlineData("update console_chunk set bytes = 14 where first_line = 2", "The console of run sample-1-2 has a chunk at line 2 with 2 lines of 12 bytes, listed with 2 of 14.")]
    [InlineData("update console set open_chunks = 1", "The console of run sample-1-2 counts 1 chunks that may be merged and has 3.")]
    [InlineData("insert into console_chunk (run_no, first_line, lines, bytes, payload, digest) values (9999, 0, 1, 1, x'00', x'00')", "1 rows of console_chunk belong to a row of console that is not there, the first to 9999.")]
    [InlineData("insert into condemned_blob (sha256, condemned_at) values ('a', 1)", "1 unused blobs are marked for removal")]
    [InlineData("insert into store_info (name, value) values ('copying', 'there')", "is an incomplete copy of 'there'")]
    public async Task A_damaged_database_is_found(string damage, string expected)
    {
        await _store.ExecuteAsync(Spell(damage));
        Assert.Contains(expected, Assert.Single((await CheckAsync()).Findings).What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("update run_text set text = 'x' where run_no = 1", "Change the name of the run and change it back")]
    [InlineData("delete from run_text where run_no = 1", "insert into run_text (experiment_id, run_no, text) values (")]
    public async Task What_is_advised_about_a_text_repairs_it(string damage, string advice)
    {
        await _store.ExecuteAsync(Spell(damage));
        var finding = Assert.Single((await CheckAsync()).Findings);
        Assert.Contains(advice, finding.Advice, StringComparison.Ordinal);
        if (finding.Advice.IndexOf("insert", StringComparison.Ordinal) is var from and >= 0)
            await _store.ExecuteAsync(finding.Advice[from..finding.Advice.IndexOf(';', from)]);
        await _store.ExecuteAsync(Spell("update runs set name = name || 'x' where run_no = 1"));
        await _store.ExecuteAsync(Spell("update runs set name = substr(name, 1, length(name) - 1) where run_no = 1"));
        Assert.Empty((await CheckAsync()).Findings);
    }

    [Fact]
    public async Task Tags_stand_in_any_order_in_a_text_and_may_contain_the_sign_between_them()
    {
        await _store.ExecuteAsync(Spell("update tags set value = 'one\u001Ftwo' where run_no = 1"));
        Assert.Empty((await CheckAsync()).Findings);
        await _store.ExecuteAsync(Spell(
            "update run_text set text = substr(text, instr(text, '\u001F') + 1) || '\u001F' || substr(text, 1, instr(text, '\u001F') - 1) where run_no = 1"));
        Assert.Empty((await CheckAsync()).Findings);
    }

    private async Task<string> OneAsync(string where)
    {
        var finding = Assert.Single((await CheckAsync()).Findings);
        Assert.Equal(where, finding.Where);
        Assert.NotEmpty(finding.Advice);
        return finding.What;
    }

    private Task<CheckReport> CheckAsync(bool fast = false) => new StoreCheck(_store.Parts).RunAsync(fast, null, Token);
}

public sealed class SqliteCheckTests : CheckConformance
{
    private protected override Task<SampleStore> OpenAsync() => SampleStore.OpenAsync();
}

public sealed partial class PostgresCheckTests : CheckConformance
{
    private protected override Task<SampleStore> OpenAsync() => SampleStore.OpenPostgresAsync();

    internal static string SpellBytes(string sql) => Bytes().Replace(sql, @"'\x${hex}'::bytea")
        .Replace("zeroblob(9)", @"'\x000000000000000000'::bytea", StringComparison.Ordinal);

    private protected override string Spell(string sql) => SpellBytes(sql)
        .Replace("instr(", "strpos(", StringComparison.Ordinal)
        .Replace("position = 1 * 4294967296", "run_no = 1 and seq = 0", StringComparison.Ordinal)
        .Replace("run_no = 1", "run_no = (select run_no from runs where run_id = 'sample-1-0')", StringComparison.Ordinal)
        .Replace("(position, payload, digest) values (9999 * 4294967296,", "(run_no, seq, payload, digest) values (9999, 0,", StringComparison.Ordinal);

    [GeneratedRegex("x'(?<hex>[0-9a-f]*)'", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Bytes();
}
