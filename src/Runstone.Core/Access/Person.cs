namespace Runstone.Core.Access;

/// <summary>Who acts. Until a server knows people, everybody who reaches it is one person.</summary>
/// <param name="Name">1 to 200 characters, as it is shown.</param>
public sealed record Person(string Name)
{
    /// <summary>The one person of a server without access control.</summary>
    public static readonly Person Default = new("default");
}
