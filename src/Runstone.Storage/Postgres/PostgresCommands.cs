using Npgsql;
using Runstone.Core.Errors;
using Runstone.Storage.Sql;

namespace Runstone.Storage.Postgres;

/// <summary>Makes commands of shared statements.</summary>
internal static class PostgresCommands
{
    public static NpgsqlBatchCommand Of(SqlText statement)
    {
        var command = new NpgsqlBatchCommand(ParameterNames.Number(statement));
        for (var i = 0; i < statement.Values.Count; i++)
            command.Parameters.Add(Parameter(statement.Values[i]));
        return command;
    }

    /// <summary>NaN is NULL, as in every engine; a NULL takes its type from where it stands.</summary>
    private static NpgsqlParameter Parameter(object? value) => value switch
    {
        null => new NpgsqlParameter { Value = DBNull.Value },
        long number => new NpgsqlParameter<long>(null!, number),
        int number => new NpgsqlParameter<long>(null!, number),
        double.NaN => new NpgsqlParameter { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Double, Value = DBNull.Value },
        double number => new NpgsqlParameter<double>(null!, number),
        string text => new NpgsqlParameter<string>(null!, Storable(text)),
        string[] texts => new NpgsqlParameter<string[]>(null!, Array.ConvertAll(texts, Storable)),
        _ => new NpgsqlParameter { Value = value },
    };

    /// <summary>Texts to look for come from anywhere; no stored one has this character, and the server cannot be asked for it.</summary>
    private static string Storable(string text) => text.Contains('\0', StringComparison.Ordinal)
        ? throw new RunstoneException(Error.Invalid("text", "A text has the character U+0000, which no text of this server has. Leave it out."))
        : text;
}
