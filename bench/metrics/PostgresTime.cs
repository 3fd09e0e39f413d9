using System.Globalization;
using Npgsql;

namespace Runstone.MetricsBench;

/// <summary>Processor time of all processes of a PostgreSQL server of this machine, those that ended included.</summary>
internal sealed class PostgresTime
{
    private const double Ticks = 100; // USER_HZ, which is 100 on every architecture that .NET supports
    private readonly int _postmaster;

    private PostgresTime(int postmaster) => _postmaster = postmaster;

    /// <summary>Null when the server's processes cannot be seen from here.</summary>
    public static PostgresTime? Find(string database)
    {
        using var connection = new NpgsqlConnection(database);
        connection.Open();
        using var command = new NpgsqlCommand("select pg_backend_pid()", connection);
        var fields = Fields((int)command.ExecuteScalar()!);
        return fields is null ? null : new PostgresTime(int.Parse(fields[1], CultureInfo.InvariantCulture));
    }

    public TimeSpan Total
    {
        get
        {
            var ticks = Of(Fields(_postmaster), all: true);
            foreach (var folder in Directory.EnumerateDirectories("/proc"))
            {
                if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) && Fields(id) is { } fields
                    && int.Parse(fields[1], CultureInfo.InvariantCulture) == _postmaster)
                    ticks += Of(fields, all: false);
            }

            return TimeSpan.FromSeconds(ticks / Ticks);
        }
    }

    /// <summary>Of proc_pid_stat(5) the fields utime and stime, and for children that were waited for cutime and cstime.</summary>
    private static long Of(string[]? fields, bool all) =>
        fields is null ? 0 : fields[11..(all ? 15 : 13)].Sum(f => long.Parse(f, CultureInfo.InvariantCulture));

    /// <summary>The fields from the third one on, behind the name in parentheses; null when there is no such process.</summary>
    private static string[]? Fields(int process)
    {
        try
        {
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
