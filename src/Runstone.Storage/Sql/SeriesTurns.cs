namespace Runstone.Storage.Sql;

/// <summary>Cuts what is asked for into turns, run by run, so that what is held in one turn is bounded however many series a request names.</summary>
internal static class SeriesTurns
{
    private const int MaxItems = 256;
    private const long MaxTailPoints = 1_000_000;

    /// <summary>Turns of at most 256 items each, whose runs have a million points in their logs, or of one run that has more.</summary>
    public static IEnumerable<List<T>> Cut<T>(IEnumerable<T> items, Func<T, StoredRun> runOf)
    {
        var (turn, tail, last) = (new List<T>(), 0L, -1L);
        foreach (var item in items.OrderBy(i => runOf(i).Number))
        {
            var run = runOf(item);
            var more = run.Number == last ? 0 : Math.Max(run.TailPoints, run.NextSequence - run.SealedSequence);
            if (turn.Count == MaxItems || (turn.Count > 0 && tail + more > MaxTailPoints))
            {
                yield return turn;
                (turn, tail, more) = ([], 0, Math.Max(run.TailPoints, run.NextSequence - run.SealedSequence));
            }

            turn.Add(item);
            (tail, last) = (tail + more, run.Number);
        }

        if (turn.Count > 0)
            yield return turn;
    }
}
