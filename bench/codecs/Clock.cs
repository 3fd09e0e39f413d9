namespace Runstone.Codecs;

/// <summary>Nanoseconds of processor time of this process: the least of several rounds, because other work shares the caches.</summary>
internal static class Clock
{
    private const int Rounds = 7;
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(30);

    public static double Nanoseconds(Action action)
    {
        action();
        var times = 0;
        for (var begin = Used(); Used() - begin < Round || times < 3; times++)
            action();
        var best = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var begin = Used();
            for (var i = 0; i < times; i++)
                action();
            best = Math.Min(best, (Used() - begin).TotalNanoseconds / times);
        }

        return best;
    }

    private static TimeSpan Used() => Environment.CpuUsage.TotalTime;
}
