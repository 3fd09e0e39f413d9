using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Runstone.Storage;

/// <summary>
/// Where a PostgreSQL database is and how to get in: a connection string as Npgsql understands it. Its text never shows what
/// could be a secret; <see cref="ConnectionString"/> does.
/// </summary>
public sealed class DatabaseAddress
{
    /// <summary>Pairs that every address needs; a password may also come from <c>PGPASSWORD</c> or <c>~/.pgpass</c>.</summary>
    public const string Example = "Host=db.example;Username=runstone;Password=...;Database=runstone";

    private readonly NpgsqlConnectionStringBuilder _parts;

    private DatabaseAddress(NpgsqlConnectionStringBuilder parts) => _parts = parts;

    /// <summary>With all secrets; never for a message.</summary>
    public string ConnectionString => _parts.ConnectionString;

    /// <summary>Connections of one node at most.</summary>
    public int PoolSize => _parts.MaxPoolSize;

    /// <summary>The address; null with a sentence about what is wrong, which quotes keys but no values.</summary>
    public static DatabaseAddress? Parse(string text, [NotNullWhen(false)] out string? fault)
    {
        var parts = new NpgsqlConnectionStringBuilder();
        fault = Read(text, parts);
        return fault is null ? new DatabaseAddress(parts) : null;
    }

    /// <summary>For example <c>db.example:5432/runstone</c>: hosts and the name of the database.</summary>
    public override string ToString()
    {
        var hosts = (_parts.Host ?? "").Split(',').Select(h => h.Contains(':', StringComparison.Ordinal) || h.StartsWith('/') ? h : $"{h}:{_parts.Port}");
        return $"{string.Join(',', hosts)}/{_parts.Database ?? _parts.Username}";
    }

    private static string? Read(string text, NpgsqlConnectionStringBuilder parts)
    {
        if (text.Contains("://", StringComparison.Ordinal) && !text.Contains('=', StringComparison.Ordinal))
            return "this is an address of the form scheme://..., not a connection string";
        var pairs = new DbConnectionStringBuilder();
        try
        {
            pairs.ConnectionString = text;
        }
        catch (ArgumentException)
        {
            return "this is not a connection string: pairs of key=value are separated by ';', and a value that contains ';' or '=' or begins with a quote stands in quotes";
        }

        var faults = pairs.Keys!.Cast<string>().Select(key => Set(parts, key, pairs[key])).OfType<string>().ToList();
        if (faults.Count > 0)
            return string.Join("; ", faults);
        return string.IsNullOrWhiteSpace(parts.Host) ? "the key 'Host' is missing" : null;
    }

    private static string? Set(NpgsqlConnectionStringBuilder parts, string key, object value)
    {
        if (!parts.TryGetValue(key, out _))
            return $"there is no key '{key}' in connection strings of Npgsql";
        try
        {
            parts[key] = value;
            return null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException or NotSupportedException)
        {
            return $"the value of the key '{key}' is not allowed";
        }
    }
}
