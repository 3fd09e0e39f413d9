using Runstone.Core.Experiments;

namespace Runstone.Storage.Sql;

/// <summary>Lifecycles in statements.</summary>
internal static class LifecycleSql
{
    /// <summary>The archived experiments. Experiments are few, and looked through once a statement.</summary>
    public const string ArchivedExperiments = "select id from experiment where lifecycle = 2";

    /// <summary>The number that the rows of a view have in their column lifecycle; null when all are wanted.</summary>
    public static long? Number(LifecycleView view) => view switch
    {
        LifecycleView.Active => (long)Lifecycle.Active,
        LifecycleView.Deleted => (long)Lifecycle.Deleted,
        LifecycleView.Archived => (long)Lifecycle.Archived,
        _ => null,
    };
}
