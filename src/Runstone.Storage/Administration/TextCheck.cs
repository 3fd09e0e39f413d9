using System.Globalization;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Administration;

/// <summary>
/// Compares what free text is looked for in with the names and tags it is made of (docs/design/accepted/0011-one-text-a-run.md). Tags stand there in any
/// order, so what is compared is the sum of the hashes of the parts; no more is held than that of a range of runs, and one text.
/// </summary>
internal sealed class TextCheck(SqlSession session, Findings findings)
{
    private const char Between = '\u001F';

    private const string Wrong = "Searches for free text may miss the run or find it wrongly; all else is right. Change the name of the run and change it back: that makes its text again.";

    /// <summary>Texts of runs that are not there, as one finding; they are few or all.</summary>
    public async ValueTask RunAstrayAsync(CancellationToken cancellationToken)
    {
        const string Astray = "from run_text where not exists (select 1 from runs r where r.run_no = run_text.run_no and r.experiment_id = run_text.experiment_id)";
        var (count, first) = await session.FirstAsync(
            SqlText.Fixed($"select count(*), min(run_no) {Astray}"), row => (row.Int64(0), row.NullableInt64(1)), cancellationToken);
        if (count > 0)
        {
            findings.Add(
                "table", string.Create(CultureInfo.InvariantCulture, $"{count} rows of run_text are of runs that are not there in that experiment, the first of {first}."),
                $"No answer shows them, they only take room; to remove them, stop the servers and run: delete {Astray}");
        }
    }

    /// <summary>The runs with these numbers.</summary>
    public async ValueTask RunAsync(long from, long to, CancellationToken cancellationToken)
    {
        var runs = new Dictionary<long, TextState>();
        var fold = session.Dialect.FoldedForText;
        await session.VisitAsync(
            SqlText.Fixed(
                $"""
                select r.run_no, r.run_id, r.experiment_id, {fold("r.name")}, t.text
                from runs r left join run_text t on t.experiment_id = r.experiment_id and t.run_no = r.run_no
                where r.run_no >= @from and r.run_no <= @to
                """,
                from, to),
            row =>
            {
                var state = new TextState(row.Text(1), row.Int64(2), row.IsNull(4));
                state.Expected.AddParts(row.Text(3));
                if (!state.IsMissing)
                    state.Found.AddParts(row.Text(4));
                runs[row.Int64(0)] = state;
            },
            cancellationToken);
        await session.VisitAsync(
            SqlText.Fixed($"select t.run_no, {fold("t.value")} from tags t where t.run_no >= @from and t.run_no <= @to", from, to),
            row =>
            {
                if (runs.TryGetValue(row.Int64(0), out var run))
                    run.Expected.AddParts(row.Text(1));
            },
            cancellationToken);
        foreach (var (number, run) in runs)
            Report(number, run);
    }

    private void Report(long number, TextState run)
    {
        if (run.IsMissing)
        {
            findings.Add(
                "run", $"Run {run.RunId} has no row in the table run_text.",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Searches for free text miss the run; all else is right. Run: insert into run_text (experiment_id, run_no, text) values ({run.Experiment}, {number}, ''); then change the name of the run and change it back."));
        }
        else if (run.Found.Sum != run.Expected.Sum)
        {
            findings.Add("run", $"The text of run {run.RunId} in the table run_text is not that of its name and tags.", Wrong);
        }
    }

    private sealed class TextState(string runId, long experiment, bool isMissing)
    {
        public string RunId => runId;

        public long Experiment => experiment;

        public bool IsMissing => isMissing;

        public Parts Expected { get; } = new();

        public Parts Found { get; } = new();
    }

    /// <summary>What a text consists of, in whatever order; a value that contains the sign between parts is several.</summary>
    private sealed class Parts
    {
        private RowSum _sum;

        public RowSum Sum => _sum;

        public void AddParts(string text)
        {
            foreach (var part in text.AsSpan().Split(Between))
                _sum.Add([text[part]]);
        }
    }
}
