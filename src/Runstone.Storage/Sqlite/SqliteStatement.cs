using System.Text;
using Microsoft.Data.Sqlite;
using Runstone.Storage.Sql;
using SQLitePCL;

namespace Runstone.Storage.Sqlite;

/// <summary>
/// A statement that is prepared once and run many times, for the paths where a command object a call would cost more than the
/// call. Parameters are numbered from 1 in the order in which they first appear in the text. Not safe for use by two threads.
/// </summary>
internal sealed class SqliteStatement : SqlRow, IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public SqliteStatement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public SqliteStatement Bind(int parameter, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, parameter, value));
        return this;
    }

    public SqliteStatement Bind(int parameter, long? value) =>
        value is { } number ? Bind(parameter, number) : BindNull(parameter);

    /// <summary>NaN is bound as NULL.</summary>
    public SqliteStatement Bind(int parameter, double value)
    {
        Check(raw.sqlite3_bind_double(_statement, parameter, value));
        return this;
    }

    public SqliteStatement Bind(int parameter, double? value) =>
        value is { } number ? Bind(parameter, number) : BindNull(parameter);

    public SqliteStatement Bind(int parameter, string? value)
    {
        if (value is null)
            return BindNull(parameter);
        if (value.Length == 0)
        {
            // An empty span has no address, which the library would take for NULL.
            Check(raw.sqlite3_bind_text(_statement, parameter, utf8z.FromString("")));
            return this;
        }

        if (value.Length > 256)
        {
            Check(raw.sqlite3_bind_text(_statement, parameter, Encoding.UTF8.GetBytes(value)));
            return this;
        }

        Span<byte> utf8 = stackalloc byte[256 * 3];
        var length = Encoding.UTF8.GetBytes(value, utf8);
        Check(raw.sqlite3_bind_text(_statement, parameter, utf8[..length]));
        return this;
    }

    public SqliteStatement Bind(int parameter, ReadOnlySpan<byte> value)
    {
        Check(raw.sqlite3_bind_blob(_statement, parameter, value));
        return this;
    }

    /// <summary>Binds the values of a fixed text by their order, those of another one by their names.</summary>
    public void Bind(SqlText text)
    {
        for (var i = 0; i < text.Values.Count; i++)
            Bind(text.IsFixed ? i + 1 : raw.sqlite3_bind_parameter_index(_statement, SqlParameters.Name(i)), text.Values[i]);
    }

    /// <summary>Runs to the end.</summary>
    public void Execute()
    {
        try
        {
            while (Step())
            {
            }
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Moves to the next row; false at the end. The caller calls <see cref="Reset"/> when it has read enough.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW)
            return true;
        if (code != raw.SQLITE_DONE)
            Check(code);
        return false;
    }

    public void Reset() => raw.sqlite3_reset(_statement);

    public override bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public override long Int64(int column) => raw.sqlite3_column_int64(_statement, column);

    public override double Double(int column) => raw.sqlite3_column_double(_statement, column);

    /// <summary>NULL reads as zero, so only a zero has to be asked whether it is one: a call into the library less for all others.</summary>
    public override double? NullableDouble(int column) => Double(column) is var value && (value != 0 || !IsNull(column)) ? value : null;

    /// <summary>The whole text, a NUL inside included, which the text call of the library would end at.</summary>
    public override string Text(int column) => Encoding.UTF8.GetString(Blob(column));

    /// <summary>Valid until the next step or reset.</summary>
    public override ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(_statement, column);

    public override ReadOnlySpan<byte> Utf8(int column) => Blob(column);

    public void Dispose() => _statement.Dispose();

    /// <summary>Binds a value of any kind that a column has.</summary>
    public void Bind(int parameter, object? value) => _ = value switch
    {
        null => BindNull(parameter),
        string text => Bind(parameter, text),
        long number => Bind(parameter, number),
        double number => Bind(parameter, number),
        byte[] bytes => Bind(parameter, bytes.AsSpan()),
        _ => throw new InvalidOperationException($"A {value.GetType().Name} cannot be bound."),
    };

    private SqliteStatement BindNull(int parameter)
    {
        Check(raw.sqlite3_bind_null(_statement, parameter));
        return this;
    }

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
            SqliteException.ThrowExceptionForRC(code, _database);
    }
}
