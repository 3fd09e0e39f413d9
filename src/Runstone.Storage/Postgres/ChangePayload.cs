using System.Globalization;
using System.Text;
using Runstone.Core.Ingest;

namespace Runstone.Storage.Postgres;

/// <summary>
/// The text of notifications (docs/formats/postgres-schema.md): the sender, then a line a run. Ids only, as compact as they come.
/// </summary>
internal static class ChangePayload
{
    /// <summary>The server refuses 8,000 bytes and more; all characters are ASCII.</summary>
    public const int MaxLength = 7900;

    /// <summary>More than this many messages for one call say less than one that asks to read again.</summary>
    public const int MaxMessages = 20;

    private const string TooMany = "*";

    public static IReadOnlyList<string> Write(string node, IReadOnlyCollection<RunChange> changes)
    {
        var payloads = new List<string>();
        var text = new StringBuilder(node);
        foreach (var (experiment, run, kinds) in changes)
        {
            var line = string.Create(CultureInfo.InvariantCulture, $"\n{experiment} {(int)kinds:x} {run}");
            if (text.Length + line.Length > MaxLength)
            {
                payloads.Add(text.ToString());
                text.Clear().Append(node);
            }

            text.Append(line);
            if (payloads.Count == MaxMessages)
                return [$"{node}\n{TooMany}"];
        }

        payloads.Add(changes.Count == 0 ? $"{node}\n{TooMany}" : text.ToString());
        return payloads;
    }

    /// <summary>The changes, none for too many to list; null when this node sent them or the text is nothing of ours.</summary>
    public static IReadOnlyCollection<RunChange>? Read(string node, string payload)
    {
        var lines = payload.Split('\n');
        if (lines.Length < 2 || string.Equals(lines[0], node, StringComparison.Ordinal))
            return null;
        if (string.Equals(lines[1], TooMany, StringComparison.Ordinal))
            return [];
        var changes = new List<RunChange>(lines.Length - 1);
        foreach (var line in lines.AsSpan(1))
        {
            var parts = line.Split(' ');
            if (parts.Length != 3
                || !long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var experiment)
                || !int.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var kinds))
                return null;
            changes.Add(new RunChange(experiment, parts[2], (ChangeKinds)kinds));
        }

        return changes;
    }
}
