using Npgsql;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Postgres;

/// <summary>The row a reader stands on.</summary>
internal sealed class PostgresRow(NpgsqlDataReader reader) : SqlRow
{
    /// <summary>A buffer a column, so that the bytes of one stay while those of another are read.</summary>
    private byte[]?[] _bytes = [];

    public override bool IsNull(int column) => reader.IsDBNull(column);

    public override long Int64(int column) => reader.GetInt64(column);

    public override double Double(int column) => reader.GetDouble(column);

    public override string Text(int column) => reader.GetString(column);

    public override ReadOnlySpan<byte> Utf8(int column) => Blob(column);

    public override ReadOnlySpan<byte> Blob(int column)
    {
        var length = (int)reader.GetBytes(column, 0, null, 0, 0);
        if (_bytes.Length <= column)
            Array.Resize(ref _bytes, Math.Max(column + 1, reader.FieldCount));
        var bytes = _bytes[column];
        if (bytes is null || bytes.Length < length)
            _bytes[column] = bytes = new byte[Math.Max(length, (bytes?.Length ?? 0) * 2)];
        reader.GetBytes(column, 0, bytes, 0, length);
        return bytes.AsSpan(0, length);
    }
}
