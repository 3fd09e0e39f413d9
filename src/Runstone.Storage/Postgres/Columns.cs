using Npgsql;
using NpgsqlTypes;

namespace Runstone.Storage.Postgres;

/// <summary>Parameters that are columns.</summary>
internal static class Columns
{
    public static NpgsqlParameter Longs(List<long> values) => Of(values, NpgsqlDbType.Bigint);

    public static NpgsqlParameter Longs(List<long?> values) => Of(values, NpgsqlDbType.Bigint);

    public static NpgsqlParameter Transactions(List<uint> values) => Of(values, NpgsqlDbType.Xid);

    public static NpgsqlParameter Doubles(List<double?> values) => Of(values, NpgsqlDbType.Double);

    public static NpgsqlParameter Texts(List<string> values) => Of(values, NpgsqlDbType.Text);

    public static NpgsqlParameter NullableTexts(List<string?> values) => Of(values, NpgsqlDbType.Text);

    public static NpgsqlParameter Bytes(List<ReadOnlyMemory<byte>> values) => Of(values, NpgsqlDbType.Bytea);

    /// <summary>NaN is NULL; a zero has no sign, as in every engine.</summary>
    public static double? Number(double value) => double.IsNaN(value) ? null : value + 0.0;

    public static double? Number(double? value) => value is { } number ? Number(number) : null;

    private static NpgsqlParameter<T> Of<T>(T values, NpgsqlDbType element) =>
        new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | element };
}
