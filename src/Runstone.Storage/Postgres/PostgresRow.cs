using Npgsql;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Postgres;

/// <summary>The row a reader stands on.</summary>
internal sealed class PostgresRow(NpgsqlDataReader reader) : SqlRow
{
    private byte[] _bytes = [];

    public override bool IsNull(int column) => reader.IsDBNull(column);

    public override long Int64(int column) => reader.GetInt64(column);

    public override double Double(int column) => reader.GetDouble(column);

    public override string Text(int column) => reader.GetString(column);

    public override ReadOnlySpan<byte> Blob(int column)
    {
        var length = (int)reader.GetBytes(column, 0, null, 0, 0);
        if (_bytes.Length < length)
            _bytes = new byte[Math.Max(length, _bytes.Length * 2)];
        reader.GetBytes(column, 0, _bytes, 0, length);
        return _bytes.AsSpan(0, length);
    }
}
