using Runstone.Server.Compat.Mlflow;
using Runstone.Server.Hosting;

namespace Runstone.Server.Compat;

/// <summary>The wire formats of other clients that this server speaks. A new one is one line here.</summary>
internal static class CompatAdapters
{
    public static readonly IReadOnlyList<ICompatAdapter> All =
    [
        new MlflowAdapter(),
    ];
}
