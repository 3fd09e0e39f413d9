namespace Runstone.Storage.Sql;

/// <summary>What opening a store does with a schema that is not this program's.</summary>
internal enum SchemaUse
{
    /// <summary>It is brought up to date, as a server does.</summary>
    Upgrade,

    /// <summary>It is made where there is none; any other one but this program's is refused.</summary>
    Create,

    /// <summary>Any but this program's is refused, also none: the store is only looked at.</summary>
    Require,
}
