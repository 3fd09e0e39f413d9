using Runstone.Core.Errors;

namespace Runstone.Formats.Tables;

/// <summary>NumPy's .npz: a zip file of .npy files, as numpy.savez and numpy.savez_compressed write it. Its rows are its arrays, each of which is read by its name.</summary>
internal static class NumpyArchive
{
    // The header of each array that is listed is read where it lies.
    private const int MaxListed = 100;

    public static async Task<TablePage> ListAsync(TableFile file, long offset, int limit, CancellationToken cancellationToken)
    {
        var members = await ZipDirectory.ReadAsync(file, cancellationToken);
        var rows = new List<object?[]>();
        foreach (var member in members.Skip((int)Math.Min(offset, members.Count)).Take(Math.Min(limit, MaxListed)))
        {
            var (type, shape) = await FactsAsync(file, member, cancellationToken);
            rows.Add([TableLimits.Cut(member.Name), type, shape, member.Size]);
        }

        TableColumn[] columns = [new("name", TableType.Text), new("type", TableType.Text), new("shape", TableType.Text), new("bytes", TableType.Number)];
        return new TablePage("npz", columns, rows, offset + rows.Count < members.Count, members.Count);
    }

    public static async Task<TablePage> ReadAsync(TableFile file, string entry, long offset, int limit, CancellationToken cancellationToken)
    {
        var members = await ZipDirectory.ReadAsync(file, cancellationToken);
        var member = members.FirstOrDefault(m => string.Equals(m.Name, entry, StringComparison.Ordinal)) ?? throw new RunstoneException(
            new Error(ErrorCode.NotFound, $"'{Path.GetFileName(file.Name)}' has no array with this name; its rows without 'entry' are their names.", "entry"));
        try
        {
            return await NumpyArray.ReadAsync(await ZipDirectory.OpenAsync(file, member, cancellationToken), offset, limit, cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw TableLimits.Malformed(file.Name, $"the bytes of '{TableLimits.Cut(entry)}' are damaged or end too early.");
        }
    }

    /// <summary>The type and the shape of an array; nothing for what is none that can be shown.</summary>
    private static async Task<(string? Type, string? Shape)> FactsAsync(TableFile file, ZipMember member, CancellationToken cancellationToken)
    {
        try
        {
            var (type, shape) = await NumpyArray.FactsAsync(await ZipDirectory.OpenAsync(file, member, cancellationToken), cancellationToken);
            return (type, $"({string.Join(", ", shape)}{(shape.Length == 1 ? "," : "")})");
        }
        catch (Exception e) when (e is RunstoneException { Error.Code: ErrorCode.Invalid } or InvalidDataException or EndOfStreamException)
        {
            return (null, null);
        }
    }
}
