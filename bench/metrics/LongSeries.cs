namespace Runstone.MetricsBench;

/// <summary>A store with sealed series of three lengths, made when it is first asked for and kept for the lines that read.</summary>
internal sealed class LongSeries : IDisposable
{
    public const string Key = "loss";

    private LongSeries(Place place, IReadOnlyList<(string Run, Series Series)> all) => (Place, All) = (place, all);

    public Place Place { get; }

    /// <summary>Ascending by length; the second one is the one the targets speak of.</summary>
    public IReadOnlyList<(string Run, Series Series)> All { get; }

    public (string Run, Series Series) Middle => All[1];

    public static async Task<LongSeries> MakeAsync(Session session)
    {
        int[] sizes = session.Options.Quick ? [5_000, 50_000, 200_000] : [100_000, 1_000_000, 10_000_000];
        var place = session.Engine.NewPlace();
        try
        {
            await using var store = await place.OpenAsync();
            var series = sizes.Select((n, i) => Series.Loss(Key, n, i)).ToArray();
            var filler = await Filler.BeginAsync(store);
            var runs = await filler.RunsAsync(series);
            var sealing = await filler.SealAsync();
            Console.WriteLine(Note.Of($"filled with {sizes.Sum():N0} points; sealed in {sealing.Wall.TotalSeconds:0.0} s"));
            return new LongSeries(place, [.. runs.Zip(series)]);
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    public void Dispose() => Place.Dispose();
}
